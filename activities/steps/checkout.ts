import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { log } from '@temporalio/activity';
import type { ReleaseRequest } from '../../domain/contract/release.ts';
import { removeTree } from '../shared/remove-tree.ts';
import type { Source } from '../source/port.ts';

/** Gives the commit's files to `work` in a directory of its own, and takes it away afterwards. */
export async function inCheckout<T>(
  source: Source,
  { repository, commit }: Pick<ReleaseRequest, 'repository' | 'commit'>,
  work: (directory: string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-checkout-'));
  try {
    await source.checkOut({ repository, commit, directory });
    return await work(directory);
  } finally {
    await takeAway(directory);
  }
}

/** A directory that cannot be removed does not undo what the work came to. */
async function takeAway(directory: string): Promise<void> {
  await removeTree(directory).catch((error: unknown) => {
    log.warn('a checkout could not be removed: remove it by hand', { directory, error: String(error) });
  });
}
