import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PinnedImage } from '../../domain/contract/release.ts';
import { namedImages } from '../../domain/dockerfile.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Box, BoxLimits, BoxResult } from '../box/port.ts';
import { buildFailure } from '../shared/build-failure.ts';
import { checkBuild, writeDockerfile, type CheckedBuild } from '../shared/checked-build.ts';
import { isLoopback } from '../shared/loopback.ts';
import type { Progress } from '../shared/progress.ts';
import { noCredentials, writeAuthFile, type RegistryCredentials } from '../shared/registry-login.ts';
import { removeTree } from '../shared/remove-tree.ts';
import { describeResult, runCommand } from '../shared/run-command.ts';
import { fetchBases, namesOf } from './base-images.ts';
import { buildInBox, scriptCodes } from './buildah-script.ts';
import { checkLayout } from './built-layout.ts';
import { withoutTraces } from './image-directory.ts';
import type { ImageBuilder } from './port.ts';
import { pushFailure } from './push-failure.ts';
import { parseRepository } from './reference.ts';

export interface BuildahBuilderOptions {
  /** Where Dockerfiles run. */
  box: Box;
  credentials?: RegistryCredentials;
  /** Hosts of the operator's own network that Dockerfiles may name and builds may reach, as the policy names registries. */
  insideHosts?: () => Promise<readonly string[]>;
  /** Where builds keep their files while they run. The system's temporary directory by default. */
  workDirectory?: string;
  /** Of one build, without the push. */
  limits?: Partial<BoxLimits>;
}

/** What one build may take where the operator says nothing. Its store keeps each layer as a whole tree. */
const buildLimits: BoxLimits = {
  timeoutMs: 30 * 60_000,
  memoryBytes: 4 * 1024 ** 3,
  processes: 4_096,
  cpus: 4,
  diskBytes: 40 * 1024 ** 3,
};

const pushTimeoutMs = 15 * 60_000;

/**
 * Builds without a daemon, by buildah in a box: a Dockerfile is a stranger's program. Base images are fetched before, and the image is pushed
 * after, by skopeo outside of that box: it holds no login. Each build has a store of its own that is removed with it, so builds never meet
 * and a cancelled one leaves nothing; the price is that base images are fetched for each build.
 *
 * Everything is in Docker's format, as Docker builds it: the OCI format has no HEALTHCHECK, ONBUILD and SHELL, and buildah would drop them
 * with a warning. The image goes to a local directory first, which fixes its digest; then it is copied to `repository@digest`, without any tag.
 * All times in the image are 0, so the same commit gives the same digest as long as its Dockerfile does the same.
 */
export function createBuildahBuilder(options: BuildahBuilderOptions): ImageBuilder {
  const credentials = options.credentials ?? noCredentials;
  const limits = { ...buildLimits, ...options.limits };
  return {
    async build(request, progress): Promise<PinnedImage> {
      const { host } = parseRepository(request.repository);
      const build = await checkBuild(request);
      const work = await mkdtemp(join(options.workDirectory ?? tmpdir(), 'slipway-build-'));
      try {
        const places = await makePlaces(work);
        await writeDockerfile(build, places.in);
        const { references, pinned, untold } = namedImages(build.text.toString('utf8'), request.args);
        const bases = [...references, ...pinned];
        const insideHosts = (await options.insideHosts?.()) ?? [];
        const fetching = {
          references: bases,
          host,
          ownImages: request.ownImages,
          insideHosts,
          credentials,
          directory: places.bases,
          login: places.login,
          limits,
        };
        await fetchBases(options.box, fetching, progress);
        const result = await buildImage(options.box, { build, places, bases, insideHosts, limits }, progress);
        if (result.exitCode !== 0) throw failed(result, untold);
        await checkLayout(layout(places), limits.diskBytes);
        const digest = await withoutTraces(layout(places));
        const target = `${request.repository}@${digest}`;
        await push({ places, host, target, credentials }, progress);
        return target;
      } finally {
        await removeTree(work);
      }
    },
  };
}

interface Places {
  /** The Dockerfile, as it is read inside. */
  in: string;
  bases: string;
  /** The store of the build, and what is left of it. */
  work: string;
  out: string;
  /** Never given to a box in which something is built. */
  login: string;
}

async function makePlaces(work: string): Promise<Places> {
  const places: Places = {
    in: join(work, 'in'),
    bases: join(work, 'bases'),
    work: join(work, 'work'),
    out: join(work, 'out'),
    login: join(work, 'login'),
  };
  for (const place of Object.values(places) as string[]) await mkdir(place);
  return places;
}

const layout = ({ out }: Places) => join(out, 'layout');

interface Building {
  build: CheckedBuild;
  places: Places;
  bases: readonly string[];
  insideHosts: readonly string[];
  limits: BoxLimits;
}

function buildImage(
  box: Box,
  { build, places, bases, insideHosts, limits }: Building,
  progress: Progress,
): Promise<BoxResult> {
  const names = bases.flatMap((reference) => [...namesOf(reference), '.']);
  return box.run(
    {
      program: 'sh',
      args: ['-c', buildInBox, 'build', ...names, '--', ...build.arguments],
      env: { TMPDIR: '/work' },
      directories: [
        { from: build.context, at: '/context' },
        { from: places.in, at: '/in' },
        { from: places.bases, at: '/bases' },
        { from: places.work, at: '/work', writable: true },
        { from: places.out, at: '/out', writable: true },
      ],
      network: 'outside',
      insideHosts,
      asRoot: true,
      limits,
    },
    progress,
  );
}

function failed(result: BoxResult, untold: readonly string[]) {
  if (result.exitCode === scriptCodes.base || result.exitCode === scriptCodes.layout) {
    return failure('SLIP-IMG-7', describeResult('buildah', result));
  }
  const notes = [
    ...(result.bound === undefined ? [] : [`the build was ended: ${result.bound}`]),
    ...(/image not known/.test(result.tail)
      ? untold.map((what) => `no image was fetched for it, because it cannot be told ${what}`)
      : []),
  ];
  return buildFailure('buildah bud', { ...result, tail: [result.tail, ...notes].join('\n') });
}

interface Push {
  places: Places;
  host: string;
  target: string;
  credentials: RegistryCredentials;
}

async function push({ places, host, target, credentials }: Push, progress: Progress): Promise<void> {
  const authFile = join(places.login, 'auth.json');
  await writeAuthFile(authFile, host, credentials);
  const tls = isLoopback(host) ? ['--dest-tls-verify=false'] : [];
  const options = ['--preserve-digests', '--retry-times', '2', '--dest-authfile', authFile, ...tls];
  const result = await runCommand({
    program: 'skopeo',
    args: ['copy', ...options, `dir:${layout(places)}`, `docker://${target}`],
    env: { TMPDIR: places.login },
    timeoutMs: pushTimeoutMs,
    progress,
  });
  if (result.exitCode !== 0) throw pushFailure('skopeo copy', result);
}
