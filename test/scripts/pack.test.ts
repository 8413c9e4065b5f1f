import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { ownPackage } from '../../client/own-package.ts';
import { aRelease } from '../client/cli/builders.ts';
import { startFakeGateway, token, type FakeGateway } from '../client/cli/fake-gateway.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Nothing of a checkout: npm puts its tools first on the way to everything. */
const systemPath = (process.env['PATH'] ?? '').split(delimiter).filter((one) => !one.includes('node_modules'));

/** The Node of the checkout, and the one of this machine, if the package is for it. */
const nodes = [
  ...systemPath
    .map((one) => join(one, 'node'))
    .filter(existsSync)
    .slice(0, 1),
  process.execPath,
]
  .map((node) => ({ node, version: spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim() }))
  .filter(({ version }) => Number(/^v(\d+)/.exec(version)?.[1]) >= 20);

let folder: string;
let gateway: FakeGateway;
const pathWith = (...folders: string[]) => [...folders.map((one) => join(folder, one)), ...systemPath].join(delimiter);
const env = (extra: Record<string, string> = {}) => ({
  HOME: folder,
  PATH: pathWith(nodes.at(-1)!.version),
  npm_config_cache: join(folder, 'npm-cache'),
  npm_config_update_notifier: 'false',
  ...extra,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-packed-'));
  gateway = await startFakeGateway();
  await execa(process.execPath, [join(root, 'scripts/pack.mjs'), '--to', folder], { env: env(), extendEnv: false });
  await mkdir(join(folder, 'empty'));
  for (const { node, version } of nodes) {
    await mkdir(join(folder, version));
    await symlink(node, join(folder, version, 'node'));
  }
  await npm('install', '--global', '--prefix', join(folder, 'global'), '--offline', tarball());
  await cp(join(root, 'examples/saleor'), join(folder, 'service'), { recursive: true });
});
afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true });
});

const { version: own } = ownPackage();
const tarball = () => join(folder, `slipway-${own}.tgz`);
const installed = () => join(folder, 'global/lib/node_modules');

function npm(...args: string[]) {
  return execa('npm', args, { cwd: join(folder, 'empty'), env: env(), extendEnv: false });
}

it('is installed without a network and without any other package', async () => {
  expect(await readdir(installed())).toEqual(['slipway']);
  expect(await readdir(join(installed(), 'slipway'))).not.toContain('node_modules');
  const manifest = JSON.parse(await readFile(join(installed(), 'slipway/package.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({ name: 'slipway', engines: { node: '>=20' } });
  expect(manifest).not.toHaveProperty('dependencies');
});

it("brings nothing of Temporal's SDK, and says nothing of the machine that made it", async () => {
  const lib = join(installed(), 'slipway/lib');
  for (const file of await readdir(lib)) {
    const text = await readFile(join(lib, file), 'utf8');
    expect(text).not.toContain('@temporalio/');
    expect(text).not.toContain(root);
  }
});

it('hands on the licence of every package in it', async () => {
  const text = await readFile(join(installed(), 'slipway/THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of ['commander', 'picocolors', 'yaml', 'zod']) expect(text).toMatch(new RegExp(`^${name} \\d`, 'm'));
});

it('is not what `npm pack` makes of the sources, which says so', async () => {
  const sources = join(folder, 'node_modules/slipway');
  await cp(join(root, 'bin'), join(sources, 'bin'), { recursive: true });
  await cp(join(root, 'package.json'), join(sources, 'package.json'));
  const { exitCode, stderr } = await execa(process.execPath, [join(sources, 'bin/slipway.js')], { reject: false });
  expect(stderr).toMatch(/^error: this package was made of the sources[^]+next: install what `npm run pack` makes/);
  expect(exitCode).toBe(2);
});

it('runs by npx from the folder that it is installed in', async () => {
  await npm('install', '--offline', '--no-save', tarball());
  const { stdout } = await execa('npx', ['--no', '--offline', 'slipway', '--version'], {
    cwd: join(folder, 'empty'),
    env: env(),
    extendEnv: false,
  });
  expect(stdout.split(' ')[0]).toBe(own);
});

describe.each(nodes)('on Node $version', ({ version }) => {
  /** By its name, in the repository of a service. */
  async function slipway(...args: string[]) {
    const PATH = pathWith(version, 'global/bin');
    const { exitCode, stdout, stderr } = await execa('slipway', args, {
      cwd: join(folder, 'service'),
      env: env({ PATH, SLIPWAY_GATEWAY: gateway.url, SLIPWAY_TOKEN: token }),
      extendEnv: false,
      reject: false,
      stdin: 'ignore',
    });
    return { exitCode, stdout, stderr };
  }

  it('says its version, and of which commit it is where it is exactly that', async () => {
    const { exitCode, stdout, stderr } = await slipway('--version');
    expect(stdout.replace(/ \(commit [0-9a-f]{12}\)$/, '')).toBe(own);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it.each([
    [['--help'], 'Usage: slipway'],
    [['deploy', '--help'], '--new-attempt'],
    [['validate', '--policy', 'policy.yaml'], 'slipway.yaml: no problems, and nothing that policy.yaml does not allow'],
    [['schema'], '"title": "slipway.yaml"'],
    [['completion', 'bash'], 'complete -F'],
    [['__complete', '--', 'deploy', '--service', ''], 'saleor'],
    [['help', 'exit-codes'], 'verified'],
  ])('carries out %j', async (args, says) => {
    const { exitCode, stdout, stderr } = await slipway(...args);
    expect(stdout).toContain(says);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('asks a gateway', async () => {
    const release = aRelease();
    gateway.on(`GET /v1/releases/${encodeURIComponent(release.releaseId)}`, { body: release });
    const { exitCode, stdout } = await slipway('status', release.releaseId);
    expect(stdout).toContain(release.status!.doing);
    expect(exitCode).toBe(0);
  });

  it('finds no fault with that Node', async () => {
    expect((await slipway('doctor')).stdout).toContain(`ok      node: ${version.slice(1)}`);
  });

  it.each([['setup'], ['dev']])('says where the engine is, for `slipway %s`', async (command) => {
    const { exitCode, stderr } = await slipway(command);
    expect(stderr).toContain(`\`slipway ${command}\` needs the engine itself`);
    expect(stderr).toContain(`next: Run it where the engine is: \`npm run slipway -- ${command}\``);
    expect(exitCode).toBe(2);
  });
});
