import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, jest } from '@jest/globals';
import { createDockerBuilder } from '../../activities/images/docker-builder.ts';
import { createComposeTests } from '../../activities/tests/compose-tests.ts';
import { describeIntegrationTests } from '../contract/tests.suite.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { startDockerDaemon, type TestDaemon } from '../support/docker-daemon.ts';
import { usePrograms } from '../support/cluster-programs.ts';
import { aProgress } from '../support/progress.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

usePrograms('dockerd', 'docker', 'docker-compose', 'docker-registry');

describeIntegrationTests('docker compose', async () => {
  const daemon = await startDockerDaemon();
  const registry = await startRegistry();
  return {
    tests: createComposeTests({ dockerHost: daemon.host }),
    image: await anImageWithShell(daemon, registry),
    leftovers: (project) => leftoversOf(daemon, project),
    makeVolumeOf: (project) => daemon.docker('volume', 'create', '--label', `com.docker.compose.project=${project}`),
    async tearDown() {
      await registry.stop();
      await daemon.stop();
    },
  };
});

describe('what tests build on the daemon that builds releases', () => {
  jest.setTimeout(600_000);
  let daemon: TestDaemon;
  let registry: TestRegistry;
  let shell: string;
  let directory: string;
  let project: string;

  beforeAll(async () => {
    daemon = await startDockerDaemon();
    registry = await startRegistry();
    shell = await anImageWithShell(daemon, registry);
  });
  afterAll(async () => {
    await registry?.stop();
    await daemon?.stop();
  });
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-tests-'));
    project = `slipway-test-${randomUUID()}`;
  });
  afterEach(async () => {
    expect(await leftoversOf(daemon, project)).toEqual([]);
    await rm(directory, { recursive: true, force: true });
  });

  /** Runs tests in an image that they build. */
  async function run(
    dockerfile: string,
    {
      args = {},
      service = {},
      others = {},
      script = 'true',
    }: { args?: object; service?: object; others?: object; script?: string } = {},
  ) {
    const tests = {
      build: { context: '.', args: { CORE: '${SHOP_CORE_IMAGE}', ...args } },
      ...{ command: ['sh', '-c', script.replaceAll('$', '$$$$')], network_mode: 'none', stop_signal: 'SIGKILL' },
      ...service,
    };
    await writeFile(join(directory, 'Dockerfile'), dockerfile);
    await writeFile(join(directory, 'own'), 'of the checkout\n');
    await writeFile(
      join(directory, 'compose.yaml'),
      JSON.stringify({ version: '3.7', services: { tests, ...others } }),
    );
    return createComposeTests({ dockerHost: daemon.host }).run(
      {
        ...{ directory, composeFile: 'compose.yaml', service: 'tests', reports: [], project, timeoutMs: 300_000 },
        ...{ images: { 'shop-core': shell }, allowedImages: [`${registry.host}/tools/*`], cachesOf: aCacheOwner() },
      },
      aProgress(),
    );
  }

  /** Leaves the image of a release on the daemon, and its cache there, which is in no registry. */
  async function releaseOf(repository: string): Promise<string> {
    await writeFile(join(directory, 'Dockerfile'), `FROM ${shell}\nCOPY secret /file\n`);
    await writeFile(join(directory, 'secret'), 'of another team\n');
    const paths = {
      directory,
      context: '.',
      dockerfile: 'Dockerfile',
      args: {},
      labels: {},
      ownImages: [],
      cachesOf: aCacheOwner(),
    };
    await createDockerBuilder({ host: daemon.host }).build(
      { ...paths, repository: `${registry.host}/${repository}` },
      aProgress(),
    );
    return `${registry.host}/${repository}:build-cache`;
  }

  async function published(name: string, dockerfile: string): Promise<string> {
    await writeFile(join(directory, 'published'), dockerfile);
    const image = `${registry.host}/tools/${name}:1`;
    await daemon.docker('build', '--tag', image, '--file', join(directory, 'published'), directory);
    await daemon.docker('push', image);
    return image;
  }

  it('is built on the release’s own image, and on those that the policy names, as they are in their registry', async () => {
    await writeFile(join(directory, 'said'), 'of the registry\n');
    const tool = await published('tool', `FROM ${shell}\nCOPY said /said\n`);
    await writeFile(join(directory, 'said'), 'of somebody on this daemon\n');
    await daemon.docker('build', '--tag', tool, '--file', join(directory, 'published'), directory);
    const text = [
      '# syntax=registry.invalid/evil/frontend:1',
      `ARG CORE\nARG TOOL\nFROM \${TOOL} AS tool\nFROM \\\n  # a remark\n  \${CORE}`,
      'COPY own \\\n/own\nCOPY --from=tool /said /said',
    ].join('\n');
    const script = 'read own < /own; read said < /said; echo "<$own, $said>"';
    const command = ['sh', '-c', 'read said < /said; echo "<$$said>"; sleep 60'];
    const others = { other: { image: tool, command, network_mode: 'none', stop_signal: 'SIGKILL' } };
    const service = { depends_on: ['other'] };
    const report = await run(text, { args: { TOOL: tool }, script, others, service });
    expect(report.passed).toBe(true);
    expect(report.output).toContain('<of the checkout, of the registry>');
  });

  it('takes nothing of what another team’s build has left there, also where the policy names the repository', async () => {
    for (const image of [await releaseOf('payments/api'), await releaseOf('tools/api')]) {
      const why = image.includes('payments') ? /SLIP-TEST-3.*testImages/s : /SLIP-TEST-2.*docker pull/s;
      await expect(run(`FROM ${image}\n`)).rejects.toThrow(why);
      await expect(run(`ARG CORE\nFROM $CORE\nCOPY --from=${image} /file /file\n`)).rejects.toThrow(why);
      await expect(run('FROM scratch\n', { service: { build: undefined, image } })).rejects.toThrow(why);
      expect(await daemon.docker('image', 'inspect', '--format', '{{.Id}}', image)).toMatch(/^sha256:/); // it is there
    }
  });

  it('is built on no image that has instructions of its own for whoever does', async () => {
    const image = await releaseOf('payments/api');
    const trap = await published('trap', `FROM ${shell}\nONBUILD COPY --from=${image} /file /file\n`);
    await expect(run(`FROM ${trap}\n`)).rejects.toThrow(/SLIP-TEST-3.*ONBUILD/s);
  });

  it('names no caches of another build', async () => {
    const name = createHash('sha256').update(`${registry.host}/payments/api`).digest('hex').slice(0, 16);
    const text = 'ARG CORE\nFROM $CORE\nRUN --mount=type=cache,target=/c echo evil > /c/evil\n';
    await expect(run(text, { args: { BUILDKIT_CACHE_MOUNT_NS: name } })).rejects.toThrow(/SLIP-TEST-3.*BUILDKIT_/s);
  });

  it('is told from tests that fail when it does not build', async () => {
    await expect(run('ARG CORE\nFROM $CORE\nCOPY not-there /x\n')).rejects.toMatchObject({
      details: { code: 'SLIP-IMG-1' },
    });
  });
});

/** What is still there of a project, images by their names. */
async function leftoversOf(daemon: TestDaemon, project: string): Promise<string[]> {
  const filter = ['--filter', `label=com.docker.compose.project=${project}`];
  const listed = [
    await daemon.docker('ps', '--all', '--quiet', ...filter),
    await daemon.docker('network', 'ls', '--quiet', ...filter),
    await daemon.docker('volume', 'ls', '--quiet', ...filter),
    await daemon.docker('image', 'ls', '--quiet', '--filter', `reference=slipway.invalid/tests:${project}.*`),
  ];
  return listed.filter((text) => text !== '');
}

/** No base image can be pulled everywhere: this machine's own programs and the libraries they name are one. Answers it by its digest. */
async function anImageWithShell(daemon: TestDaemon, registry: TestRegistry): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-image-'));
  const programs = ['/bin/sh', '/bin/ln', '/bin/readlink', '/bin/rmdir', '/bin/sleep'];
  const { stdout } = await promisify(execFile)('ldd', programs);
  const libraries = (stdout.match(/\/\S+/g) ?? []).filter((path) => !path.endsWith(':'));
  for (const path of new Set([...programs, ...libraries])) {
    await mkdir(dirname(join(directory, 'root', path)), { recursive: true });
    await cp(path, join(directory, 'root', path), { dereference: true });
  }
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY root /\n');
  const name = `${registry.host}/shop/core`;
  await daemon.docker('build', '--tag', `${name}:1`, directory);
  await rm(directory, { recursive: true });
  const [, digest] = /digest: (sha256:[0-9a-f]{64})/.exec(await daemon.docker('push', `${name}:1`))!;
  return `${name}@${digest}`;
}
