import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSarifGates } from '../../activities/scan/sarif-gate.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-gate-'));
  await mkdir(join(directory, 'tree'));
});
afterEach(() => rm(directory, { recursive: true }));

const aResult = (uri: string, said: object = {}) => ({
  ruleId: 'rule',
  level: 'error',
  message: { text: 'said' },
  locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: 1 } } }],
  ...said,
});

/** What a tool is told to have found that writes this report. */
async function look(results: object[], invocations?: object[]) {
  const report = join(directory, 'made.sarif');
  const run = { tool: { driver: { name: 'tool' } }, results, ...(invocations && { invocations }) };
  await writeFile(report, JSON.stringify({ version: '2.1.0', runs: [run] }));
  const tool = {
    ...{ run: ['cp', report, '{report}'], failOn: ['HIGH' as const], timeoutMs: 60_000, exitCodes: [0], places: [] },
  };
  const progress = { report: () => {}, signal: new AbortController().signal };
  return createSarifGates().look('gate', tool, join(directory, 'tree'), progress);
}

const found = async (results: object[]) =>
  (await look(results)).reports.flatMap((one) => ('findings' in one ? one.findings : []));
const write = (name: string, text: string) => writeFile(join(directory, 'tree', name), text);

describe('what a gate has found', () => {
  it('is told apart by what is said of it, where several stand on one line', async () => {
    await write('package-lock.json', '{\n}\n');
    const of = (text: string) => aResult('package-lock.json', { message: { text } });
    const [one, other] = await found([of('left-pad is GPL'), of('right-pad is GPL')]);
    expect(one?.id).toMatch(/^rule:package-lock\.json:[0-9a-f]{16}$/);
    expect(other?.id).not.toBe(one?.id);
    expect((await found([of('left-pad is GPL')]))[0]?.id).toBe(one?.id);
  });

  it('is excused by nothing in a file whose name may be meant otherwise', async () => {
    await write('aA.ts', 'eval(x)\n');
    await write('a%41.ts', 'eval(x)\n');
    const [raw] = await found([aResult('a%41.ts')]);
    expect([raw?.where, raw?.id]).toEqual(['a%41.ts:1', 'rule:a%41.ts:']);
    const [plain] = await found([aResult('aA.ts')]);
    expect(plain?.id).toMatch(/^rule:aA\.ts:[0-9a-f]{16}$/);
  });

  it('is named in short, however long the name of its file, and two of them stay two', async () => {
    const path = (last: string) => `${'א'.repeat(2_000)}${last}`;
    const [one, other] = await found([aResult(path('1')), aResult(path('2'))]);
    expect(one!.id.length).toBeLessThan(2_500);
    expect(one!.where.length).toBeLessThan(2_500);
    expect(other!.where).not.toBe(one!.where);
  });

  it('is no look at all of it where the tool passed over something, and its words hold no secret', async () => {
    const told = { level: 'warning', message: { text: 'Timeout at password="hunter2hunter2"\nin a.ts' } };
    const { reports } = await look([], [{ executionSuccessful: true, toolExecutionNotifications: [told] }]);
    const [, open] = reports as { kind: string; reason: string }[];
    expect(open?.kind).toBe('unscanned');
    expect(open?.reason).toContain('Timeout at password=');
    expect(open?.reason).not.toMatch(/hunter2|\n/);
  });
});
