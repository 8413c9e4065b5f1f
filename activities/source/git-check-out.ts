import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Commit } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Git } from './git-command.ts';
import { listTree, refuseUnsafeTree } from './git-tree.ts';
import { refuseHugeTree } from './git-tree-size.ts';

const timeoutMs = 10 * 60_000;

/**
 * Puts the commit's files into the directory: whole or not at all, because they are written beside it and moved. A directory that holds
 * exactly this commit already is left as it is. git itself refuses paths with `..` or `.git`, and writing through links.
 */
export async function checkOutTree(git: Git, commit: Commit, directory: string): Promise<void> {
  const target = resolve(directory);
  await refuseHugeTree(git, commit);
  await refuseUnsafeTree(git, await listTree(git, commit));
  await mkdir(dirname(target), { recursive: true });
  const aside = await mkdtemp(join(dirname(target), `.${basename(target)}-`));
  try {
    const index = join(aside, 'index');
    await git.output({ args: ['read-tree', commit], env: { GIT_INDEX_FILE: index }, timeoutMs });
    if (await holdsSomething(target)) return await refuseUnlessSame(git, index, target, commit);
    const files = join(aside, 'files');
    await mkdir(files);
    await git.output({
      args: [`--work-tree=${files}`, 'checkout-index', '--all', '--force', '--quiet'],
      env: { GIT_INDEX_FILE: index },
      timeoutMs,
    });
    await rename(files, target);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function holdsSomething(directory: string): Promise<boolean> {
  return (await readdir(directory).catch(() => [])).length > 0;
}

async function refuseUnlessSame(git: Git, index: string, directory: string, commit: Commit): Promise<void> {
  const args = [`--work-tree=${directory}`, 'ls-files', '--modified', '--deleted', '--others', '-z'];
  const different = await git.output({ args, env: { GIT_INDEX_FILE: index }, timeoutMs });
  if (different.length > 0) {
    const first = different.toString('utf8').split('\0', 1)[0];
    throw failure('SLIP-SRC-7', `${directory} is not empty and does not hold ${commit}: ${first} differs`);
  }
}
