import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { placeIn } from '../../activities/scan/sarif-place.ts';
import { readSarif } from '../../activities/scan/sarif-report.ts';

let directory: string;
beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'slipway-sarif-'))));
afterEach(() => rm(directory, { recursive: true }));

const seen = { tree: '/tree-0a1b', work: '/work-0a1b' };
const readText = async (text: string) => {
  await writeFile(join(directory, 'report.sarif'), text);
  return readSarif(join(directory, 'report.sarif'), seen);
};
const read = (runs: unknown) => readText(JSON.stringify({ version: '2.1.0', runs }));
const aRun = (said: object) => ({ tool: { driver: { name: 'tool' } }, results: [], ...said });
const aResult = (said: object = {}) => ({ ruleId: 'rule', message: { text: 'said' }, ...said });
const at = (uri: string, region?: object) => ({
  locations: [{ physicalLocation: { artifactLocation: { uri }, ...(region && { region }) } }],
});
/** Rule, severity, file and line of each. */
const inShort = async (runs: unknown) =>
  (await read(runs)).findings.map(({ rule, severity, place, lines }) => [rule, severity, place?.path, lines?.[0]]);

describe('a report in SARIF', () => {
  it.each<[string, object, unknown[][]]>([
    [
      'Semgrep, whose severity is the rule’s',
      {
        tool: {
          driver: {
            name: 'Semgrep OSS',
            rules: [
              {
                id: 'python.eval',
                defaultConfiguration: { level: 'error' },
                properties: { precision: 'very-high', tags: [] },
              },
              { id: 'python.todo', defaultConfiguration: { level: 'note' } },
            ],
          },
        },
        invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
        results: [
          {
            ...aResult({ ruleId: 'python.todo', fingerprints: { 'matchBasedId/v1': 'x' } }),
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'src/app.py', uriBaseId: '%SRCROOT%' },
                  region: { startLine: 9, endLine: 9, startColumn: 1, snippet: { text: '# todo' } },
                },
              },
            ],
          },
          aResult({ ruleId: 'python.eval', ...at('/tree-0a1b/src/app.py', { startLine: 3, endLine: 4 }) }),
        ],
      },
      [
        ['python.eval', 'HIGH', 'src/app.py', 3],
        ['python.todo', 'LOW', 'src/app.py', 9],
      ],
    ],
    [
      'Checkov, which names files relative to where it ran',
      {
        tool: { driver: { name: 'Checkov', rules: [{ id: 'CKV_AWS_20', defaultConfiguration: { level: 'error' } }] } },
        results: [
          aResult({
            ruleId: 'CKV_AWS_20',
            ruleIndex: 0,
            level: 'error',
            attachments: [],
            ...at('../tree-0a1b/main.tf', { startLine: 1, endLine: 12 }),
          }),
        ],
      },
      [['CKV_AWS_20', 'HIGH', 'main.tf', 1]],
    ],
    [
      'OSV-Scanner, which calls everything a warning and has the score beside it',
      {
        artifacts: [
          { length: -1, location: { index: -1, uri: 'file:///tree-0a1b/package-lock.json' }, parentIndex: -1 },
        ],
        invocations: [],
        tool: {
          driver: { name: 'osv-scanner', rules: [{ id: 'CVE-2026-1', properties: { 'security-severity': '9.8' } }] },
        },
        results: [
          aResult({
            ruleId: 'CVE-2026-1',
            ruleIndex: 0,
            kind: 'fail',
            level: 'warning',
            ...at('file:///tree-0a1b/package-lock.json'),
          }),
        ],
      },
      [['CVE-2026-1', 'CRITICAL', 'package-lock.json', undefined]],
    ],
    [
      'gitleaks, which says no level at all',
      {
        tool: { driver: { name: 'gitleaks', rules: [{ id: 'aws-key', shortDescription: { text: 'AWS' } }] } },
        results: [
          aResult({
            ruleId: 'aws-key',
            partialFingerprints: { author: '' },
            ...at('config/app.env', { startLine: 7 }),
          }),
        ],
      },
      [['aws-key', 'MEDIUM', 'config/app.env', 7]],
    ],
    [
      'ESLint’s formatter, which lists files apart',
      {
        tool: { driver: { name: 'ESLint', rules: [{ id: 'no-eval' }, { id: '@typescript-eslint/no-unsafe-call' }] } },
        artifacts: [{ location: { uri: 'file:///tree-0a1b/a%20b.ts' } }],
        results: [
          aResult({
            ruleId: '@typescript-eslint/no-unsafe-call',
            ruleIndex: 1,
            level: 'error',
            locations: [
              { physicalLocation: { artifactLocation: { index: 0 }, region: { startLine: 2, startColumn: 5 } } },
            ],
          }),
        ],
      },
      [['@typescript-eslint/no-unsafe-call', 'HIGH', 'a b.ts', 2]],
    ],
    [
      'Trivy, whose files are relative to a base of its own',
      {
        tool: { driver: { name: 'Trivy', rules: [{ id: 'AVD-1', properties: { 'security-severity': '5.5' } }] } },
        originalUriBaseIds: { ROOTPATH: { uri: 'file:///tree-0a1b/deploy/' } },
        results: [
          aResult({
            ruleId: 'AVD-1',
            ruleIndex: 0,
            level: 'warning',
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'main.tf', uriBaseId: 'ROOTPATH' },
                  region: { startLine: 4 },
                },
              },
            ],
          }),
        ],
      },
      [['AVD-1', 'MEDIUM', 'deploy/main.tf', 4]],
    ],
    [
      'CodeQL, whose rules are those of an extension',
      {
        tool: {
          driver: { name: 'CodeQL', rules: [] },
          extensions: [{ rules: [{ id: 'js/xss', properties: { 'security-severity': 6.1 } }] }],
        },
        results: [
          aResult({
            ruleId: 'js/xss',
            rule: { id: 'js/xss', index: 0, toolComponent: { index: 0 } },
            ...at('x.js', { startLine: 1 }),
          }),
        ],
      },
      [['js/xss', 'MEDIUM', 'x.js', 1]],
    ],
  ])('by %s, is understood', async (_tool, run, found) => {
    expect(await inShort([run])).toEqual(found);
  });

  const rules = (rule: object) => ({ tool: { driver: { rules: [{ id: 'rule', ...rule }] } } });
  it.each<[string, object, object, string | undefined]>([
    ['an error', {}, { level: 'error' }, 'HIGH'],
    ['a warning', {}, { level: 'warning' }, 'MEDIUM'],
    ['a note', {}, { level: 'note' }, 'LOW'],
    ['of the level none', {}, { level: 'none' }, undefined],
    [
      'of the level none, of a rule with a score',
      { properties: { 'security-severity': '9.9' } },
      { level: 'none' },
      undefined,
    ],
    ['that passed', {}, { kind: 'pass' }, undefined],
    ['an error of a milder rule', { defaultConfiguration: { level: 'note' } }, { level: 'error' }, 'HIGH'],
    ['without a level, of a rule that is an error', { defaultConfiguration: { level: 'error' } }, {}, 'HIGH'],
    ['without a level, of a rule that is none', { defaultConfiguration: { level: 'none' } }, {}, undefined],
    ['of a rule with 9.0', { properties: { 'security-severity': '9.0' } }, {}, 'CRITICAL'],
    ['of a rule with 7.0', { properties: { 'security-severity': '7.0' } }, {}, 'HIGH'],
    ['of a rule with 4.0', { properties: { 'security-severity': 4 } }, {}, 'MEDIUM'],
    ['of a rule with 0.1', { properties: { 'security-severity': '0.1' } }, {}, 'LOW'],
    ['of a rule whose score is no number', { properties: { 'security-severity': 'high' } }, {}, 'MEDIUM'],
    [
      'an error with a low score: a score makes nothing better',
      { properties: { 'security-severity': '2' } },
      { level: 'error' },
      'HIGH',
    ],
    ['a warning with a high score', { properties: { 'security-severity': '8' } }, { level: 'warning' }, 'HIGH'],
    ['with a score of its own', {}, { properties: { 'security-severity': '9.1' } }, 'CRITICAL'],
  ])('has a finding that is %s', async (_what, rule, result, severity) => {
    const found = await inShort([aRun({ ...rules(rule), results: [aResult(result)] })]);
    expect(found.map(([, told]) => told)).toEqual(severity === undefined ? [] : [severity]);
  });

  it('tells what the tree itself excuses like all else', async () => {
    const suppressions = [{ kind: 'inSource', status: 'accepted', justification: 'never mind' }];
    expect(await inShort([aRun({ results: [aResult({ level: 'error', suppressions })] })])).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ['says that it did not succeed', { invocations: [{ executionSuccessful: false }] }, 'did not succeed'],
    [
      'speaks of an error while it ran',
      {
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: [{ level: 'error', message: { text: 'out of memory' } }],
          },
        ],
      },
      'out of memory',
    ],
    [
      'cannot read a file, as ESLint tells it',
      {
        invocations: [
          {
            executionSuccessful: false,
            toolConfigurationNotifications: [
              { descriptor: { id: 'ESL0999' }, level: 'error', message: { text: 'Parsing error: unexpected token' } },
            ],
          },
        ],
      },
      'Parsing error',
    ],
    ['has no list of results', { results: undefined }, 'without results'],
    ['has null instead of results', { results: null }, 'without results'],
  ])('of a tool that %s is no look, though what it found is told', async (_what, said, words) => {
    const whole = aRun({ results: [aResult({ level: 'error' })] });
    const { findings, trouble } = await read([whole, aRun(said)]);
    expect(trouble).toContain(words);
    expect(findings).toHaveLength(1);
  });

  it.each<[string, string | undefined, object]>([
    ['notes', 'note', {}],
    ['warns of', 'warning', { trouble: 'it says: slow' }],
    ['says without a level, which is a warning,', undefined, { trouble: 'it says: slow' }],
  ])('of a tool that %s something is a look at all of it only where that is a note', async (_how, said, trouble) => {
    const told = { message: { text: 'slow' }, ...(said !== undefined && { level: said }) };
    const invocations = [{ executionSuccessful: true, toolExecutionNotifications: [told] }];
    expect(await read([aRun({ invocations })])).toEqual({
      findings: [],
      leftOut: { count: 0, severities: [] },
      ...trouble,
    });
  });

  it('that leaves something for a person to look at is no look at all of it', async () => {
    const results = [aResult({ kind: 'review' }), aResult({ kind: 'open' }), aResult({ kind: 'pass' })];
    expect(await read([aRun({ results })])).toMatchObject({
      findings: [],
      trouble: 'it leaves 2 results for a person to look at',
    });
  });

  it('names a rule by its id where its place is in another list', async () => {
    const driver = { name: 'tool', rules: [{ id: 'other', defaultConfiguration: { level: 'note' } }] };
    const extensions = [{ rules: [{ id: 'bad', defaultConfiguration: { level: 'error' } }] }];
    const results = [aResult({ ruleId: 'bad', ruleIndex: 0 }), aResult({ ruleId: 'bad/1' })];
    const severities = (await read([aRun({ tool: { driver, extensions }, results })])).findings.map(
      (one) => one.severity,
    );
    expect(severities).toEqual(['HIGH', 'HIGH']);
  });

  it.each<[string, string, string]>([
    ['without runs', JSON.stringify({ version: '2.1.0' }), 'no runs'],
    ['with no run in it', JSON.stringify({ version: '2.1.0', runs: [] }), 'no runs'],
    ['that is half of one', '{"version":"2.1.0","runs":[{"tool":', 'is not JSON'],
    ['that is empty', '', 'is not JSON'],
    ['of another version', JSON.stringify({ version: '1.0.0', runs: [aRun({})] }), 'not in a known form: version'],
    [
      'with a level of its own',
      JSON.stringify({ version: '2.1.0', runs: [aRun({ results: [aResult({ level: 'fatal' })] })] }),
      'not in a known form',
    ],
    ['that is something else', '[]', 'not in a known form'],
  ])('%s is refused', async (_what, text, words) => {
    await expect(readText(text)).rejects.toThrow(words);
  });

  it('that is not there is told as that', async () => {
    await expect(readSarif(join(directory, 'none.sarif'), seen)).rejects.toThrow('left no report');
  });

  it('of more than 50 MB is refused unread', async () => {
    await expect(readText(' '.repeat(50_000_001))).rejects.toThrow('more than 50000000 bytes');
  });

  it('of more findings than anybody reads keeps the worst, and tells what it leaves out', async () => {
    const notes = Array.from({ length: 10_500 }, () => aResult({ level: 'note' }));
    const { findings, leftOut } = await read([aRun({ results: [...notes, aResult({ level: 'error' })] })]);
    expect(findings).toHaveLength(10_000);
    expect(findings[0]!.severity).toBe('HIGH');
    expect(leftOut).toEqual({ count: 501, severities: ['LOW'] });
  });

  it('says nothing of where the tool saw the tree, which is another place each time', async () => {
    const message = { text: 'in /tree-0a1b/a.ts', arguments: ['x'] };
    expect((await read([aRun({ results: [aResult({ message })] })])).findings[0]!.message).toBe('in /a.ts x');
  });
});

describe('a file that a report names', () => {
  it.each<[string, string | undefined, string, boolean]>([
    ['src/a.ts', undefined, 'src/a.ts', true],
    ['./src/../a.ts', undefined, 'a.ts', true],
    ['/tree-0a1b/src/a.ts', undefined, 'src/a.ts', true],
    ['tree-0a1b/src/a.ts', undefined, 'src/a.ts', true],
    ['../tree-0a1b/src/a.ts', undefined, 'src/a.ts', true],
    ['file:///tree-0a1b/a%20b.ts', undefined, 'a b.ts', true],
    ['file://localhost/tree-0a1b/a.ts', undefined, 'a.ts', true],
    ['file:/tree-0a1b/a.ts', undefined, 'a.ts', true],
    ['a.ts', 'file:///tree-0a1b/src/', 'src/a.ts', true],
    ['100%.ts', undefined, '100%.ts', true],
    ['file:///tree-0a1b/', undefined, '.', true],
    ['/tree-0a1bc/a.ts', undefined, '/tree-0a1bc/a.ts', false],
    ['/etc/passwd', undefined, '/etc/passwd', false],
    ['file:///tree-0a1b/%2e%2e/etc/passwd', undefined, '/tree-0a1b/../etc/passwd', false],
    ['../../etc/passwd', undefined, '../../etc/passwd', false],
    ['https://example.com/a.ts', undefined, 'https://example.com/a.ts', false],
  ])('as %s (from %s) is %s', (uri, base, path, inside) => {
    expect(placeIn(seen, uri, base)).toEqual({ path, inside });
  });

  it('is told as it is written where it may be encoded or not', () => {
    expect(placeIn(seen, 'a%41.ts')).toEqual({ path: 'aA.ts', inside: true, written: 'a%41.ts' });
  });
});
