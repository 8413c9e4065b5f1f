import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createDockerBuilder } from '../../activities/images/docker-builder.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { aProgress } from '../support/progress.ts';

/** In place of the docker client: keeps its arguments and the Dockerfile that it is given, and builds as it is told to. */
const client = (place: string, exitCode: number, hasBuildx: boolean) => `#!/bin/sh
case "$1" in
buildx) exit ${hasBuildx ? 0 : 1} ;;
tag) echo "$3" >> ${place}/tags ;;
build)
  printf '%s\\n' "$@" > ${place}/arguments
  env > ${place}/environment
  while [ $# -gt 1 ]; do
    [ "$1" = --iidfile ] && echo sha256:${'1'.repeat(64)} > "$2"
    [ "$1" = --file ] && cp "$2" ${place}/Dockerfile && cp "$2.dockerignore" ${place}/ignored
    shift
  done
  exit ${exitCode} ;;
push) echo "build: digest: sha256:${'2'.repeat(64)} size: 1" ;;
esac
`;

describe('a Dockerfile that Docker builds', () => {
  let directory: string;
  const { PATH } = process.env;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-docker-'));
    await Promise.all(['bin', 'context', 'seen'].map((name) => mkdir(join(directory, name))));
    await writeFile(join(directory, 'context/Dockerfile.dockerignore'), 'secret');
    process.env['PATH'] = `${join(directory, 'bin')}:${PATH}`;
  });
  afterEach(async () => {
    process.env['PATH'] = PATH;
    await rm(directory, { recursive: true, force: true });
  });

  async function build(
    dockerfile: string | Buffer,
    {
      args = {},
      exitCode = 0,
      cachesOf = aCacheOwner(),
      repository = 'registry.test/shop/core',
      ownImages = [] as string[],
      hasBuildx = true,
    } = {},
  ) {
    await writeFile(join(directory, 'context/Dockerfile'), dockerfile);
    await writeFile(join(directory, 'bin/docker'), client(join(directory, 'seen'), exitCode, hasBuildx), {
      mode: 0o755,
    });
    return createDockerBuilder().build(
      {
        directory: join(directory, 'context'),
        context: '.',
        dockerfile: 'Dockerfile',
        args,
        ...{ repository, ownImages, cachesOf },
        labels: {},
      },
      aProgress(),
    );
  }
  const seen = (name: string) => readFile(join(directory, 'seen', name), 'utf8');

  it.each(['# syntax=evil/frontend:1', '//syntax=evil/frontend:1', '{"syntax":"evil/frontend:1"}'])(
    'has no say in which program reads it: %s',
    async (line) => {
      const text = `${line}\nFROM scratch\n`;
      expect(await build(text)).toBe(`registry.test/shop/core@sha256:${'2'.repeat(64)}`);
      const [first, ...rest] = (await seen('Dockerfile')).split('\n');
      expect(first).toMatch(/^# [^=]+$/);
      expect(rest.join('\n')).toBe(text);
    },
  );

  it('is otherwise what it was, with its own file of what is ignored', async () => {
    await build(Buffer.from('\uFEFF# escape=`\r\nFROM scratch\r\n'));
    expect(await seen('Dockerfile')).toMatch(/^# escape=`\n# [^=\n]+\n# escape=`\r\nFROM scratch\r\n$/);
    expect(await seen('ignored')).toBe('secret');
  });

  it('says that its syntax was not followed when it does not build', async () => {
    await expect(build('# syntax=docker/dockerfile:1-labs\nFROM scratch\n', { exitCode: 1 })).rejects.toThrow(
      /docker\/dockerfile:1-labs\) was not followed/,
    );
  });

  const ofProxies = ['HTTP', 'HTTPS', 'FTP', 'NO', 'ALL'].flatMap((kind) => [
    `${kind}_PROXY`,
    `${kind.toLowerCase()}_proxy`,
  ]);
  it.each(['BUILDKIT_SYNTAX', 'BUILDKIT_CACHE_MOUNT_NS', ...ofProxies, 'Http_Proxy'])(
    'tells the builder nothing by an argument: %s',
    async (name) => {
      await expect(build('FROM scratch\n', { args: { [name]: 'x' } })).rejects.toMatchObject({
        details: { code: 'SLIP-IMG-6', detail: expect.stringContaining(name) },
      });
    },
  );

  it('gets arguments that it has declared itself', async () => {
    await build('FROM scratch\n', { args: { VERSION: '1', PROXY: '2' } });
    expect(await seen('arguments')).toMatch(/\nPROXY=2\n--build-arg\nVERSION=1\n/);
  });

  const cacheOf = async (changes: Parameters<typeof build>[1]) => {
    await build('FROM scratch\n', changes);
    const [, named, host] =
      /\nBUILDKIT_CACHE_MOUNT_NS=([0-9a-f]{16})\n--add-host\ncache-([0-9a-f]{16})\.invalid:127\.0\.0\.1\n/.exec(
        await seen('arguments'),
      )!;
    expect(host).toBe(named); // caches by the one, what was made with them by the other
    return named;
  };

  it('shares caches, and layers made with them, with builds that are trusted as it is', async () => {
    expect(await cacheOf({})).toBe(await cacheOf({}));
  });

  it.each([
    ['another service', { cachesOf: aCacheOwner({ service: 'other' }) }],
    ['another environment', { cachesOf: aCacheOwner({ environment: 'staging' }) }],
    ['another branch', { cachesOf: aCacheOwner({ branch: 'feature' }) }],
    ['names that are the same in a row', { cachesOf: aCacheOwner({ service: 'shopp', environment: 'roduction' }) }],
    ['another image', { repository: 'registry.test/shop/web' }],
  ])('shares neither with a build of %s', async (_whose, changes) => {
    expect(await cacheOf(changes)).not.toBe(await cacheOf({}));
  });

  describe('by the classic builder', () => {
    const layers = /^slipway\.invalid\/cache:[0-9a-f]{16}$/m;
    const told = async (changes: Parameters<typeof build>[1]) => {
      await build('FROM scratch\n', { hasBuildx: false, ...changes });
      return /\n--cache-from\n(.*)\n/.exec(await seen('arguments'))![1]!;
    };

    it('takes layers from what was built for those who are trusted as it is, and leaves its own to them', async () => {
      const from = await told({});
      expect(from).toMatch(layers);
      expect((await seen('tags')).split('\n')).toContain(from);
      expect(await told({})).toBe(from);
      for (const other of [{ branch: 'feature' }, { service: 'other' }, { environment: 'staging' }])
        expect(await told({ cachesOf: aCacheOwner(other) })).not.toBe(from);
    });

    it('leaves nothing when it fails', async () => {
      await expect(build('FROM scratch\n', { hasBuildx: false, exitCode: 1 })).rejects.toThrow(/SLIP-IMG-1/);
      await expect(seen('tags')).rejects.toThrow(/ENOENT/);
    });

    it('is told so, and BuildKit is told nothing of it: which of them builds is not left to the client', async () => {
      await told({});
      expect(await seen('environment')).toMatch(/^DOCKER_BUILDKIT=0$/m);
      await build('FROM scratch\n');
      expect(await seen('environment')).toMatch(/^DOCKER_BUILDKIT=1$/m);
      expect(await seen('arguments')).not.toMatch(/cache-from/);
    });
  });

  it('has git asked nothing about its context', async () => {
    await build('FROM scratch\n');
    expect(await seen('environment')).toMatch(/^BUILDX_GIT_INFO=false$/m);
    expect(await seen('environment')).toMatch(/^BUILDX_GIT_LABELS=false$/m);
  });

  const pinned = `registry.test/shop/base@sha256:${'3'.repeat(64)}`;
  it.each([
    ['by a tag', 'FROM node:24', true],
    ['by its digest, and the service’s own', `FROM ${pinned}`, false],
    ['by its digest, and another team’s', `FROM registry.test/payments/api@sha256:${'4'.repeat(64)}`, true],
    ['by its digest, of another registry', `FROM node@sha256:${'4'.repeat(64)}`, true],
    ['in a mount', `FROM ${pinned}\nRUN --mount=type=bind,From=registry.test/other:build-cache,target=/x a`, true],
    ['in a flag that is written otherwise', `FROM ${pinned}\nCOPY --\\from=registry.test/other:build-cache a b`, true],
  ])(
    'asks its registry for an image that is named %s, unless it is sure which it is, and whose',
    async (_how, text, asks) => {
      await build(`${text}\n`, { ownImages: ['registry.test/shop/*'] });
      expect((await seen('arguments')).split('\n').includes('--pull')).toBe(asks);
    },
  );
});
