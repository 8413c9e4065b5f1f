import { createNamespacesBox } from '../activities/box/namespaces-box.ts';
import { probeDocker } from '../activities/images/choose-builder.ts';
import { findGitBound } from '../activities/source/git-memory.ts';
import { sayOldDocker } from '../domain/docker-versions.ts';

/** Whether Dockerfiles and scanners can be isolated on this machine, as one line for whoever sets it up. */
export async function sayIsolation(): Promise<string> {
  const box = await createNamespacesBox().probe();
  if (!box.works)
    return `a build worker here: builds by a Docker daemon of its own only, because there is no box: ${box.why}`;
  const missing = box.missing.length === 0 ? '' : `, without a bound on: ${box.missing.join(', ')}`;
  return `a build worker here: builds in a box of ${box.name}${missing}`;
}

/** What is to be known of the Docker daemon that would build here; undefined where there is none, or nothing. */
export async function sayDocker(): Promise<string | undefined> {
  const docker = await probeDocker();
  const old = docker.works ? sayOldDocker(docker.said) : undefined;
  return old === undefined ? undefined : `Docker ${docker.said} here: ${old}`;
}

/** By which daemon integration tests run here, or why they cannot. */
export function sayTests(
  docker: Awaited<ReturnType<typeof probeDocker>>,
  dockerHost = process.env['DOCKER_HOST'],
): string {
  if (docker.works) return `Docker ${docker.said}`;
  const where = dockerHost === undefined ? 'no Docker daemon answers' : `DOCKER_HOST (${dockerHost}) does not answer`;
  return `none: ${where}: ${docker.said}`;
}

/** What git lacks on this machine, where it reads what strangers have pushed; undefined where it lacks nothing. */
export async function sayGitBound(): Promise<string | undefined> {
  const bound = await findGitBound();
  if ('prefix' in bound) return undefined;
  return `git here: without a bound on memory, because prlimit (util-linux) does not work: ${bound.missing}`;
}
