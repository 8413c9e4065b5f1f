import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createComposeTests } from '../../activities/tests/compose-tests.ts';
import { describeIntegrationTests } from '../contract/tests.suite.ts';
import { startDockerDaemon, type TestDaemon } from '../support/docker-daemon.ts';
import { usePrograms } from '../support/cluster-programs.ts';

usePrograms('dockerd', 'docker', 'docker-compose');

describeIntegrationTests('docker compose', async () => {
  const daemon = await startDockerDaemon();
  return {
    tests: createComposeTests({ dockerHost: daemon.host }),
    image: await anImageWithShell(daemon),
    async leftovers(project) {
      const filter = ['--filter', `label=com.docker.compose.project=${project}`];
      const listed = [
        await daemon.docker('ps', '--all', '--quiet', ...filter),
        await daemon.docker('network', 'ls', '--quiet', ...filter),
        await daemon.docker('volume', 'ls', '--quiet', ...filter),
      ];
      return listed.filter((text) => text !== '');
    },
    makeVolumeOf: (project) => daemon.docker('volume', 'create', '--label', `com.docker.compose.project=${project}`),
    tearDown: daemon.stop,
  };
});

/** No base image can be pulled everywhere: this machine's own programs and the libraries they name are one. */
async function anImageWithShell(daemon: TestDaemon): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-image-'));
  const programs = ['/bin/sh', '/bin/ln', '/bin/readlink', '/bin/rmdir', '/bin/sleep'];
  const { stdout } = await promisify(execFile)('ldd', programs);
  const libraries = (stdout.match(/\/\S+/g) ?? []).filter((path) => !path.endsWith(':'));
  for (const path of new Set([...programs, ...libraries])) {
    await mkdir(dirname(join(directory, 'root', path)), { recursive: true });
    await cp(path, join(directory, 'root', path), { dereference: true });
  }
  await writeFile(join(directory, 'Dockerfile'), 'FROM scratch\nCOPY root /\n');
  await daemon.docker('build', '--tag', 'slipway.test/shell:1', directory);
  await rm(directory, { recursive: true });
  return 'slipway.test/shell:1';
}
