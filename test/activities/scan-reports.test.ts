import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Box, BoxCommand } from '../../activities/box/port.ts';
import { chooseScanners } from '../../activities/scan/choose-scanners.ts';
import { createGitleaks } from '../../activities/scan/gitleaks.ts';
import { osvFindings, osvReport } from '../../activities/scan/osv-report.ts';
import { createOsvScanner } from '../../activities/scan/osv-scanner.ts';
import { createTrivy, type TrivyOptions } from '../../activities/scan/trivy.ts';
import { aProgress } from '../support/progress.ts';

const image = `127.0.0.1:5000/shop/core@sha256:${'a'.repeat(64)}`;

describe('Trivy', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-trivy-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** A program in Trivy's place that leaves this report; it writes down how it was called. No image is fetched. */
  async function aTrivy(report: string | undefined, exitCode = 0, options: TrivyOptions = { offline: true }) {
    const program = join(directory, 'trivy');
    const body = `#!${process.execPath}
      const fs = require('fs');
      fs.appendFileSync(${JSON.stringify(join(directory, 'calls'))}, JSON.stringify({ args: process.argv.slice(2), env: process.env }) + '\\n');
      const report = ${JSON.stringify(report ?? null)};
      if (report !== null && process.argv.includes('--output')) fs.writeFileSync(process.argv[process.argv.indexOf('--output') + 1], report);
      console.error('FATAL said by the program');
      process.exitCode = ${exitCode};`;
    await writeFile(program, body, { mode: 0o755 });
    const calls = async () =>
      (await readFile(join(directory, 'calls'), 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { args: string[]; env: Record<string, string> });
    const fetch: TrivyOptions['fetch'] = ({ archive }) => writeFile(archive, '');
    const databaseDirectory = join(directory, 'databases');
    return { scanner: createTrivy({ program, databaseDirectory, fetch, ...options }), calls };
  }
  const scan = async (report: string | undefined, exitCode?: number) =>
    (await aTrivy(report, exitCode)).scanner.scanImage(image, aProgress());

  it('tells the findings of all results', async () => {
    const report = {
      SchemaVersion: 2,
      Results: [
        {
          Target: 'core (debian 12.1)',
          Class: 'os-pkgs',
          Vulnerabilities: [
            {
              VulnerabilityID: 'CVE-2023-5363',
              PkgName: 'openssl',
              InstalledVersion: '3.0.9-1',
              FixedVersion: '3.0.11-1',
              Severity: 'HIGH',
            },
          ],
        },
        {
          Target: 'app/package-lock.json',
          Class: 'lang-pkgs',
          Vulnerabilities: [
            { VulnerabilityID: 'GHSA-x', PkgName: 'left', InstalledVersion: '1', Severity: 'NEGLIGIBLE' },
          ],
        },
        { Target: 'usr/bin/core' },
      ],
    };
    expect(await scan(JSON.stringify(report))).toEqual({
      kind: 'scanned',
      scanner: 'Trivy',
      findings: [
        { id: 'CVE-2023-5363', severity: 'HIGH', where: 'openssl 3.0.9-1 (core (debian 12.1))', fixedIn: '3.0.11-1' },
        { id: 'GHSA-x', severity: 'LOW', where: 'left 1 (app/package-lock.json)' },
      ],
    });
  });

  it('knows the other names of a vulnerability, and its score where it has no word for it', async () => {
    const found = { VulnerabilityID: 'CVE-2026-7', PkgName: 'a', InstalledVersion: '1', VendorIDs: ['DSA-1-1'] };
    const report = (more: object) => ({
      SchemaVersion: 2,
      Results: [{ Target: 't', Vulnerabilities: [{ ...found, ...more }] }],
    });
    expect(
      await scan(JSON.stringify(report({ Severity: 'UNKNOWN', CVSS: { nvd: { V3Score: 8.1 }, x: { V2Score: 2 } } }))),
    ).toMatchObject({
      findings: [{ id: 'CVE-2026-7', aliases: ['DSA-1-1'], severity: 'HIGH' }],
    });
    expect(await scan(JSON.stringify(report({})))).toMatchObject({ findings: [{ severity: 'UNKNOWN' }] });
  });

  it('has scanned an image in which there is nothing to find, and asks to be told of it', async () => {
    const clean = { SchemaVersion: 2, Results: [{ Target: 'usr/bin/core', Class: 'lang-pkgs' }] };
    const { scanner, calls } = await aTrivy(JSON.stringify(clean));
    expect(await scanner.scanImage(image, aProgress())).toEqual({ kind: 'scanned', scanner: 'Trivy', findings: [] });
    expect((await calls())[0]?.args).toContain('--list-all-pkgs');
  });

  it.each([
    ['ends badly, even with a report', JSON.stringify({ SchemaVersion: 2 }), 1, /said by the program/],
    ['leaves no report', undefined, 0, /no report/],
    ['leaves half a report', '{"SchemaVersion": 2, "Results": [', 0, /not JSON/],
    ['leaves a report of another form', JSON.stringify([{ Target: 'x', Vulnerabilities: null }]), 0, /known form/],
    ['recognises nothing in the image', JSON.stringify({ SchemaVersion: 2 }), 0, /nothing .* recognised.*base image/],
    ['has an empty list of results', JSON.stringify({ SchemaVersion: 2, Results: [] }), 0, /nothing .* recognised/],
    ['leaves a report of another version', JSON.stringify({ SchemaVersion: 3 }), 0, /SchemaVersion/],
  ])('has not scanned when the program %s', async (_what, report, exitCode, why) => {
    expect(await scan(report, exitCode)).toMatchObject({ kind: 'unscanned', reason: expect.stringMatching(why) });
  });

  it('has the program read a file, without a login, a network or a database to fetch', async () => {
    const { scanner, calls } = await aTrivy(JSON.stringify({ SchemaVersion: 2 }));
    await scanner.scanImage(image, aProgress());
    const [{ args, env }] = (await calls()) as [{ args: string[]; env: Record<string, string> }];
    expect(args).toEqual(expect.arrayContaining(['--skip-db-update', '--skip-java-db-update', '--offline-scan']));
    expect(args.slice(-2)).toEqual(['--input', expect.stringMatching(/\/scan\/image\.tar$/)]);
    expect(args).not.toContain(image);
    const names = Object.keys(env).filter((name) => !name.startsWith('GIT_'));
    expect(names.sort()).toEqual(['HOME', 'LC_ALL', 'PATH', 'TMPDIR']);
  });

  it('has the program fetch its databases before, where nothing of the image is', async () => {
    const { scanner, calls } = await aTrivy(JSON.stringify({ SchemaVersion: 2 }), 0, {});
    await scanner.scanImage(image, aProgress());
    expect((await calls()).map(({ args }) => args[1])).toEqual([
      '--download-db-only',
      '--download-java-db-only',
      '--format',
    ]);
  });

  it('runs the program in the box of the worker, with the databases only to be read', async () => {
    const ran: BoxCommand[] = [];
    const box: Box = {
      probe: async () => ({ works: true, name: 'a box', missing: [] }),
      run: async (command) => {
        ran.push(command);
        const work = command.directories.find(({ writable }) => writable)!.from;
        await writeFile(join(work, 'report.json'), JSON.stringify({ SchemaVersion: 2, Results: [{ Target: 'a' }] }));
        return { exitCode: 0, timedOut: false, stdout: Buffer.from(''), truncated: false, tail: '' };
      },
    };
    const { scanner } = await aTrivy(undefined, 0, { offline: true, box });
    expect(await scanner.scanImage(image, aProgress())).toEqual({ kind: 'scanned', scanner: 'Trivy', findings: [] });
    expect(ran).toMatchObject([{ network: 'none' }]);
    const writable = ran[0]!.directories.filter((one) => one.writable).map(({ from }) => basename(from));
    expect(writable).toEqual(['scan']);
  });

  it('ends a scan that takes too long', async () => {
    const program = join(directory, 'slow');
    await writeFile(program, `#!${process.execPath}\nsetInterval(() => {}, 1000);`, { mode: 0o755 });
    const report = await createTrivy({ program, timeoutMs: 300, databaseDirectory: directory }).scanImage(
      image,
      aProgress(),
    );
    expect(report).toMatchObject({ kind: 'unscanned', reason: expect.stringMatching(/did not end/) });
  });
});

describe('a report of OSV-Scanner', () => {
  const read = (packages: unknown[]) => osvFindings(osvReport.parse({ results: [{ packages }] }));
  const openssl = { name: 'openssl', version: '3.0.9-1', ecosystem: 'Debian:12' };
  const aRecord = (id: string, more: object = {}) => ({ id, ...more });

  it.each([
    ['9.8', 'CRITICAL'],
    ['9.0', 'CRITICAL'],
    ['8.9', 'HIGH'],
    ['7', 'HIGH'],
    ['4.0', 'MEDIUM'],
    ['0.1', 'LOW'],
    ['', 'UNKNOWN'],
    ['high', 'UNKNOWN'],
  ])('reads the score %j as %s', (max_severity, expected) => {
    expect(read([{ package: openssl, groups: [{ ids: ['X-1'], max_severity }] }])[0]?.severity).toBe(expected);
  });

  it('makes one finding of the records that speak of the same thing, by its CVE', () => {
    const records = [
      aRecord('GHSA-1', { aliases: ['CVE-2026-7'], database_specific: { severity: 'MODERATE' } }),
      aRecord('GO-1', {
        affected: [
          { package: { name: 'other' }, ranges: [{ events: [{ fixed: '9' }] }] },
          { package: { name: 'openssl' }, ranges: [{ events: [{ introduced: '0' }, { fixed: '3.1' }] }] },
        ],
      }),
    ];
    expect(
      read([{ package: openssl, groups: [{ ids: ['GHSA-1', 'GO-1'], max_severity: '' }], vulnerabilities: records }]),
    ).toEqual([
      {
        id: 'CVE-2026-7',
        aliases: ['GHSA-1', 'GO-1'],
        severity: 'MEDIUM',
        where: 'openssl 3.0.9-1 (Debian:12)',
        fixedIn: '3.1',
      },
    ]);
  });

  it.each<[string, object, string, string[]]>([
    [
      "a distribution's record of a CVE",
      { id: 'DEBIAN-CVE-2026-7', upstream: ['CVE-2026-7'] },
      'CVE-2026-7',
      ['DEBIAN-CVE-2026-7'],
    ],
    ['an advisory about several', { id: 'DSA-1-1', upstream: ['CVE-1', 'CVE-2'] }, 'DSA-1-1', ['CVE-1', 'CVE-2']],
    ['a record without a CVE', { id: 'GHSA-1', aliases: ['PYSEC-2'] }, 'GHSA-1', ['PYSEC-2']],
  ])('knows every name of %s', (_what, record, id, aliases) => {
    expect(read([{ package: openssl, vulnerabilities: [record] }])).toMatchObject([{ id, aliases }]);
  });

  it.each<[string, object, string]>([
    [
      'a vector',
      { severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }] },
      'CRITICAL',
    ],
    ["Ubuntu's word", { severity: [{ type: 'Ubuntu', score: 'negligible' }] }, 'LOW'],
    ["a distribution's word at the package", { affected: [{ ecosystem_specific: { severity: 'Important' } }] }, 'HIGH'],
    [
      'words that contradict each other',
      { severity: [{ score: 'low' }], database_specific: { severity: 'HIGH' } },
      'HIGH',
    ],
    ['nothing', {}, 'UNKNOWN'],
    ['something in a form that nobody knows', { severity: 'bad', database_specific: { severity: 9 } }, 'UNKNOWN'],
  ])('reads %s', (_what, more, expected) => {
    expect(read([{ package: openssl, vulnerabilities: [aRecord('X-1', more)] }])[0]?.severity).toBe(expected);
  });

  it('does not lose a vulnerability that is in no group', () => {
    expect(read([{ package: openssl, vulnerabilities: [aRecord('X-1')] }]).map((finding) => finding.id)).toEqual([
      'X-1',
    ]);
  });

  it('refuses a report that it does not understand', () => {
    expect(osvReport.safeParse({}).success).toBe(false);
    expect(osvReport.safeParse({ results: [{ packages: [{ groups: [] }] }] }).success).toBe(false);
  });
});

describe('a report of gitleaks', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-gitleaks-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  /** A program in gitleaks' place that says it found something on these lines of a file. */
  async function scan(text: string, leaks: [rule: string, first: number, last: number][]) {
    const program = join(directory, 'gitleaks');
    const tree = join(directory, 'tree');
    await mkdir(tree, { recursive: true });
    await writeFile(join(tree, 'settings.env'), text);
    const report = leaks.map(([RuleID, StartLine, EndLine]) => ({ RuleID, StartLine, EndLine, File: 'settings.env' }));
    const body = `#!${process.execPath}
      const path = process.argv[process.argv.indexOf('--report-path') + 1];
      require('fs').writeFileSync(path, ${JSON.stringify(JSON.stringify(report))});`;
    await writeFile(program, body, { mode: 0o755 });
    return createGitleaks({ program }).scanTree(tree, aProgress());
  }
  const idsOf = async (text: string, ...leaks: [string, number, number][]) => {
    const report = await scan(text, leaks);
    return report.kind === 'scanned' ? report.findings.map(({ id }) => id) : [report.reason];
  };

  it('names a secret by rule, path and what is on its lines, so that another secret there is another finding', async () => {
    const [fixture] = await idsOf('A=1\nKEY=fixture\n', ['key', 2, 2]);
    expect(fixture).toMatch(/^key:settings\.env:[0-9a-f]{16}$/);
    expect(await idsOf('# moved\n\nA=1\nKEY=fixture', ['key', 4, 4])).toEqual([fixture]);
    expect(await idsOf('A=1\nKEY=real\n', ['key', 2, 2])).not.toEqual([fixture]);
    const [one, other] = await idsOf('KEY=fixture\nKEY=real\n', ['key', 1, 1], ['key', 2, 2]);
    expect([one === fixture, other === fixture]).toEqual([true, false]);
    expect((await idsOf('A=1\nKEY=fixture\n', ['other-rule', 2, 2]))[0]?.slice(-16)).not.toBe(fixture?.slice(-16));
  });

  it('takes all lines of a secret that has several', async () => {
    const key = (end: string) => `-----BEGIN-----\nsame\n${end}\n-----END-----\n`;
    expect(await idsOf(key('one'), ['private-key', 1, 4])).not.toEqual(await idsOf(key('two'), ['private-key', 1, 4]));
  });

  it('has not scanned where the lines cannot be found again', async () => {
    expect(await idsOf('A=1\n', ['key', 9, 9])).toEqual(['settings.env has no line 9, where key found a secret']);
  });
});

describe('scanners that are not there', () => {
  it('have not scanned', async () => {
    const missing = { program: 'slipway-no-such-program' };
    for (const scanner of [createOsvScanner(missing), createTrivy({ ...missing, databaseDirectory: tmpdir() })]) {
      expect(await scanner.scanImage(image.replace('5000', '1'), aProgress())).toMatchObject({ kind: 'unscanned' });
    }
    expect(await createGitleaks(missing).scanTree(tmpdir(), aProgress())).toMatchObject({ kind: 'unscanned' });
  });

  it('are named when the worker starts', async () => {
    const none = '/none/at/all';
    const choice = await chooseScanners({ trivy: none, osvScanner: none, gitleaks: none });
    expect([choice.imagesBy, choice.secretsBy]).toEqual([
      `none: neither ${none} nor ${none} starts here`,
      `none: ${none} does not start here`,
    ]);
    expect(await choice.images.scanImage(image.replace('5000', '1'), aProgress())).toMatchObject({ kind: 'unscanned' });
  });
});
