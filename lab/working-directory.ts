import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUpRegion, isAbandoned } from './kubernetes/clean-up.ts';
import { attempt } from './kubernetes/command.ts';
import type { Progress } from './kubernetes/command.ts';
import { claimDirectory, endServer, ownerOf, serverIn } from './services/postgres-owner.ts';
import { endLeftover } from './services/processes.ts';

export interface WorkingDirectory {
  path: string;
  /** Removes it. What runs in it has been stopped before. */
  stop(): Promise<void>;
}

/**
 * A directory of our own for everything that a lab writes, with its owner written down: so that the next one with this prefix ends and
 * removes what this one leaves when it is killed.
 */
export async function openWorkingDirectory(prefix: string, progress: Progress): Promise<WorkingDirectory> {
  await clearLeftovers(prefix, progress);
  const path = await mkdtemp(join(tmpdir(), prefix));
  await chmod(path, 0o755); // PostgreSQL runs as an account of its own where we are root
  const release = await claimDirectory(path);
  return {
    path,
    async stop() {
      await remove(path);
      await release();
    },
  };
}

/** Ends and removes what was left by processes that were killed. What lives, or is being cleared by somebody else, is left alone. */
export async function clearLeftovers(prefix: string, progress: Progress): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(prefix))) {
    const path = join(tmpdir(), name);
    const owner = await ownerOf(path);
    if (!owner || owner.alive) continue;
    const claimed = await claimDirectory(path).catch(() => undefined);
    if (!claimed) continue;
    progress(`clearing up ${path}: process ${owner.pid}, which used it, was killed`);
    await clear(path).catch((error: unknown) => progress(`${path} could not be cleared: ${String(error)}`));
    await claimed();
  }
}

async function clear(path: string): Promise<void> {
  for (const pidFile of [
    'worker.pid',
    'docker/dockerd.pid',
    'temporal/temporal.pid',
    'registry/registry.pid',
    'temporal-test-server.pid',
  ]) {
    await endLeftover(join(path, pidFile));
  }
  const server = await serverIn(join(path, 'postgres', 'data'));
  if (server) await endServer(server);
  for (const region of await readdir(join(path, 'regions')).catch(() => [])) {
    const place = join(path, 'regions', region);
    if (await isAbandoned(place)) await cleanUpRegion(place);
  }
  await remove(path);
}

/** Nothing is removed through a mount that a killed container left behind. */
async function remove(path: string): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  const below = mounts
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((point) => point.startsWith(`${path}/`))
    .sort((left, right) => right.length - left.length);
  for (const point of below) await attempt('umount', ['--lazy', point]);
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
