import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createDockerBuilder } from '../../activities/images/docker-builder.ts';
import { describeImageBuilder } from '../contract/images.suite.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { startDockerDaemon, type TestDaemon } from '../support/docker-daemon.ts';
import { usePrograms } from '../support/cluster-programs.ts';
import { aProgress } from '../support/progress.ts';
import { startRegistry, type TestRegistry } from '../support/registry.ts';

usePrograms('dockerd', 'docker', 'docker-registry');

describeImageBuilder('docker', async () => {
  const daemon = await startDockerDaemon();
  return { builder: createDockerBuilder({ host: daemon.host }), tearDown: daemon.stop };
});

describe('an image of another team that the daemon has', () => {
  jest.setTimeout(600_000);
  let daemon: TestDaemon;
  let registry: TestRegistry;
  let directory: string;
  beforeAll(async () => {
    daemon = await startDockerDaemon();
    registry = await startRegistry();
    directory = await mkdtemp(join(tmpdir(), 'slipway-context-'));
  });
  afterAll(async () => {
    await daemon?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const build = async (dockerfile: string, repository: string, ownImages: string[] = []) => {
    await writeFile(join(directory, 'Dockerfile'), dockerfile);
    const paths = { directory, context: '.', dockerfile: 'Dockerfile', args: {}, labels: {} };
    const whose = { repository: `${registry.host}/${repository}`, ownImages, cachesOf: aCacheOwner() };
    return createDockerBuilder({ host: daemon.host }).build({ ...paths, ...whose }, aProgress());
  };

  // What BuildKit has fetched by a digest, for anybody, it takes without asking: docs/security.md.
  it('is asked of its registry when it was built there, however it is named', async () => {
    await writeFile(join(directory, 'secret'), 'of another team');
    const theirs = await build('FROM scratch\nCOPY secret /secret\n', 'payments/api');
    await registry.stop(); // it answers nobody any more; for a stranger that is what it does always
    for (const text of [`FROM ${theirs}\nCOPY secret /x\n`, `FROM scratch\nCOPY --from=${theirs} /secret /x\n`]) {
      await expect(build(text, 'shop/core')).rejects.toThrow(/docker build ended.*(refused|not found)/s);
      // What the policy lets the service have is taken as it is: only the push finds no registry.
      await expect(build(text, 'shop/core', [`${registry.host}/payments/*`])).rejects.toThrow(/docker push/);
    }
  });
});
