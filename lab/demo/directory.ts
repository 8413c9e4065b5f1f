import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { Progress } from '../kubernetes/command.ts';
import { clearLeftovers, openWorkingDirectory } from '../working-directory.ts';
import type { WorkingDirectory } from '../working-directory.ts';
import { Problem } from './problem.ts';

const prefix = 'slipway-demo-';
/** Measured: a run with both releases leaves 150 MB, most of it PostgreSQL's data; on real clusters 1.1 GB. */
const neededBytes = 1_500_000_000;

/** Throws a Problem when the disk cannot take what a demo writes. */
export async function openDirectory(progress: Progress): Promise<WorkingDirectory> {
  await clearLeftovers(prefix, progress); // first: what they hold is space
  const space = await statfs(tmpdir());
  if (space.bavail * space.bsize < neededBytes) {
    throw new Problem(
      `the disk is too full: ${tmpdir()} has ${Math.floor((space.bavail * space.bsize) / 1e6)} MB free, and the demo needs ${neededBytes / 1e6}`,
      'Free some space, or name another directory for temporary files in TMPDIR, and run the demo again.',
    );
  }
  return openWorkingDirectory(prefix, progress);
}
