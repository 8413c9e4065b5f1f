import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { directivesOf, headingWithoutSyntax } from '../../domain/dockerfile-directives.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { buildFailure } from './build-failure.ts';
import { writeDockerfile, type CheckedBuild } from './checked-build.ts';
import type { Progress } from './progress.ts';
import { describeResult, runCommand } from './run-command.ts';
import { readStrangersFile } from './strangers-file.ts';
import { head } from '../../domain/whole-text.ts';

const shortTimeoutMs = 60_000;

export interface DockerBuild {
  /** Options of the client that name the daemon; none where its own context decides. */
  host: readonly string[];
  build: CheckedBuild;
  /**
   * Asks registries what is behind the names of images: the daemon's own copy may be one that another build has put there. False where every
   * name says itself which image it is, and it may be had.
   */
  pull: boolean;
  /** The stage to build; the last one by default. */
  target?: string | undefined;
  /**
   * The name of what this build shares with others, which all must be trusted alike: caches that `RUN --mount=type=cache` keeps are known by
   * their names, and so, with all that it has taken from them, is the layer that a RUN has made.
   */
  cache: string;
  /** Whether the classic builder's layers are kept for the next build of those, under a name of theirs; BuildKit keeps its own. */
  keepsLayers: boolean;
  /** A directory of ours, for this build alone. */
  work: string;
  timeoutMs: number;
}

/**
 * The one way by which a Docker daemon is told to build: the classic builder or BuildKit, whatever it has. Answers the image's id. Throws
 * SLIP-IMG-1 or SLIP-IMG-7.
 */
export async function buildByDocker(wanted: DockerBuild, progress: Progress): Promise<string> {
  const { host, build, work, timeoutMs } = wanted;
  const { dockerfile, text } = await placeDockerfile(build, work);
  const idFile = join(work, 'image-id');
  const isClassic = !(await hasBuildKit(progress));
  const result = await runCommand({
    program: 'docker',
    args: [
      ...host,
      'build',
      '--iidfile',
      idFile,
      ...(wanted.pull ? ['--pull'] : []),
      ...(wanted.target === undefined ? [] : ['--target', wanted.target]),
      ...build.arguments,
      ...apart(wanted.cache),
      ...(isClassic ? ['--cache-from', layersOf(wanted.cache)] : []),
      ...['--file', dockerfile, build.context],
    ],
    env: { ...forBuildKit, DOCKER_BUILDKIT: isClassic ? '0' : '1' },
    timeoutMs,
    progress,
  });
  if (result.exitCode !== 0) throw buildFailure('docker build', { ...result, tail: result.tail + ofSyntax(text) });
  const said = await readStrangersFile(work, 'image-id', 1_000);
  if ('unread' in said)
    throw failure('SLIP-IMG-7', `docker build did not say which image it has built: ${said.unread}`);
  const image = said.bytes.toString('utf8').trim();
  if (isClassic && wanted.keepsLayers) await keepLayers(image, wanted, progress);
  return image;
}

/** Asked, and then demanded: a client that falls back to the classic builder would build without what is said to that. */
async function hasBuildKit(progress: Progress): Promise<boolean> {
  const asked = { program: 'docker', args: ['buildx', 'version'], timeoutMs: shortTimeoutMs };
  return (await runCommand({ ...asked, progress: { ...progress, report: () => undefined } })).exitCode === 0;
}

/**
 * What the classic builder may take layers from. By itself it takes any image of the daemon that says it was made by the same words from the
 * same parent, and before Docker 24.0.9 also one that was fetched: for `FROM scratch` that is anybody's. Told of one, it takes what that one is
 * made of, and where there is none it takes nothing. Nobody else can have an image of this name: there is no such registry.
 */
const layersOf = (cache: string) => `slipway.invalid/cache:${cache}`;

async function keepLayers(image: string, { host, cache }: DockerBuild, progress: Progress): Promise<void> {
  const args = [...host, 'tag', image, layersOf(cache)];
  const result = await runCommand({ program: 'docker', args, timeoutMs: shortTimeoutMs, progress });
  if (result.exitCode !== 0) throw failure('SLIP-IMG-7', describeResult('docker tag', result));
}

/**
 * Without effect on the classic builder: times of 0; no attestation that would wrap the image in an index; and git is asked nothing about the
 * context, as it would do what a stranger's files say that look like a repository.
 */
const forBuildKit = {
  SOURCE_DATE_EPOCH: '0',
  BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
  BUILDX_GIT_INFO: 'false',
  BUILDX_GIT_LABELS: 'false',
};

/**
 * Caches under a name of their own, and layers of RUN too: BuildKit takes one for another wherever a mount says `sharing=locked` or `id=`,
 * whichever cache it had. The name of a host that leads nowhere is part of what it knows every RUN by. The classic builder has no such caches,
 * does not look at the host, and has its layers by `layersOf`.
 */
const apart = (cache: string) => [
  ...['--build-arg', `BUILDKIT_CACHE_MOUNT_NS=${cache}`],
  ...['--add-host', `cache-${cache}.invalid:127.0.0.1`],
];

/** A copy of ours, without a say in who reads it: what is read here is what the daemon reads. */
async function placeDockerfile(build: CheckedBuild, work: string): Promise<{ dockerfile: string; text: string }> {
  const directory = join(work, 'in');
  await mkdir(directory);
  const { text: bytes } = build;
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const mark = Buffer.from('\uFEFF');
  const rest = bytes.subarray(0, mark.length).equals(mark) ? bytes.subarray(mark.length) : bytes;
  const placed = Buffer.concat([Buffer.from(headingWithoutSyntax(text)), rest]);
  await writeDockerfile({ ...build, text: placed }, directory);
  return { dockerfile: join(directory, 'Dockerfile'), text };
}

/** For whoever wonders why a word is not known that the named syntax has. */
function ofSyntax(text: string): string {
  const syntax = directivesOf(text).get('syntax');
  return syntax === undefined ? '' : `\nits \`syntax\` (${head(syntax, 200)}) was not followed: the daemon's own is`;
}
