import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { createRegistry } from '../../activities/images/registry.ts';
import type { Records } from '../../activities/records/port.ts';
import { createGitSource } from '../../activities/source/git-source.ts';
import type { Source } from '../../activities/source/port.ts';
import { chooseArtifacts } from '../../activities/steps/choose-artifacts.ts';
import { keepPlanHash } from '../../activities/steps/recorded-result.ts';
import { releaseId } from '../../domain/contract/names.ts';
import type { ReleasePlan, ReleaseSpec, VerifiedRelease } from '../../domain/contract/release.ts';
import {
  aComponent,
  aHash,
  anImage,
  aPlan,
  aPlannedComponent,
  aRegion,
  aRequest,
  aSpec,
  aVerified,
} from '../domain/builders.ts';
import { aRepository, type TestRepository } from '../support/git-repository.ts';

/** A registry in memory: what each tag is, or the status it answers instead. */
async function aRegistry() {
  const tags = new Map<string, string | number>();
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const name = (request.url ?? '').replace('/v2/', '').replace('/manifests/', ':');
    asked.push(name);
    const is = tags.get(name) ?? 404;
    if (typeof is === 'number') return void response.writeHead(is).end();
    response.writeHead(200, { 'docker-content-digest': sha256(is) }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, tags, asked, server };
}

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

describe('which images a release needs built', () => {
  let repository: TestRepository;
  let registry: Awaited<ReturnType<typeof aRegistry>>;
  let verified: VerifiedRelease[];
  let kept: Map<string, unknown>;
  /** Of the release before, and whether it says of its image that it was given before. */
  let plan: ReleasePlan | undefined;
  let givenBefore: boolean | undefined;
  const mirrors: string[] = [];
  beforeEach(async () => {
    repository = await aRepository();
    registry = await aRegistry();
    registry.tags.set('base:1', 'first');
    verified = [];
    kept = new Map();
  });
  afterEach(async () => {
    registry.server.close();
    await repository.remove();
    for (const mirror of mirrors.splice(0)) await rm(mirror, { recursive: true, force: true });
  });

  /** Reads a release of a new commit; as if it ended well, its images are verified then. */
  async function release(files: Record<string, string>, changes: Partial<ReleaseSpec> = {}, images = {}) {
    const commit = await repository.commit({ files });
    const cacheDirectory = join(repository.directory, '..', `mirrors-${commit}`);
    mirrors.push(cacheDirectory);
    const build = { context: 'core', dockerfile: 'docker/core', args: {} };
    const spec = aSpec({
      registry: `${registry.host}/shop`,
      imagesFrom: [`${registry.host}/shop`, 'registry.test'],
      regions: [aRegion('de'), aRegion('nl')],
      components: [aComponent('core', { paths: ['shared'], build })],
      ...changes,
    });
    const request = aRequest({ repository: repository.directory, commit, images });
    const read = await chooseArtifacts(request, spec, {
      source: createGitSource({ cacheDirectory, allowedProtocols: ['file'] }),
      registry: createRegistry(),
      records: {
        inventory: { current: async () => verified },
        plans: {
          keep: async (id: string, name: string, document: unknown) => void kept.set(`${id} ${name}`, document),
          kept: async (id: string, name: string) => kept.get(`${id} ${name}`),
          find: async () => plan,
        },
      } as unknown as Records,
    });
    const [artifact] = read.artifacts;
    const image = artifact?.image ?? anImage('core', '1');
    givenBefore = artifact?.given;
    plan = aPlan({ components: [aPlannedComponent('core', artifact ?? { image, origin: 'built' })] });
    await keepPlanHash(
      { keep: async (id, name, document) => void kept.set(`${id} ${name}`, document) },
      releaseId(request),
      aHash(),
    );
    verified = ['de', 'nl'].map((region) => aVerified({ region, commit, image, releaseId: releaseId(request) }));
    return read.toBuild[0]?.why ?? artifact?.origin;
  }

  const dockerfile = () => ({ 'docker/core': `ARG BASE=${registry.host}/base:1\nFROM $BASE\nCOPY . .\n` });

  it('none as long as nothing changes that they are made of, however many releases pass', async () => {
    expect(await release({ ...dockerfile(), 'core/a': '1' })).toBe('no release is verified in every region');
    expect(await release({ 'README.md': '1' })).toBe('unchanged');
    expect(await release({ 'README.md': '2' })).toBe('unchanged');
  });

  it('those whose base image moved behind its tag, also after releases that changed nothing', async () => {
    await release(dockerfile());
    expect(await release({ 'README.md': '1' })).toBe('unchanged');
    registry.tags.set('base:1', 'second');
    expect(await release({ 'README.md': '2' })).toBe(`the base image ${registry.host}/base:1 is another one now`);
    expect(await release({ 'README.md': '3' })).toBe('unchanged');
  });

  it('those whose base image cannot be asked for, and once more when it can again', async () => {
    await release(dockerfile());
    const untold = 'it cannot be told whether its base images are the same';
    registry.tags.set('base:1', 503);
    expect(await release({ 'README.md': '1' })).toMatch(
      new RegExp(`^${untold}: .*base:1: the registry cannot be reached: .*503`),
    );
    registry.tags.set('base:1', 'first');
    expect(await release({ 'README.md': '2' })).toMatch(untold);
    expect(await release({ 'README.md': '3' })).toBe('unchanged');
  });

  it('those whose Dockerfile changed, though it is in none of their paths', async () => {
    await release(dockerfile());
    expect(await release({ 'docker/core': 'FROM scratch\n' })).toBe('docker/core changed');
  });

  it('not those of which only a file changed that the build does not see', async () => {
    await release({ ...dockerfile(), 'core/.dockerignore': 'docs\n' });
    expect(await release({ 'core/docs/a.md': '1' })).toBe('unchanged');
    expect(await release({ 'core/.dockerignore': '' })).toBe('core/.dockerignore changed');
  });

  it('those whose Dockerfile is not there, which the build will say', async () => {
    await release({ 'core/a': '1' });
    expect(await release({ 'README.md': '1' })).toMatch(/there is no docker\/core$/);
  });

  it('not those that somebody else has built, whatever they are built on', async () => {
    const given = `${registry.host}/shop/core@${sha256('given')}`;
    registry.tags.set(`shop/core:${sha256('given')}`, 'given');
    expect(await release(dockerfile(), {}, { core: given })).toBe('given');
    expect(registry.asked).toEqual([`shop/core:${sha256('given')}`]);
    registry.tags.set('base:1', 503);
    for (const text of ['1', '2']) {
      expect(await release({ 'README.md': text })).toBe('unchanged');
      expect(givenBefore).toBe(true);
    }
  });

  it('never asks an address inside that only the repository names', async () => {
    const why = /base:1 is at an address inside, which the policy does not name$/;
    const elsewhere = { registry: 'registry.example.com/shop', imagesFrom: [] };
    await release(dockerfile(), elsewhere);
    expect(await release({ 'README.md': '1' }, elsewhere)).toMatch(why);
    expect(registry.asked).toEqual([]);
  });

  it('asks for an image once, however many are built on it', async () => {
    const build = { context: 'core', dockerfile: 'docker/core', args: {} };
    const components = ['core', 'web', 'worker'].map((name) => aComponent(name, { build }));
    await release(dockerfile(), { components });
    expect(registry.asked).toEqual(['base:1']);
  });
});

describe('what has changed', () => {
  it('is asked once for all components that stand on a commit, and of one commit after the other', async () => {
    const [first, second] = ['1'.repeat(40), '2'.repeat(40)];
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const asked: string[] = [];
    const atOnce: number[] = [];
    let open = 0;
    const source = {
      async changedPaths({ from }: { from: string }) {
        asked.push(from);
        atOnce.push((open += 1));
        await setImmediate();
        open -= 1;
        return ['README.md'];
      },
      read: async () => undefined,
      authors: async () => [],
    } as unknown as Source;
    const spec = aSpec({ regions: [aRegion('de')], components: names.map((name) => aComponent(name)) });
    const verified = names.map((component, n) =>
      aVerified({ component, region: 'de', commit: n % 2 === 0 ? first : second, image: anImage(component, '1') }),
    );
    await chooseArtifacts(aRequest({ commit: '3'.repeat(40) }), spec, {
      source,
      registry: { resolve: async () => undefined },
      records: {
        inventory: { current: async () => verified },
        plans: { keep: async () => {}, kept: async () => undefined },
      } as unknown as Records,
    });
    expect(asked.sort()).toEqual([first, second]);
    expect(atOnce).toEqual([1, 1]);
  });
});
