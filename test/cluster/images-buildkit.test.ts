import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createDockerBuilder } from '../../activities/images/docker-builder.ts';
import type { CacheOwner } from '../../activities/shared/build-cache.ts';
import { runCommand } from '../../activities/shared/run-command.ts';
import { createGitSource } from '../../activities/source/git-source.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { usePrograms } from '../support/cluster-programs.ts';
import { startDockerDaemon, type TestDaemon } from '../support/docker-daemon.ts';
import { aRepository } from '../support/git-repository.ts';
import { filesLikeARepository } from '../support/hostile-context.ts';
import { aProgress } from '../support/progress.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { anImageThatClaims, fileIn } from '../support/claiming-image.ts';
import { anImageWithShell } from '../support/shell-image.ts';

usePrograms('dockerd', 'docker', 'docker-registry', 'ip');

/** Debian has no package of it: there the client uses the classic builder. Docker's own packages bring it. */
const hasBuildx = (await runCommand({ program: 'docker', args: ['buildx', 'version'] })).exitCode === 0;

jest.setTimeout(600_000);
let daemon: TestDaemon;
let registry: TestRegistry;
let shell: string;

beforeAll(async () => {
  daemon = await startDockerDaemon({ bridge: 'own' });
  registry = await startRegistry();
  shell = await anImageWithShell(daemon, registry);
});
afterAll(async () => {
  await registry?.stop();
  await daemon?.stop();
});

describe('a context that git takes for a repository', () => {
  // The client of BuildKit asks git about it, here where the worker's own logins are.
  it.each(['.', 'app'])('has nothing run by the worker: %j', async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-buildkit-'));
    const mark = join(directory, 'mark');
    const files = {
      ...filesLikeARepository(mark, context),
      [join(context, 'Dockerfile')]: 'FROM scratch\nCOPY HEAD /\n',
    };
    const repository = await aRepository();
    try {
      const commit = await repository.commit({ files });
      const source = createGitSource({ cacheDirectory: join(directory, 'mirrors'), allowedProtocols: ['file'] });
      const checkout = { repository: `file://${repository.directory}`, commit, directory: join(directory, 'checkout') };
      await source.confirm({ ...checkout, branch: 'main' });
      await source.checkOut(checkout);
      const paths = {
        directory: checkout.directory,
        context,
        dockerfile: join(context, 'Dockerfile'),
        args: {},
        labels: {},
      };
      const whose = { repository: `${registry.host}/shop/core`, ownImages: [], cachesOf: aCacheOwner() };
      const image = await createDockerBuilder({ host: daemon.host }).build({ ...paths, ...whose }, aProgress());
      expect(image).toMatch(/@sha256:/);
      expect(await readdir(directory)).not.toContain('mark');
    } finally {
      await repository.remove();
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe('what builds on one daemon share', () => {
  /** Builds an image that RUN has made a file in, and answers what is in it. What comes after is each build's own. */
  async function made(running: string, cachesOf: CacheOwner): Promise<string> {
    const text = `FROM ${shell}\nRUN ${running} > /made\nCOPY own /own\n`;
    const image = await madeFrom(text, { own: randomUUID() }, cachesOf);
    return daemon.docker('run', '--rm', '--network', 'none', image, 'sh', '-c', 'read x < /made; echo "$x"');
  }

  async function madeFrom(dockerfile: string, files: Record<string, string>, cachesOf: CacheOwner): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-buildkit-'));
    for (const [name, text] of Object.entries({ ...files, Dockerfile: dockerfile }))
      await writeFile(join(directory, name), text);
    const paths = { directory, context: '.', dockerfile: 'Dockerfile', args: {}, labels: {} };
    const whose = { repository: `${registry.host}/shop/core`, ownImages: [], cachesOf };
    try {
      return await createDockerBuilder({ host: daemon.host }).build({ ...paths, ...whose }, aProgress());
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  const others: [string, Partial<CacheOwner>][] = [
    ['branch', { branch: 'feature' }],
    ['environment', { environment: 'staging' }],
    ['service', { service: 'other' }],
  ];

  /*
   * In BuildKit from Docker 23 on the last two have the same key whichever cache they had, and only the name of a host tells them apart. That of
   * Docker 20.10 has the name of the cache in each key: there the first shows what the name of a host does. The classic builder has but the first.
   */
  const mounts = ['--mount=type=cache,target=/c,sharing=locked ', '--mount=type=cache,target=/c,id=c '];
  it.each(['', ...(hasBuildx ? mounts : [])])(
    'takes a layer of RUN from builds that are trusted as it is, and from no other: %j',
    async (mount) => {
      const random = `${mount}read x < /proc/sys/kernel/random/uuid; echo "$x"`;
      const mine = aCacheOwner({ service: randomUUID() });
      const first = await made(random, mine);
      expect(first).toMatch(/^[0-9a-f-]{36}$/);
      expect(await made(random, mine)).toBe(first);
      for (const [, changes] of others) expect(await made(random, { ...mine, ...changes })).not.toBe(first);
    },
  );

  // A client that cannot speak to BuildKit.
  if (hasBuildx) describeBuildKit();
  else describeClassic();

  function describeClassic() {
    it('is no cache with the classic builder, which has none', async () => {
      await expect(made('--mount=type=cache,target=/c echo x', aCacheOwner())).rejects.toThrow(/requires BuildKit/);
    });

    it('is no image that was fetched, though it says of itself that it begins as what is built', async () => {
      const forged = await anImageThatClaims(daemon, registry, { file: 'reviewed', holds: 'forged' });
      await madeFrom(`FROM ${forged}\nLABEL a=b\n`, {}, aCacheOwner({ service: 'other' }));
      const image = await madeFrom('FROM scratch\nCOPY site /site\nCMD ["x"]\n', { site: 'reviewed' }, aCacheOwner());
      expect(await fileIn(daemon, image, '/site')).toBe('reviewed');
    });
  }

  function describeBuildKit() {
    it.each(others)('finds nothing in its caches that a build of another %s has put there', async (_whose, changes) => {
      const cache = '--mount=type=cache,target=/c,sharing=locked ';
      const mine = aCacheOwner({ service: randomUUID() });
      await made(`${cache}echo evil > /c/x; echo left`, { ...mine, ...changes });
      expect(await made(`${cache}if read x < /c/x; then echo "$x"; else echo nothing; fi`, mine)).toBe('nothing');
      await made(`${cache}echo ours > /c/x; echo left`, mine);
      expect(await made(`${cache}read x < /c/x; echo "$x"`, mine)).toBe('ours'); // there is a cache
    });
  }
});
