import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aRunOf } from '../../activities/tests/compose-project.ts';
import { makeRunnable } from '../../activities/tests/compose-resolved.ts';
import { cacheOf } from '../../activities/shared/build-cache.ts';
import { openDocker } from '../../activities/tests/docker-command.ts';
import { makeImages } from '../../activities/tests/service-images.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { aProgress } from '../support/progress.ts';

const digest = `sha256:${'2'.repeat(64)}`;
const own = `registry.test/core@sha256:${'1'.repeat(64)}`;

/** In place of the docker client: keeps what it is told, and the Dockerfile that it is given. The daemon has `own` alone by its digest. */
const client = (place: string, { triggers, pull, build }: Record<'triggers' | 'pull' | 'build', string>) => `#!/bin/sh
echo "$@" >> ${place}/told
case "$1 $2" in
pull*) ${pull} ;;
"image inspect")
  case "$4" in
  *OnBuild*) echo 'sha256:${'4'.repeat(64)} ${triggers}' ;;
  *) test "$5" = ${own} ;;
  esac ;;
build*)
  ${build}
  while [ $# -gt 1 ]; do
    [ "$1" = --iidfile ] && echo sha256:${'3'.repeat(64)} > "$2"
    [ "$1" = --file ] && cp "$2" ${place}/Dockerfile
    shift
  done ;;
esac
`;

const aTry = aRunOf('mine', 1_000);

describe('the images of tests, on a daemon that builds of others use too', () => {
  let directory: string;
  let root: string;
  const { PATH } = process.env;
  beforeEach(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'slipway-builds-')));
    root = join(directory, 'checkout');
    await Promise.all(['bin', 'checkout', 'seen'].map((name) => mkdir(join(directory, name))));
    process.env['PATH'] = `${join(directory, 'bin')}:${PATH}`;
  });
  afterEach(async () => {
    process.env['PATH'] = PATH;
    await rm(directory, { recursive: true, force: true });
  });

  const pulls = `echo 'Digest: ${digest}'`;
  async function make(
    services: string,
    { triggers = 'null', pull = pulls, build = ':', left = 60_000, cachesOf = aCacheOwner() } = {},
  ) {
    await writeFile(join(directory, 'bin/docker'), client(join(directory, 'seen'), { triggers, pull, build }), {
      mode: 0o755,
    });
    const text = Buffer.from(`services: ${services.replaceAll('ROOT', root)}`);
    const { images } = await makeRunnable(text, { root, images: { own: [own], allowed: ['node', 'tools/*'] } });
    const home = await mkdtemp(join(directory, 'home-'));
    const making = { docker: openDocker(undefined), dockerHost: undefined, named: aTry, cachesOf, home };
    const names = await makeImages(images, { ...making, progress: aProgress(), left: () => left });
    return Object.fromEntries(names);
  }
  const seen = (name: string) => readFile(join(directory, 'seen', name), 'utf8');
  const told = async () => (await seen('told')).trim().split('\n');

  it('go by their digests, which a registry has said just now', async () => {
    expect(
      await make('{ a: { image: node:24 }, b: { image: node:24 }, c: { image: tools/x, platform: linux/arm64 } }'),
    ).toEqual({
      a: `docker.io/library/node@${digest}`,
      b: `docker.io/library/node@${digest}`,
      c: `docker.io/tools/x@${digest}`,
    });
    expect(await told()).toEqual([
      'pull docker.io/library/node:24',
      'pull --platform linux/arm64 docker.io/tools/x:latest',
    ]);
  });

  it('need no registry where the daemon has them by their own digest', async () => {
    expect(await make(`{ a: { image: "${own}" } }`)).toEqual({ a: own });
    expect((await told()).join()).not.toContain('pull');
    const other = `node@${digest}`;
    expect(await make(`{ a: { image: "${other}" } }`)).toEqual({ a: `docker.io/library/${other}` });
    expect(await told()).toContain(`pull docker.io/library/${other}`);
  });

  it('are built from a Dockerfile of ours, on images under names of ours, with caches of their own', async () => {
    await writeFile(
      join(root, 'Dockerfile'),
      '# syntax=evil/frontend\nARG CORE\nFROM node:24 AS made\nFROM $CORE\nCOPY --from=made a b\nRUN --mount=from=node,target=/n x\n',
    );
    expect(await make(`{ tests: { build: { context: ROOT, args: { CORE: "${own}" }, target: made } } }`)).toEqual({
      tests: `slipway.invalid/tests:${aTry.images}.build-1`,
    });
    const base = (n: number) => `slipway.invalid/tests:${aTry.images}.base-1-${n}`;
    const lines = `FROM ${base(1)} AS made\nFROM ${base(2)}\nCOPY --from=made a b\nRUN --mount=from=${base(3)},target=/n x\n`;
    expect(await seen('Dockerfile')).toMatch(new RegExp(`^# [^=\n]+\nARG CORE\n${lines}$`));
    const orders = await told();
    const build = orders.find((order) => order.startsWith('build '))!;
    expect(build).toMatch(
      / --target made --build-arg CORE=\S+ --build-arg BUILDKIT_CACHE_MOUNT_NS=([0-9a-f]{16}) --add-host cache-\1\.invalid:127\.0\.0\.1 --file /,
    );
    expect(build).not.toMatch(/--pull|--tag|--network|--secret|--ssh|--allow|--build-context/);
    const before = orders.slice(0, orders.indexOf(build));
    expect(before).toContain('pull docker.io/library/node:24');
    expect(before).toContain(`tag sha256:${'4'.repeat(64)} ${base(1)}`);
    expect(orders.at(-1)).toBe(`tag sha256:${'3'.repeat(64)} slipway.invalid/tests:${aTry.images}.build-1`);
  });

  it('share caches with tests of the same branch alone, and not with its releases', async () => {
    await writeFile(join(root, 'Dockerfile'), 'FROM scratch\n');
    for (const branch of ['main', 'main', 'feature'])
      await make('{ tests: { build: ROOT } }', { cachesOf: aCacheOwner({ branch }) });
    const named = (await told()).flatMap((order) => /BUILDKIT_CACHE_MOUNT_NS=(\S+)/.exec(order)?.[1] ?? []);
    expect(named).toEqual([named[0], named[0], expect.not.stringMatching(named[0]!)]);
    expect(named).not.toContain(cacheOf(aCacheOwner(), 'registry.test/core'));
  });

  it('are asked for in full before anything is built on them', async () => {
    await writeFile(join(root, 'Dockerfile'), 'FROM node:24\nFROM node:22\n');
    await expect(make('{ tests: { build: ROOT } }', { pull: 'echo denied >&2; exit 1' })).rejects.toThrow(
      /SLIP-TEST-2.*docker pull docker.io\/library\/node:24.*denied/s,
    );
    expect((await told()).some((order) => order.startsWith('build '))).toBe(false);
  });

  it('are not taken when it is not said which they are', async () => {
    await expect(make('{ a: { image: node } }', { pull: 'echo done' })).rejects.toThrow(/did not say which image/);
  });

  it('are built on none that has instructions of its own', async () => {
    await writeFile(join(root, 'Dockerfile'), 'FROM node\n');
    await expect(
      make('{ tests: { build: ROOT } }', { triggers: '["COPY --from=registry.test/payments/api:build-cache / /x"]' }),
    ).rejects.toThrow(/SLIP-TEST-3.*services\.tests\.build.*ONBUILD/s);
    expect(await make('{ tests: { build: ROOT } }', { triggers: '[]' })).toHaveProperty('tests');
  });

  it('that do not build are told from tests that fail, and from those that take too long', async () => {
    await writeFile(join(root, 'Dockerfile'), 'FROM scratch\n');
    const failing = { build: 'echo no such file >&2; exit 1' };
    await expect(make('{ tests: { build: ROOT } }', failing)).rejects.toThrow(/SLIP-IMG-1.*no such file/s);
    await expect(make('{ tests: { build: ROOT } }', { build: 'exec tail -f /dev/null', left: 1 })).rejects.toThrow(
      /SLIP-TEST-4.*services\.tests/s,
    );
  });
});
