import { chown, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { execa } from 'execa';
import { commandsByPart, root } from '../docs/markdown.ts';
import { usePrograms, tell } from '../support/cluster-programs.ts';
import { startDockerDaemon, type TestDaemon } from '../support/docker-daemon.ts';
import { makeStandIns } from '../support/stand-in-images.ts';
import { patience, until } from '../support/world-until.ts';

usePrograms('dockerd', 'docker', 'docker-compose', 'mmdebstrap', 'openssl');
jest.setTimeout(patience.preparation);

let directory: string;
let checkout: string;
let daemon: TestDaemon | undefined;
let parts: Record<string, string[]>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-compose-'));
  checkout = join(directory, 'slipway');
  parts = commandsByPart(await readFile(join(root, 'docs/compose.md'), 'utf8'));
  await copyCheckout();
  const data = join(directory, 'data');
  daemon = await startDockerDaemon({ data, storage: 'overlay2' });
  await makeStandIns(daemon, checkout, join(directory, 'images'));
  tell('building the image of the engine: three minutes');
  const dockerfile = ['--file', join(checkout, 'docker/Dockerfile'), '--target', 'engine'];
  await daemon.docker('build', '--network', 'host', ...dockerfile, '--tag', 'slipway', checkout);
  await daemon.stop();
  // What follows goes by the layers that are there: packages are asked for on this machine's network alone.
  daemon = await startDockerDaemon({ data, storage: 'overlay2', network: 'own' });
  await mkdir(join(directory, '.kube'));
  await writeFile(join(directory, '.kube/blue'), 'apiVersion: v1\nkind: Config\n');
  await writeFile(join(directory, 'git-token'), 'of-a-test\n');
}, 2 * patience.preparation);

afterAll(async () => {
  await daemon?.stop();
  await rm(directory, { recursive: true, force: true });
}, patience.preparation);

/** As a clone would have it, with what is not committed yet. */
async function copyCheckout(): Promise<void> {
  const { stdout } = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of stdout.split('\0').filter(Boolean)) {
    await mkdir(dirname(join(checkout, file)), { recursive: true });
    await cp(join(root, file), join(checkout, file), { verbatimSymlinks: true });
  }
}

/** Where Docker has no plugin, the program of its own is said instead. */
const asHere = `docker() { if [ "$1" = compose ] && ! command docker compose version >/dev/null 2>&1; then docker-compose "\${@:2}"; else command docker "$@"; fi; }`;

/** In one shell, which ends at the first command that fails. */
async function say(commands: string): Promise<{ code: number | undefined; out: string; all: string }> {
  const env = { DOCKER_HOST: daemon!.host, HOME: directory };
  const said = await execa('bash', ['-euo', 'pipefail', '-c', `${asHere}\n${commands}`], {
    ...{ env, cwd: checkout, reject: false, all: true },
  });
  return { code: said.exitCode, out: said.stdout, all: said.all };
}

async function said(commands: string): Promise<string> {
  const { code, out, all } = await say(commands);
  if (code !== 0) throw new Error(`${commands}\nended with ${code}:\n${all}`);
  return out;
}

const lines = (commands: string) => commands.trim().split('\n');
const inside = (service: string, ...command: string[]) =>
  said(`docker compose -f docker/compose.yaml exec -T ${service} ${command.join(' ')}`);

/** Asks until all is well but what is left out here. */
async function isWell(doctor: string, ...workers: string[]): Promise<string> {
  let last = '';
  return until(
    'doctor to find all of it well',
    async () => {
      last = (await say(doctor)).out;
      const problems = last.split('\n').filter((line) => line.startsWith('problem'));
      const well = problems.length === 1 && problems[0]!.includes('no worker polls build');
      return well && workers.every((worker) => last.includes(`${worker}: its workers poll`)) ? last : undefined;
    },
    () => last,
  );
}

/** Doctor names the workers that services need; of another its own word counts. */
async function isReady(service: string): Promise<void> {
  const filters = [`label=com.docker.compose.service=${service}`, 'health=healthy'].flatMap((one) => ['--filter', one]);
  await until(
    `the worker ${service} to be ready`,
    async () => (await daemon!.docker('ps', '--quiet', ...filters)) !== '',
  );
}

describe('an installation with Compose, by the document', () => {
  it('is prepared: what is left is a policy', async () => {
    const { code, out } = await say(parts['1']![0]!);
    expect(code).toBe(1);
    expect(out.match(/^left .*$/gm)).toEqual(['left there is no policy']);
    // The daemon of builds, and what is built there, have no stand-in.
    await said('sed -i s/build,// docker/.env');
  });

  it('gets a policy and credentials, and prints the commands that the document has', async () => {
    for (const commands of [...parts['2']!, ...parts['3']!]) await said(commands);
    const [prepare, ...commands] = lines(parts['4']![0]!);
    const printed = [...(await said(prepare!)).matchAll(/^(?:Check|Start|Look): +(.*)$/gm)].map(
      ([, command]) => command!,
    );
    const asWritten = printed.map((command) =>
      command.replace('docker-compose', 'docker compose').replace(`${checkout}/`, ''),
    );
    expect([...commands, ...lines(parts['5']![0]!)]).toEqual(expect.arrayContaining(asWritten));
    expect(asWritten).toHaveLength(3);
  });

  it('comes up, and every part of it is well', async () => {
    const [, ...commands] = lines(parts['4']![0]!);
    const [check, ...start] = commands;
    expect(await said(check!)).toContain('no problems');
    const setUp = await said(start.join('\n'));
    expect(setUp).toMatch(/made the namespace slipway, which keeps histories for 30 days/);
    const [list, doctor, whoami] = lines(parts['5']![0]!);
    expect(await isWell(doctor!, 'engine', 'environment:production')).toContain('you are developer');
    expect(await said(list!)).toMatch(/production/);
    expect(await said(whoami!)).toMatch(/^groups +developers$/m);
  });

  it('shows each process its own credentials, and nobody else’s', async () => {
    const seen = async (service: string) =>
      (await inside(service, 'find /settings/own -type f'))
        .split('\n')
        .map((path) => path.replace('/settings/own/', ''))
        .sort();
    expect(await seen('production')).toEqual(['kubeconfig/blue', 'records-url']);
    expect(await seen('engine')).toEqual(['git-token', 'records-url']);
    expect(await seen('gateway')).toEqual(['git-token', 'records-url', 'signing-key.pem', 'tokens.json']);
    expect(await inside('production', 'cat /settings/own/records-url')).toContain('//slipway_of_environment:');
  });

  it('hears of a token that was taken away, also where the file was replaced', async () => {
    const file = join(checkout, 'docker/settings/gateway/tokens.json');
    const before = await readFile(file, 'utf8');
    const whoami = lines(parts['5']![0]!)[2]!;
    await replace(file, JSON.stringify((JSON.parse(before) as object[]).slice(1)));
    expect((await say(whoami)).all).toContain('the gateway does not know this token');
    await replace(file, before);
    expect(await said(whoami)).toMatch(/^you +developer/m);
  });

  it('gets another environment, whose worker sees nothing of the first', async () => {
    await said(parts['6']![0]!);
    await isReady('staging');
    expect(await inside('staging', 'ls /settings/own/kubeconfig')).toBe('');
  });

  it('goes on after a stop, and leaves nothing where it is taken away', async () => {
    const [stop, start, ...down] = lines(parts['7']![0]!);
    await said(`${stop}\n${start}`);
    await isReady('staging');
    await isWell(lines(parts['5']![0]!)[1]!, 'engine', 'environment:production');
    await said(down.join('\n'));
    const left = await Promise.all([
      daemon!.docker('ps', '--all', '--quiet'),
      daemon!.docker('volume', 'ls', '--quiet'),
      daemon!.docker('network', 'ls', '--quiet', '--filter', 'type=custom'),
    ]);
    expect(left).toEqual(['', '', '']);
  });

  it('has no commands that this test does not run, but the clone', () => {
    expect(Object.keys(parts).filter((part) => parts[part]!.length > 0)).toEqual(['1', '2', '3', '4', '5', '6', '7']);
    expect(Object.values(parts).filter((blocks) => blocks.length > 1)).toEqual([]);
  });
});

/** As an editor does: another file by the same name, with the rights of the one before. */
async function replace(file: string, text: string): Promise<void> {
  const { mode, uid, gid } = await stat(file);
  await writeFile(`${file}.new`, text, { mode });
  await chown(`${file}.new`, uid, gid);
  await rename(`${file}.new`, file);
}

describe('the compose file', () => {
  it.each(['', 'build', 'production', 'build,dev,staging,production', 'upgrade', 'cli'])(
    'is accepted with the profiles "%s"',
    async (profiles) => {
      const config = 'docker compose -f docker/compose.yaml config --quiet';
      expect(await said(`export COMPOSE_PROFILES=${profiles}\n${config}`)).toBe('');
    },
  );
});
