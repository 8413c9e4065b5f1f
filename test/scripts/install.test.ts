import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const scripts = resolve(import.meta.dirname, '../../scripts');
const lock = {
  packages: {
    '': {},
    'node_modules/thing': { version: '1.0.0' },
    'node_modules/for-mac': { version: '1.0.0', optional: true },
  },
};
const installed = { packages: { 'node_modules/thing': { version: '1.0.0' } } };

/** A checkout with a lock file, and an npm that writes down that it was called. */
describe('installing the locked packages', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'slipway-install-'));
    await writeFile(join(root, 'package-lock.json'), JSON.stringify(lock));
    await mkdir(join(root, 'bin'));
    await anNpm(`mkdir -p node_modules\necho '${JSON.stringify(installed)}' > node_modules/.package-lock.json`);
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  /** Its registry answers; what it does is what `npm ci` does. */
  async function anNpm(does: string) {
    await writeFile(join(root, 'bin/npm'), `#!/bin/sh\n[ "$1" = ci ] || exit 0\necho "$*" >> calls\n${does}\n`);
    await chmod(join(root, 'bin/npm'), 0o755);
  }

  function install() {
    const program = `
      const { installLocked } = await import(${JSON.stringify(join(scripts, 'bootstrap/install.mjs'))});
      try { await installLocked(${JSON.stringify(root)}); } catch (error) { console.error(error.message); process.exit(1); }`;
    const env = { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, npm_execpath: '', NODE_OPTIONS: '' };
    return execa(process.execPath, ['--input-type=module', '--eval', program], { env, reject: false });
  }

  const calls = async () => (await readFile(join(root, 'calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

  it('installs once, without install scripts, and is silent the second time', async () => {
    const first = await install();
    expect(first.stderr).toMatch(/Installing the locked packages/);
    expect((await install()).stderr).toBe('');
    expect(await calls()).toEqual([expect.stringMatching(/^ci --ignore-scripts /)]);
  });

  it('installs again when the lock file has changed', async () => {
    await install();
    const changed = { packages: { ...lock.packages, 'node_modules/thing': { version: '1.0.1' } } };
    await writeFile(join(root, 'package-lock.json'), JSON.stringify(changed));
    await install();
    expect(await calls()).toHaveLength(2);
  });

  it('accepts what somebody has installed by hand', async () => {
    await mkdir(join(root, 'node_modules'));
    await writeFile(join(root, 'node_modules/.package-lock.json'), JSON.stringify(installed));
    expect((await install()).exitCode).toBe(0);
    expect(await calls()).toEqual([]);
  });

  it('installs again after an installation that was cut off', async () => {
    await mkdir(join(root, 'node_modules/thing'), { recursive: true });
    await install();
    expect(await calls()).toHaveLength(1);
  });

  it('installs once when two commands begin at once, and both go on', async () => {
    await anNpm(
      `sleep 0.5\nmkdir -p node_modules\necho '${JSON.stringify(installed)}' > node_modules/.package-lock.json`,
    );
    const both = await Promise.all([install(), install()]);
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await calls()).toHaveLength(1);
  });

  it.each([
    ['whose process is gone', '4194304 123'],
    ['whose process id now belongs to another process', `${process.pid} 1`],
  ])('takes over a lock %s', async (_name, owner) => {
    await mkdir(join(root, '.slipway'));
    await writeFile(join(root, '.slipway/install.lock'), owner);
    expect((await install()).exitCode).toBe(0);
    expect(await readdir(join(root, '.slipway'))).toEqual([]);
  });

  it('says at once that there is no network, after trying with what npm has kept', async () => {
    await writeFile(join(root, 'bin/npm'), '#!/bin/sh\necho "$*" >> calls\necho "npm error code ENOTFOUND"\nexit 1\n');
    const answer = await install();
    expect(answer.stderr).toMatch(/registry cannot be reached \(ENOTFOUND\)/);
    expect(await calls()).toEqual([expect.stringMatching(/^view /), expect.stringMatching(/^ci .*--offline$/)]);
  });

  it.each([
    [
      'a network that breaks',
      'npm error code EAI_AGAIN',
      /registry cannot be reached \(EAI_AGAIN\).*run the command again/,
    ],
    ['a full disk', 'npm error code ENOSPC', /disk is full/],
    ['a lock file that does not fit', 'npm error code EUSAGE', /npm install --package-lock-only/],
    ['anything else', 'npm error code EINTEGRITY', /npm said:\nnpm error code EINTEGRITY/],
  ])('says the next step for %s', async (_name, said, sentence) => {
    await anNpm(`echo '${said}' >&2\nexit 1`);
    const answer = await install();
    expect(answer.exitCode).toBe(1);
    expect(answer.stderr).toMatch(sentence);
  });
});
