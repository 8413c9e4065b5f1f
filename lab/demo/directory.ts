import { chmod, mkdtemp, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUpRegion, isAbandoned } from '../kubernetes/clean-up.ts';
import { attempt } from '../kubernetes/command.ts';
import type { Progress } from '../kubernetes/command.ts';
import { claimDirectory, endServer, ownerOf, serverIn } from '../services/postgres-owner.ts';
import { endLeftover } from '../services/processes.ts';
import { Problem } from './problem.ts';
import type { Stoppable } from './lifetime.ts';

export interface DemoDirectory extends Stoppable {
  path: string;
}

const prefix = 'slipway-demo-';
/** Measured: a run with both releases leaves 150 MB, most of it PostgreSQL's data; on real clusters 1.1 GB. */
const neededBytes = 1_500_000_000;

/** A directory of our own for everything a demo writes, with its owner written down. `stop` removes it. */
export async function openDirectory(progress: Progress): Promise<DemoDirectory> {
  await clearLeftovers(progress);
  const space = await statfs(tmpdir());
  if (space.bavail * space.bsize < neededBytes) {
    throw new Problem(
      `the disk is too full: ${tmpdir()} has ${Math.floor((space.bavail * space.bsize) / 1e6)} MB free, and the demo needs ${neededBytes / 1e6}`,
      'Free some space, or name another directory for temporary files in TMPDIR, and run the demo again.',
    );
  }
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

/** Ends and removes what demos that were killed have left. One that lives, or that another demo is clearing, is left alone. */
async function clearLeftovers(progress: Progress): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((entry) => entry.startsWith(prefix))) {
    const path = join(tmpdir(), name);
    const owner = await ownerOf(path);
    if (!owner || owner.alive) continue;
    const claimed = await claimDirectory(path).catch(() => undefined);
    if (!claimed) continue;
    progress(`clearing up after a demo that was killed (process ${owner.pid})`);
    await clear(path).catch((error: unknown) => progress(`${path} could not be cleared: ${String(error)}`));
    await claimed();
  }
}

async function clear(path: string): Promise<void> {
  for (const pidFile of ['worker.pid', 'docker/dockerd.pid', 'temporal/temporal.pid', 'registry/registry.pid']) {
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
