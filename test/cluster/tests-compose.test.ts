import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it, jest } from '@jest/globals';
import { createDockerBuilder } from '../../activities/images/docker-builder.ts';
import type { Progress } from '../../activities/shared/progress.ts';
import { createComposeTests } from '../../activities/tests/compose-tests.ts';
import { describeIntegrationTests } from '../contract/tests.suite.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { startDockerDaemon, type TestDaemon } from '../support/docker-daemon.ts';
import { usePrograms } from '../support/cluster-programs.ts';
import { aProgress } from '../support/progress.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';
import { anImageWithShell } from '../support/shell-image.ts';

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
      progress = aProgress(),
    }: { args?: object; service?: object; others?: object; script?: string; progress?: Progress } = {},
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
      progress,
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

  it('is not passed by a stranger’s container, which bears the labels by which Compose knows its own', async () => {
    const progress = aProgress();
    const told = progress.report;
    const script = 'echo begun; until test -e /go; do sleep 0.1; done; exit 1';
    // As the classic builder leaves them for a Dockerfile with `LABEL`: one for each RUN, "exited 0" while it is committed.
    const labels = [`${label}=${project}`, 'com.docker.compose.service=tests', 'com.docker.compose.oneoff=False'];
    const passedByStranger = async () => {
      const marks = labels.flatMap((one) => ['--label', one]);
      await daemon.docker('run', '--name', 'of-a-stranger', '--network', 'none', ...marks, shell, 'sh', '-c', 'exit 0');
      const running = await daemon.docker('ps', '--quiet', '--filter', 'label=com.docker.compose.service=tests');
      await daemon.docker('exec', running, 'sh', '-c', 'echo > /go');
    };
    let stranger: Promise<void> | undefined;
    progress.report = (line) => {
      told(line);
      if (/begun/.test(line)) stranger ??= passedByStranger();
    };
    const report = await run('ARG CORE\nFROM $CORE\n', { script, progress });
    await stranger;
    // A try takes away what is its own.
    await daemon.docker('rm', 'of-a-stranger');
    expect(report).toMatchObject({ passed: false, exitCode: 1 });
    const lines = progress.lines.join('\n');
    expect(lines).toContain(project);
    // Whoever knew the rest could make such labels in time. What its images are called is another mark.
    expect(lines).not.toMatch(new RegExp(`${project}-[0-9a-f]+-[0-9a-f]{16}`));
  });

  it('is told from tests that fail when it does not build', async () => {
    await expect(run('ARG CORE\nFROM $CORE\nCOPY not-there /x\n')).rejects.toMatchObject({
      details: { code: 'SLIP-IMG-1' },
    });
  });
});

const label = 'com.docker.compose.project';

/** What is still there of a project, in any try: containers, networks and volumes by what Compose calls it, images by their names. */
async function leftoversOf(daemon: TestDaemon, project: string): Promise<string[]> {
  const labelled = (id: string) => ['--filter', `label=${label}`, '--format', `{{${id}}} {{.Label "${label}"}}`];
  const listed = [
    await daemon.docker('ps', '--all', ...labelled('.ID')),
    await daemon.docker('network', 'ls', ...labelled('.ID')),
    await daemon.docker('volume', 'ls', ...labelled('.Name')),
  ];
  const images = ['image', 'ls', '--quiet', '--filter', `reference=slipway.invalid/tests:${project}*`];
  return [
    ...listed
      .flatMap((text) => text.split('\n'))
      .flatMap((line) => {
        const [id = '', name = ''] = line.split(' ');
        return name.startsWith(project) ? [id] : [];
      }),
    ...(await daemon.docker(...images)).split('\n').filter((id) => id !== ''),
  ];
}
