import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { readExactly } from '../../domain/exact-dockerfile.ts';
import { registryHost, withoutVersion } from '../../domain/images.ts';
import { fitsAny } from '../../domain/patterns.ts';
import { cacheOf } from '../shared/build-cache.ts';
import { checkBuild } from '../shared/checked-build.ts';
import { buildByDocker } from '../shared/docker-build.ts';
import type { Progress } from '../shared/progress.ts';
import { removeTree } from '../shared/remove-tree.ts';
import { noCredentials, writeAuthFile, type RegistryCredentials } from '../shared/registry-login.ts';
import { describeResult, runCommand, type CommandResult } from '../shared/run-command.ts';
import type { BuildRequest, ImageBuilder } from './port.ts';
import { pushFailure } from './push-failure.ts';
import { parseRepository } from './reference.ts';

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
        parseRepository(request.repository);
        const build = await checkBuild(request);
        const wanted = {
          ...{ host, work, timeoutMs: options.timeoutMs ?? 30 * 60_000 },
          ...{ build, pull: mustAsk(build.text.toString('utf8'), request) },
          cache: cacheOf(request.cachesOf, request.repository),
          keepsLayers: true,
        };
        const image = await buildByDocker(wanted, progress);
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

/**
 * Unless it is sure that every image is named by its digest, which says what it is, and is one of the service's own: the daemon has images of
 * others, and only their registry knows who may have them.
 */
function mustAsk(dockerfile: string, { args, ownImages }: BuildRequest): boolean {
  const read = readExactly(dockerfile, args);
  return (
    'problem' in read || read.images.some((image) => !image.includes('@') || !fitsAny(withoutVersion(image), ownImages))
  );
}

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
  const registry = registryHost(wanted.repository);
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
