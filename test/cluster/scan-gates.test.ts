import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createNamespacesBox } from '../../activities/box/namespaces-box.ts';
import { createSarifGates } from '../../activities/scan/sarif-gate.ts';
import type { GateTool } from '../../domain/contract/policy.ts';
import { writeOsvDatabase } from '../../lab/tools/osv-database.ts';
import { ensureOsvScanner } from '../../lab/tools/osv-scanner.ts';
import { aProgress } from '../support/progress.ts';

jest.setTimeout(300_000);

const gates = createSarifGates({ box: createNamespacesBox() });
const aTool = (said: Partial<GateTool>): GateTool => ({
  run: ['true', '{tree}', '{report}'],
  failOn: ['CRITICAL', 'HIGH'],
  timeoutMs: 120_000,
  exitCodes: [0],
  places: [],
  ...said,
});
/** A tool that is a script of the shell; its arguments are the tree and the report. */
const aScript = (script: string, said: Partial<GateTool> = {}) =>
  aTool({ run: ['bash', '-c', script, 'tool', '{tree}', '{report}'], ...said });
const sarif = (results: object[]) => JSON.stringify({ version: '2.1.0', runs: [{ tool: { driver: {} }, results }] });
const finding = sarif([{ ruleId: 'seen', level: 'error' }]);
const nothing = sarif([]);
const clean = { kind: 'scanned', scanner: 'gate', findings: [] };

let directory: string;
let tree: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-gates-'));
  tree = join(directory, 'checkout');
  await mkdir(join(tree, 'src'), { recursive: true });
  await writeFile(join(tree, 'src/a.ts'), 'one\ntwo\nthree\n');
});
afterAll(() => rm(directory, { recursive: true, force: true }));
const look = (tool: GateTool, where = tree) => gates.look('gate', tool, where, aProgress());
const reasonOf = async (tool: GateTool) => {
  const { reports } = await look(tool);
  const [report] = reports;
  return report?.kind === 'unscanned' ? report.reason : `it has looked: ${JSON.stringify(reports)}`;
};

describe('OSV-Scanner as a gate, on a lock file, offline', () => {
  const lockFile = (version: string) =>
    JSON.stringify({
      ...{ name: 'shop', version: '1.0.0', lockfileVersion: 3 },
      packages: { '': { name: 'shop' }, 'node_modules/lodash': { version } },
    });
  let program: string;
  let database: string;
  beforeAll(async () => {
    program = await ensureOsvScanner((line) => console.log(line));
    database = join(directory, 'osv');
    await writeOsvDatabase(database, 'npm', [
      {
        ...{ id: 'GHSA-35jh-r3h4-6jhm', modified: '2024-01-01T00:00:00Z', aliases: ['CVE-2021-23337'] },
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H' }],
        affected: [
          {
            package: { ecosystem: 'npm', name: 'lodash' },
            ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '4.17.21' }] }],
          },
        ],
      } as { id: string },
    ]);
  }, 900_000); // it may have to be built
  const lookAt = async (version: string) => {
    const where = await mkdtemp(join(directory, 'tree-'));
    await writeFile(join(where, 'package-lock.json'), lockFile(version));
    const args = ['scan', 'source', '--offline-vulnerabilities', '--local-db-path', database, '--format', 'sarif'];
    const run = [program, ...args, '--output', '{report}', '--recursive', '{tree}'];
    return look(aTool({ run, exitCodes: [0, 1], places: [database] }), where);
  };

  it('finds a vulnerable package, and says in which file', async () => {
    const found = {
      id: expect.stringMatching(/^CVE-2021-23337:package-lock\.json:[0-9a-f]{16}$/),
      ...{ severity: 'HIGH', where: 'package-lock.json' },
    };
    expect(await lookAt('4.17.15')).toEqual({ reports: [{ kind: 'scanned', scanner: 'gate', findings: [found] }] });
  });

  it('calls the same the same when it looks again', async () => {
    expect(await lookAt('4.17.15')).toEqual(await lookAt('4.17.15'));
  });

  it('finds nothing in a version that is mended', async () => {
    expect(await lookAt('4.17.21')).toEqual({ reports: [clean] });
  });
});

describe('a gate by a program', () => {
  it('has each place of a file as a finding of its own, with its line', async () => {
    const at = (startLine: number) => ({
      ...{ ruleId: 'no-two', level: 'error' },
      locations: [{ physicalLocation: { artifactLocation: { uri: 'src/a.ts' }, region: { startLine } } }],
    });
    const { reports } = await look(aScript(`printf %s '${sarif([at(1), at(2)])}' > "$2"`));
    const findings = reports[0]?.kind === 'scanned' ? reports[0].findings : [];
    expect(findings.map(({ where }) => where)).toEqual(['src/a.ts:1', 'src/a.ts:2']);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(2);
  });

  it('cannot look when it crashes, and tells its last words', async () => {
    expect(await reasonOf(aScript('echo cannot parse >&2; exit 2'))).toMatch(/ended with code 2: cannot parse/);
  });

  it('cannot look when it says that all is well, and leaves no report', async () => {
    expect(await reasonOf(aScript('echo out of memory; exit 0'))).toBe(
      'the scanner left no report; the last that it said: out of memory',
    );
  });

  it('cannot look when it leaves half a report', async () => {
    expect(await reasonOf(aScript(`printf %s '${finding.slice(0, 40)}' > "$2"; echo killed`))).toBe(
      'the report is not JSON; the last that it said: killed',
    );
  });

  it('cannot look when its report is larger than anybody reads', async () => {
    const large = `head -c 100000000 /dev/zero > "$2"`;
    expect(await reasonOf(aScript(large))).toMatch(/more than 50000000 bytes/);
  });

  it('cannot look when its report is a link to a file of this machine', async () => {
    expect(await reasonOf(aScript('ln -s /etc/hosts "$2"'))).toMatch(/left no report/);
  });

  it('is ended with all that it has started when it hangs', async () => {
    const forever = `9${process.pid}.25`;
    const script = `sleep ${forever} & (setsid sleep ${forever} &) ; sleep ${forever}`;
    expect(await reasonOf(aScript(script, { timeoutMs: 3_000 }))).toBe('bash was ended: more than 3 s');
    expect(await processesWith(forever)).toEqual([]);
  });

  it('cannot look when its program is not there', async () => {
    expect(await reasonOf(aTool({ run: ['slipway-no-such-tool', '{tree}', '{report}'] }))).toContain(
      'slipway-no-such-tool is not on PATH',
    );
  });

  it('reads nothing of this machine but the tree', async () => {
    const outside = join(directory, 'outside');
    await writeFile(outside, 'secret');
    const script = `if cat ${outside} || echo x > "$1/src/b.ts"; then printf %s '${finding}'; else printf %s '${nothing}'; fi > "$2"`;
    expect(await look(aScript(script))).toEqual({ reports: [clean] });
    expect(await readdir(join(tree, 'src'))).toEqual(['a.ts']);
  });

  it('reads what the policy gives it besides, at the same path, and writes nothing there', async () => {
    const rules = join(directory, 'rules');
    await mkdir(rules);
    await writeFile(join(rules, 'rule'), finding);
    const script = `cat ${rules}/rule > "$2"; ! echo x > ${rules}/new`;
    const { reports } = await look(aScript(script, { places: [rules] }));
    expect(reports).toMatchObject([{ kind: 'scanned', findings: [{ severity: 'HIGH' }] }]);
    expect(await readdir(rules)).toEqual(['rule']);
  });

  it('reads settings below /etc, where most have them', async () => {
    const rules = join(directory, 'settings');
    await mkdir(rules);
    await writeFile(join(rules, 'rule'), 'a rule');
    const limits = { timeoutMs: 60_000, memoryBytes: 5e8, processes: 64, cpus: 1, diskBytes: 1e6 };
    const directories = [{ from: rules, at: '/etc/slipway/rules' }];
    const command = {
      program: 'cat',
      args: ['/etc/slipway/rules/rule'],
      directories,
      network: 'none' as const,
      limits,
    };
    expect((await createNamespacesBox().run(command, aProgress())).stdout.toString()).toBe('a rule');
  });

  it('is a program of several files where these lie in one of its places', async () => {
    const tool = join(directory, 'tool');
    await mkdir(join(tool, 'bin'), { recursive: true });
    await writeFile(join(tool, 'words'), finding);
    await writeFile(join(tool, 'bin/look'), '#!/bin/sh\ncat "$(dirname "$0")/../words" > "$2"\n');
    await chmod(join(tool, 'bin/look'), 0o755);
    const run = [join(tool, 'bin/look'), '{tree}', '{report}'];
    expect((await look(aTool({ run, places: [tool] }))).reports).toMatchObject([{ kind: 'scanned' }]);
  });

  it('has no network', async () => {
    let calls = 0;
    const server: Server = createServer((socket) => ((calls += 1), socket.end()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const script = `if (exec 3<>/dev/tcp/127.0.0.1/${port}); then printf %s '${finding}'; else printf %s '${nothing}'; fi > "$2"`;
    expect(await look(aScript(script))).toEqual({ reports: [clean] });
    expect(calls).toBe(0);
    await new Promise((resolve) => server.close(resolve));
  });

  it('gets its arguments as they stand: no shell, no variables', async () => {
    const words = ['$HOME', '*', '`id`', '{other}', 'a {tree} b'];
    const script = `shift; printf '{"version":"2.1.0","runs":[{"tool":{"driver":{}},"results":[{"ruleId":"%s","level":"error"}]}]}' "$(printf '%s,' "$@" | base64 -w0)" > "$1"`;
    const run = ['bash', '-c', script, 'tool', 'x', '{report}', ...words];
    const { reports } = await look(aTool({ run }));
    const id = reports[0]?.kind === 'scanned' ? reports[0].findings[0]!.id : '';
    const told = Buffer.from(id.split(':')[0]!, 'base64').toString();
    expect(told).toContain('$HOME,*,`id`,{other},a /tree-');
  });
});

async function processesWith(word: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(`sleep\0${word}`));
}
