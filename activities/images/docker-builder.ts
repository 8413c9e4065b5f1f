import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../domain/contract/release.ts';
import { directivesOf, headingWithoutSyntax } from '../../domain/dockerfile-directives.ts';
import { namedImages } from '../../domain/dockerfile.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Progress } from '../shared/progress.ts';
import { removeTree } from '../shared/remove-tree.ts';
import { noCredentials, writeAuthFile, type RegistryCredentials } from '../shared/registry-login.ts';
import { describeResult, runCommand, type CommandResult } from '../shared/run-command.ts';
import { readStrangersFile } from '../shared/strangers-file.ts';
import { writeDockerfile } from './base-images.ts';
import { checkBuild, type CheckedBuild } from './build-request.ts';
import type { BuildRequest, ImageBuilder } from './port.ts';
import { buildFailure, pushFailure } from './push-failure.ts';

export interface DockerBuilderOptions {
  /** `unix:///…` or `tcp://…`; without it the docker client's own context decides. */
  host?: string;
  credentials?: RegistryCredentials;
  /** One build, without the push. 30 minutes by default. */
  timeoutMs?: number;
}

const pushTimeoutMs = 15 * 60_000;
const shortTimeoutMs = 60_000;

/**
 * Builds with a Docker daemon: the classic builder or BuildKit, whatever it has. A repeated build answers the same image as long as the
 * daemon still has its layers; the local tag `build-cache`, never pushed, keeps the newest ones of each repository.
 *
 * `docker push` cannot push without a tag, so each push uses a tag of its own, `build-<image>-<random>`, that nobody else reads. A random part,
 * because a registry with immutable tags refuses even the same tag for the same image, and a repeated push must succeed.
 */
export function createDockerBuilder(options: DockerBuilderOptions = {}): ImageBuilder {
  const host = options.host === undefined ? [] : ['--host', options.host];
  return {
    async build(request, progress) {
      const work = await mkdtemp(join(tmpdir(), 'slipway-build-'));
      try {
        const image = await buildImage(host, request, { work, timeoutMs: options.timeoutMs ?? 30 * 60_000 }, progress);
        const digest = await push(
          host,
          { image, repository: request.repository, work, credentials: options.credentials ?? noCredentials },
          progress,
        );
        return `${request.repository}@${digest}`;
      } finally {
        await removeTree(work);
      }
    },
  };
}

async function buildImage(
  host: string[],
  request: BuildRequest,
  limits: { work: string; timeoutMs: number },
  progress: Progress,
): Promise<string> {
  const build = await checkBuild(request);
  const { dockerfile, text } = await placeDockerfile(build, limits.work);
  const idFile = join(limits.work, 'image-id');
  const result = await runCommand({
    program: 'docker',
    args: [
      ...host,
      'build',
      '--iidfile',
      idFile,
      ...pull(text, request.args),
      ...build.arguments,
      ...['--build-arg', `BUILDKIT_CACHE_MOUNT_NS=${cacheOf(request.repository)}`],
      ...['--file', dockerfile, build.context],
    ],
    // BuildKit only, and without effect on the classic builder: times of 0, and no attestation that would wrap the image in an index
    env: { SOURCE_DATE_EPOCH: '0', BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
    timeoutMs: limits.timeoutMs,
    progress,
  });
  if (result.exitCode !== 0) throw buildFailure('docker build', { ...result, tail: result.tail + ofSyntax(text) });
  const said = await readStrangersFile(limits.work, 'image-id', 1_000);
  if ('unread' in said)
    throw failure('SLIP-IMG-7', `docker build did not say which image it has built: ${said.unread}`);
  return said.bytes.toString('utf8').trim();
}

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
  return syntax === undefined ? '' : `\nits \`syntax\` (${syntax.slice(0, 200)}) was not followed: the daemon's own is`;
}

/** What a name that may move means is asked of its registry: the daemon's own copy may be one that another build has put there. */
function pull(dockerfile: string, args: BuildRequest['args']): string[] {
  const { references, untold } = namedImages(dockerfile, args);
  return references.length + untold.length > 0 ? ['--pull'] : [];
}

/** Caches that `RUN --mount=type=cache` keeps between builds are apart for each repository of images: one could put into another's what it runs. */
const cacheOf = (repository: string) => createHash('sha256').update(repository).digest('hex').slice(0, 16);

interface Push {
  image: string;
  repository: string;
  work: string;
  credentials: RegistryCredentials;
}

async function push(host: string[], wanted: Push, progress: Progress): Promise<Digest> {
  const { image, repository } = wanted;
  const target = `${repository}:build-${image.replace('sha256:', '').slice(0, 12)}-${randomBytes(6).toString('hex')}`;
  await docker(['tag', image, `${repository}:build-cache`], { host, progress }); // taking away an image's last tag deletes it
  await docker(['tag', image, target], { host, progress });
  try {
    const env = await pushEnvironment(host, wanted);
    const result = await runCommand({
      program: 'docker',
      args: [...host, 'push', target],
      env,
      timeoutMs: pushTimeoutMs,
      progress,
    });
    if (result.exitCode !== 0) throw pushFailure('docker push', result);
    return digestSaid(result) ?? (await digestKept(host, wanted, progress));
  } finally {
    // without the caller's signal: a cancelled push must not leave its tag behind
    await runCommand({ program: 'docker', args: [...host, 'rmi', '--no-prune', target], timeoutMs: shortTimeoutMs });
  }
}

/** `build-…: digest: sha256:… size: 528`, the line that ends a push. */
function digestSaid(result: CommandResult): Digest | undefined {
  return /: digest: (sha256:[0-9a-f]{64}) size: \d+/.exec(result.stdout.toString('utf8'))?.[1];
}

async function digestKept(host: string[], wanted: Push, progress: Progress): Promise<Digest> {
  const listed = await docker(['inspect', '--type', 'image', '--format', '{{join .RepoDigests "\\n"}}', wanted.image], {
    host,
    progress,
  });
  const digests = listed.split('\n').filter((line) => line.startsWith(`${wanted.repository}@`));
  if (digests.length !== 1)
    throw failure(
      'SLIP-IMG-7',
      `docker knows ${digests.length} digests of the image just pushed to ${wanted.repository}`,
    );
  return digests[0]!.slice(wanted.repository.length + 1);
}

/** With a login of ours, docker reads a configuration of ours; the daemon's address would be lost with the user's own, so it is asked for first. */
async function pushEnvironment(host: string[], wanted: Push): Promise<Record<string, string>> {
  const registry = wanted.repository.split('/', 1)[0]!;
  if (!(await writeAuthFile(join(wanted.work, 'config.json'), registry, wanted.credentials))) return {};
  if (host.length > 0) return { DOCKER_CONFIG: wanted.work };
  const context = await runCommand({
    program: 'docker',
    args: ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'],
    timeoutMs: shortTimeoutMs,
  });
  if (context.exitCode !== 0) throw failure('SLIP-IMG-7', describeResult('docker context inspect', context));
  return { DOCKER_CONFIG: wanted.work, DOCKER_HOST: context.stdout.toString('utf8').trim() };
}

async function docker(args: string[], options: { host: string[]; progress: Progress }): Promise<string> {
  const result = await runCommand({
    program: 'docker',
    args: [...options.host, ...args],
    timeoutMs: shortTimeoutMs,
    progress: options.progress,
  });
  if (result.exitCode !== 0) throw failure('SLIP-IMG-7', describeResult(`docker ${args[0]}`, result));
  return result.stdout.toString('utf8').trim();
}
