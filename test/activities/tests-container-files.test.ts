import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fetchReports, refuseWritableBinds } from '../../activities/tests/container-files.ts';
import type { Docker } from '../../activities/tests/docker-command.ts';
import { aRunOf } from '../../activities/tests/compose-project.ts';
import { aProgress } from '../support/progress.ts';

let home: string;
let root: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-container-files-'));
  root = join(await realpath(home), 'checkout');
  await mkdir(root);
});
afterEach(() => rm(home, { recursive: true }));

type Answer = { stdout?: Buffer | string; exitCode?: number; tail?: string; truncated?: boolean };
const asked: string[] = [];
const aCopying = (answer: (path: string) => Answer) => {
  asked.length = 0;
  const docker: Docker = (args) => {
    const path = args.find((arg) => arg.includes(':')) ?? '';
    asked.push(path);
    const { stdout = '', ...more } = answer(path);
    return Promise.resolve({
      exitCode: 0,
      timedOut: false,
      truncated: false,
      tail: '',
      ...more,
      stdout: Buffer.from(stdout),
    });
  };
  const containers = new Map([
    ['tests', ['t']],
    ['other', ['o']],
  ]);
  return { docker, named: aRunOf('p', 1), home, root, containers, progress: aProgress() };
};

const file = (content: string, type = '0') => {
  const header = Buffer.alloc(512);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  return Buffer.concat([header, Buffer.from(content)]);
};
const missing = { exitCode: 1, tail: 'Error response from daemon: Could not find the file /x in container t' };
const aDirectory = (path: string, ...mounts: [string, string][]) => ({
  ...{ volume: 'v', source: path === '.' ? root : join(root, path), there: true },
  mounts: mounts.map(([service, target]) => ({ service, target })),
});
const fetch = (answer: (path: string) => Answer, reports: string[], directories: ReturnType<typeof aDirectory>[]) =>
  fetchReports(aCopying(answer), { reports, service: 'tests', directories });

describe('a report in a container', () => {
  it('is looked for in what the service has mounted, the nearest directory first, and then elsewhere', async () => {
    const directories = [
      aDirectory('out/reports', ['other', '/theirs']),
      aDirectory('.', ['other', '/all'], ['tests', '/src']),
      aDirectory('out', ['tests', '/out']),
      aDirectory('out2', ['tests', '/out2']),
    ];
    await fetch(() => missing, ['out/reports/a.xml'], directories);
    expect(asked).toEqual(['t:/out/reports/a.xml', 't:/src/out/reports/a.xml', 'o:/theirs/a.xml']);
  });

  it('is brought to a place of ours, and one that is not there is left out', async () => {
    const answer = (path: string) => (path.endsWith('a.xml') ? { stdout: file('<a/>') } : missing);
    const fetched = await fetch(answer, ['deep/a.xml', 'b.xml'], [aDirectory('.', ['tests', '/src'])]);
    expect(await readFile(join(fetched, 'deep/a.xml'), 'utf8')).toBe('<a/>');
    expect(await readdir(fetched)).toEqual(['deep']);
  });

  it.each(['../a.xml', '/a.xml', '..', 'x/../../a.xml', '../checkout/a.xml'])(
    'is not looked for at %s',
    async (report) => {
      await fetch(() => ({ stdout: file('<a/>') }), [report], [aDirectory('.', ['tests', '/src'])]);
      expect([asked, (await readdir(home)).sort(), await readdir(root)]).toEqual([[], ['checkout', 'reports'], []]);
    },
  );

  it.each<[string, Answer]>([
    ['a link', { stdout: file('', '2') }],
    ['a directory', { stdout: file('', '5') }],
    ['more than is read', { stdout: file('<a/>'), truncated: true, exitCode: undefined as never }],
  ])('is refused when it is %s', async (_what, answer) => {
    const attempt = fetch(() => answer, ['a.xml'], [aDirectory('.', ['tests', '/src'])]);
    await expect(attempt).rejects.toThrow(/SLIP-TEST-3.*a\.xml is not a file of at most/);
  });

  it('is asked for again when the daemon does not answer', async () => {
    const attempt = fetch(() => ({ exitCode: 1, tail: 'no daemon' }), ['a.xml'], [aDirectory('.', ['tests', '/src'])]);
    await expect(attempt).rejects.toMatchObject({ details: { code: 'SLIP-TEST-2', kind: 'retryable' } });
  });
});

describe('what the daemon was told to mount', () => {
  const look = (...mounts: object[]) => refuseWritableBinds(aCopying(() => ({ stdout: JSON.stringify(mounts) })));

  it('may be volumes, and what is in the checkout, to be read', async () => {
    const volume = { Type: 'volume', Name: 'v', Source: '/var/lib/docker/volumes/v/_data', RW: true };
    await expect(
      look(volume, { Type: 'bind', Source: join(root, 'a'), RW: false }, { Type: 'tmpfs', RW: true }),
    ).resolves.toBeUndefined();
  });

  it.each([
    ['the checkout itself, to write', () => ({ Source: join(root, 'a'), RW: true })],
    ['what is beside it', () => ({ Source: `${root}2/a`, RW: false })],
    ['the machine', () => ({ Source: '/', RW: false })],
  ])('is refused when it is %s', async (_what, mount) => {
    await expect(look({ Type: 'bind', ...mount() })).rejects.toThrow(/SLIP-TEST-3.*a container would have/);
  });
});
