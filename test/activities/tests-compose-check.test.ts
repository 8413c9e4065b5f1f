import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createComposeTests } from '../../activities/tests/compose-tests.ts';
import { anImage } from '../domain/builders.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { aProgress } from '../support/progress.ts';

describe('a compose file that reaches out of the checkout', () => {
  let outside: string;
  let directory: string;
  let programs: string | undefined;
  beforeEach(async () => {
    outside = await mkdtemp(join(tmpdir(), 'slipway-compose-'));
    directory = join(outside, 'checkout');
    await write('a file', '');
    await writeFile(join(outside, 'secret'), 'hunter22');
    // no Docker, no Compose: what gets as far as starting them ends with SLIP-TEST-2
    programs = process.env['PATH'];
    process.env['PATH'] = outside;
  });
  afterEach(async () => {
    process.env['PATH'] = programs;
    await rm(outside, { recursive: true });
  });

  const write = async (path: string, content: string | object) => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const link = async (target: string, path: string) => {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await symlink(target, join(directory, path));
  };
  const run = (composeFile = 'compose.yaml') => {
    const request = {
      directory,
      composeFile,
      service: 'core',
      reports: [],
      images: { core: anImage(), 'shop-web': anImage('web') },
      allowedImages: ['postgres', 'ghcr.io/example/*', 'localhost:5000/tools'],
      cachesOf: aCacheOwner(),
      project: 'p',
      timeoutMs: 1_000,
    };
    return createComposeTests().run(request, aProgress());
  };
  const refused = (why: RegExp) => ({
    details: expect.objectContaining({ code: 'SLIP-TEST-3', kind: 'terminal' }),
    message: expect.stringMatching(why),
  });
  const accepted = { details: { code: 'SLIP-TEST-2' } };
  const mounting = (path: string) => ({ services: { core: { volumes: [`${path}:/x`] } } });

  it.each([
    ['an absolute path', '/etc'],
    ['the socket of Docker', '/var/run/docker.sock'],
    ['a path upwards', '../secret'],
    ['a path upwards behind a detour', './a/../../secret'],
    ['a path beside the checkout with its name', '../checkout2'],
  ])('is refused before anything is started: %s', async (_what, path) => {
    await write('compose.yaml', mounting(path));
    await expect(run()).rejects.toMatchObject(
      refused(/compose\.yaml: services\.core\.volumes: .* leaves the checkout/),
    );
  });

  it.each([
    ['a link', '../secret', './link'],
    ['a link to nothing', '../not-yet', './link'],
    ['a link to itself', 'link', './link'],
    ['something below a link', '..', './link/not-yet/x'],
  ])('is refused when %s leads out', async (_what, target, path) => {
    await link(target, 'link');
    await write('compose.yaml', mounting(path));
    await expect(run()).rejects.toMatchObject(refused(/leaves the checkout/));
  });

  it('is refused when the Dockerfile that nobody named is a link that leads out', async () => {
    await link('../../secret', 'app/Dockerfile');
    await write('compose.yaml', { services: { core: { build: 'app' } } });
    await expect(run()).rejects.toMatchObject(refused(/app\/Dockerfile leaves the checkout/));
  });

  it.each(['.env', 'test/.env'])(
    'is refused when %s, which Compose reads by itself, is a link that leads out',
    async (path) => {
      await link(join(outside, 'secret'), path);
      await write('test/compose.yaml', { services: { core: {} } });
      await expect(run('test/compose.yaml')).rejects.toMatchObject(refused(/\.env leaves the checkout/));
    },
  );

  it('is accepted when everything stays inside, relative to the folder of the file', async () => {
    await write('src/main.ts', '');
    await link('../src', 'test/link');
    await write('test/.env', 'MODE=test');
    await write('test/compose.yaml', {
      services: {
        core: {
          build: { context: '..', dockerfile: 'test/Dockerfile' },
          env_file: '.env',
          volumes: ['../src:/a', './link:/b', './not-yet/reports:/c', `${join(directory, 'src')}:/d`],
        },
      },
    });
    await expect(run('test/compose.yaml')).rejects.toMatchObject(accepted);
  });

  it.each([
    ['extends', { services: { core: { extends: { file: 'sub/more.yaml', service: 'base' } } } }],
    ['include', { services: { core: {} }, include: ['sub/more.yaml'] }],
  ])('is refused for what it takes in by %s, with the name of that file', async (_how, file) => {
    await write('compose.yaml', file);
    await write('sub/more.yaml', { services: { base: { privileged: true } } });
    await expect(run()).rejects.toMatchObject(refused(/sub\/more\.yaml: services\.base\.privileged/));
    await write('sub/more.yaml', { services: { base: { volumes: ['../a file:/x', '../../secret:/y'] } } });
    await expect(run()).rejects.toMatchObject(refused(/: \.\.\/\.\.\/secret leaves/));
    await write('sub/more.yaml', { services: { base: { volumes: ['../a file:/x'] } } });
    await expect(run()).rejects.toMatchObject(accepted);
  });

  it('looks for paths where Compose does: beside a link, not beside what it leads to', async () => {
    await write('compose.yaml', { services: { core: {} }, include: ['link.yaml'] });
    await link('deep/down/more.yaml', 'link.yaml');
    await write('deep/down/more.yaml', { services: { base: { volumes: ['../../a file:/x'] } } });
    await expect(run()).rejects.toMatchObject(refused(/leaves the checkout/));
  });

  it('is accepted when files take each other in without end: Compose says that itself', async () => {
    await write('compose.yaml', { services: { core: {} }, include: ['compose.yaml'] });
    await expect(run()).rejects.toMatchObject(accepted);
  });

  it.each([
    '${CORE_IMAGE}',
    '$SHOP_WEB_IMAGE',
    'postgres:17',
    'docker.io/library/postgres',
    `postgres@sha256:${'1'.repeat(64)}`,
    'ghcr.io/example/tool:1',
    'localhost:5000/tools:2',
  ])('may run the images of the release, and those that the policy names: %s', async (image) => {
    await write('compose.yaml', { services: { core: { image } } });
    await expect(run()).rejects.toMatchObject(accepted);
  });

  it.each([
    'redis',
    'evil/postgres',
    'ghcr.io/postgres',
    'ghcr.io/example/deeper/tool',
    'ghcr.io/example-evil/tool',
    'localhost:5001/tools',
    '${OTHER_IMAGE}',
    '${CORE_IMAGE:-evil}',
    '${CORE_IMAGE}-evil',
    'evil/${CORE_IMAGE}',
    '$${CORE_IMAGE}',
    'postgres:${TAG}',
  ])('is refused when it runs another: %s', async (image) => {
    const files: object[] = [{ services: { core: { image } } }, { services: { core: { image, build: '.' } } }];
    for (const file of files) {
      await write('compose.yaml', file);
      await expect(run()).rejects.toMatchObject(refused(/`testImages`|none of the release's own images/));
    }
  });
});
