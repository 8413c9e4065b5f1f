import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { rightsScript } from '../../activities/records/rights-script.ts';
import { freePort, mostTries } from '../../lab/services/starting.ts';
import { startTemporal, type TemporalServer } from '../../lab/services/temporal.ts';
import { commandsByPart } from '../docs/markdown.ts';
import { usePostgres } from '../support/postgres.ts';
import { until } from '../support/world-until.ts';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const postgres = usePostgres();
const password = 'of-a-test';

let directory = '';
let temporal: TemporalServer;
let port = 0;
let parts: Record<string, string[]> = {};
const processes: ChildProcess[] = [];
const processFiles = ['gateway', 'engine', 'build', 'production'].map((name) => `${name}.env`);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-install-'));
  temporal = await startTemporal({ directory: join(directory, 'temporal'), ui: false, progress: () => {} });
  parts = commandsByPart(await readFile(join(repository, 'docs/install.md'), 'utf8'));
});
afterAll(async () => {
  await Promise.all(processes.map(ended));
  await temporal?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** As they stand, but for the places that this test has of its own. */
function here(commands: string): string {
  return commands
    .replaceAll('/etc/slipway', join(directory, 'settings'))
    .replaceAll('/opt/slipway', repository)
    .replaceAll('temporal.example.com:7233', temporal.address)
    .replaceAll('127.0.0.1:7777', `127.0.0.1:${port}`)
    .replaceAll('PASSWORD@postgres.example.com', `${password}@${new URL(postgres.server().url('slipway')).host}`);
}

/** In one shell, which ends at the first command that fails. What the first block says of new files holds for the whole session of a person. */
async function say(commands: string): Promise<string> {
  const slipway = `slipway() { "${process.execPath}" "${repository}/bin/slipway.js" "$@"; }`;
  const { stdout } = await run(
    'bash',
    ['-euo', 'pipefail', '-c', `umask 077\nset -o noclobber\n${slipway}\n${here(commands)}`],
    {
      env: { PATH: process.env['PATH'], HOME: directory, XDG_CACHE_HOME: directory },
      cwd: directory,
    },
  );
  return stdout;
}

function start(program: string, file: string): ChildProcess {
  const settings = join(directory, 'settings');
  const commands = `set -a; . ${settings}/common.env; . ${settings}/${file}; set +a; exec "${process.execPath}" ${repository}/workers/${program}`;
  const env = { PATH: process.env['PATH'], HOME: directory, XDG_CACHE_HOME: directory };
  const child = spawn('bash', ['-c', commands], { env, cwd: directory, stdio: 'ignore' });
  processes.push(child);
  return child;
}

/** With what comes after it: `fetch` breaks where a server closes the connection of an answer that nobody has read. */
async function statusOf(path: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`);
  await answer.arrayBuffer();
  return answer.status;
}

let gatewayProcess: ChildProcess | undefined;

/** Nobody can keep a port free for somebody else: a gateway that finds it taken is started on another. */
async function startGateway(): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    port = await freePort();
    await run('rm', ['-f', ...processFiles.map((file) => join(directory, 'settings', file))]);
    for (const commands of parts['5']!) await say(commands);
    const gateway = (gatewayProcess = start('gateway-main.ts', 'gateway.env'));
    const answers = () =>
      statusOf('/healthz').then(
        (status) => status === 200,
        () => false,
      );
    await until('the gateway to answer, or to end', async () => gateway.exitCode !== null || (await answers()));
    if (gateway.exitCode === null) return;
    if (tries === mostTries)
      throw new Error(`the gateway has ended ${tries} times, the last time with ${gateway.exitCode}`);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const end = once(child, 'exit');
  child.kill('SIGTERM');
  await end;
}

/** What the administrator of PostgreSQL says, and the passwords that people give. */
async function makeLogins(): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.server().url('postgres') });
  await client.connect();
  const logins = [
    'slipway_owner',
    ...['gateway', 'engine', 'build', 'environment'].map((kind) => `slipway_of_${kind}`),
  ];
  const passwords = logins.map((login) => `alter role ${login} password '${password}'`);
  for (const statement of [...rightsScript()[0]!.statements, ...passwords]) await client.query(statement);
  await client.end();
}

describe('an installation by the document', () => {
  it('keeps the keys and tokens that are there when it is begun again', async () => {
    const made = async () => {
      for (const commands of parts['2']!) await say(commands);
      const files = ['signing-key.pem', 'public-keys/first.pem', 'tokens.json', 'anna.token', 'bert.token'];
      return Promise.all(files.map((file) => readFile(join(directory, 'settings', file), 'utf8')));
    };
    const first = await made();
    expect(first.every((text) => text.length > 0)).toBe(true);
    expect(await made()).toEqual(first);
  });

  it('writes over no file that people have filled in', async () => {
    for (const commands of parts['2']!) await say(commands);
    const file = join(directory, 'settings', 'engine.env');
    await writeFile(file, 'SLIPWAY_RECORDS_URL=with-a-password\n');
    await expect(say(`${parts['2']!.join('\n')}\n${parts['5']![0]!}`)).rejects.toThrow('cannot overwrite');
    expect(await readFile(file, 'utf8')).toContain('with-a-password');
  });

  it('comes up, as it is written, and every part of it is well', async () => {
    for (const commands of parts['2']!) await say(commands);
    const explained = (await Promise.all(parts['3']!.map(say))).join('');
    expect(explained).toContain('no problems');
    const [printed, common, setUp] = parts['4']!;
    await say(printed!);
    expect(await readFile(join(directory, 'settings/roles.sql'), 'utf8')).toContain('create role slipway_owner login');
    await makeLogins();
    await say(common!);
    // The owner's schema by one call, then Temporal: what is left would end it with 1.
    await say(setUp!);
    await startGateway();
    for (const file of ['engine.env', 'engine.env', 'build.env', 'production.env']) start('main.ts', file);
    const look = parts['6']![0]!;
    let said = '';
    await until('doctor to find all of it well', async () => {
      said = await say(look).catch(() => '');
      return said !== '';
    });
    expect(said).toMatch(/environment:production: its workers poll/);
    expect(said).toMatch(/you {6}anna/);
  });

  it('is sent no more requests before its gateway ends, which answers until then', async () => {
    expect(await statusOf('/readyz')).toBe(200);
    const end = once(gatewayProcess!, 'exit');
    gatewayProcess!.kill('SIGTERM');
    await until('the gateway to say that it ends', async () => (await statusOf('/readyz')) === 503);
    expect(await statusOf('/openapi.json')).toBe(200);
    gatewayProcess!.kill('SIGTERM');
    expect(await end).toEqual([0, null]);
  });

  it('has nothing that this test does not run but what needs a cluster, a checkout of a service, or packages', () => {
    expect(Object.keys(parts).filter((number) => parts[number]!.length > 0)).toEqual(['1', '2', '3', '4', '5', '6']);
  });
});

it('is no place for secrets: what is written there is readable to its user alone', async () => {
  const { stdout } = await run('find', [join(directory, 'settings'), '-perm', '/077']);
  expect(stdout).toBe('');
});
