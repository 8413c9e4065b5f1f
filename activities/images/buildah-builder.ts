import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest, PinnedImage } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { isLoopback } from '../shared/loopback.ts';
import type { Progress } from '../shared/progress.ts';
import { noCredentials, writeAuthFile, type RegistryCredentials } from '../shared/registry-login.ts';
import { describeResult, runCommand } from '../shared/run-command.ts';
import { checkBuild, type CheckedBuild } from './build-request.ts';
import { withoutTraces } from './image-directory.ts';
import type { ImageBuilder } from './port.ts';
import { buildFailure, pushFailure } from './push-failure.ts';

export interface BuildahBuilderOptions {
  credentials?: RegistryCredentials;
  /** Where builds keep their files while they run. The system's temporary directory by default. */
  workDirectory?: string;
  /** One build, without the push. 30 minutes by default. */
  timeoutMs?: number;
}

const pushTimeoutMs = 15 * 60_000;

/**
 * Builds without a daemon, by buildah and skopeo as root. Each build has a store of its own that is removed with it, so builds never meet
 * and a cancelled one leaves nothing; the price is that base images are pulled for each build.
 *
 * Everything is in Docker's format, as Docker builds it: the OCI format has no HEALTHCHECK, ONBUILD and SHELL, and buildah would drop them
 * with a warning. The image goes to a local directory first, which fixes its digest; then it is copied to `repository@digest`, without any tag.
 * All times in the image are 0, so the same commit gives the same digest as long as its Dockerfile does the same.
 */
export function createBuildahBuilder(options: BuildahBuilderOptions = {}): ImageBuilder {
  const credentials = options.credentials ?? noCredentials;
  return {
    async build(request, progress): Promise<PinnedImage> {
      const build = await checkBuild(request);
      const work = await mkdtemp(join(options.workDirectory ?? tmpdir(), 'slipway-build-'));
      try {
        const authFile = join(work, 'auth.json');
        await writeAuthFile(authFile, build.host, credentials);
        const image = await buildImage(
          build,
          { work, authFile, timeoutMs: options.timeoutMs ?? 30 * 60_000 },
          progress,
        );
        const digest = await layOut(image, work, progress);
        await push({ work, authFile, host: build.host, target: `${request.repository}@${digest}` }, progress);
        return `${request.repository}@${digest}`;
      } finally {
        await rm(work, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

async function buildImage(
  build: CheckedBuild,
  place: { work: string; authFile: string; timeoutMs: number },
  progress: Progress,
): Promise<string> {
  const idFile = join(place.work, 'image-id');
  const options = [
    '--format',
    'docker',
    '--isolation',
    'chroot',
    '--timestamp',
    '0',
    '--iidfile',
    idFile,
    '--authfile',
    place.authFile,
  ];
  const result = await runCommand({
    program: 'buildah',
    args: [
      ...store(place.work),
      'bud',
      ...options,
      ...tls('--tls-verify', build.host),
      ...build.arguments,
      '--file',
      build.dockerfile,
      build.context,
    ],
    env: { TMPDIR: place.work },
    timeoutMs: place.timeoutMs,
    progress,
  });
  if (result.exitCode !== 0) throw buildFailure('buildah bud', result);
  return (await readFile(idFile, 'utf8')).trim();
}

async function layOut(image: string, work: string, progress: Progress): Promise<Digest> {
  const result = await runCommand({
    program: 'buildah',
    args: [...store(work), 'push', '--format', 'v2s2', image, `dir:${layout(work)}`],
    env: { TMPDIR: work },
    timeoutMs: pushTimeoutMs,
    progress,
  });
  if (result.exitCode !== 0) throw failure('SLIP-IMG-7', describeResult('buildah push', result));
  return withoutTraces(layout(work));
}

async function push(
  to: { work: string; authFile: string; host: string; target: string },
  progress: Progress,
): Promise<void> {
  const options = [
    '--preserve-digests',
    '--retry-times',
    '2',
    '--dest-authfile',
    to.authFile,
    ...tls('--dest-tls-verify', to.host),
  ];
  const result = await runCommand({
    program: 'skopeo',
    args: ['copy', ...options, `dir:${layout(to.work)}`, `docker://${to.target}`],
    env: { TMPDIR: to.work },
    timeoutMs: pushTimeoutMs,
    progress,
  });
  if (result.exitCode !== 0) throw pushFailure('skopeo copy', result);
}

const layout = (work: string) => join(work, 'layout');
const store = (work: string) => [
  '--storage-driver',
  'vfs',
  '--root',
  join(work, 'store'),
  '--runroot',
  join(work, 'run'),
];
const tls = (option: string, host: string) => (isLoopback(host) ? [`${option}=false`] : []);
