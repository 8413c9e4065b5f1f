import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './command.ts';
import { birthOf } from './processes.ts';

/** Where things that take minutes to make are kept between runs: SLIPWAY_CACHE_DIR, or ~/.cache/slipway. */
export function cacheDirectory(): string {
  return process.env['SLIPWAY_CACHE_DIR'] ?? join(homedir(), '.cache', 'slipway');
}

/**
 * Runs `work` while no other process holds the same lock. A lock whose owner is gone is taken over: the owner is known
 * by pid and birth, so a re-used pid does not keep it.
 */
export async function withLock<T>(path: string, progress: Progress, work: () => Promise<T>): Promise<T> {
  await mkdir(join(path, '..'), { recursive: true });
  let told = false;
  while (!(await take(path))) {
    const owner = await ownerOf(path);
    if (owner === undefined || (await birthOf(owner.pid)) !== owner.birth) {
      const aside = `${path}.stale-${process.pid}`; // renamed first: of two that see the same stale lock, one rename fails
      await rename(path, aside).catch(() => {});
      await rm(aside, { force: true });
      continue;
    }
    if (!told) progress(`waiting for process ${owner.pid}, which is at the same work (${path})`);
    told = true;
    await sleep(500);
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify({ pid: process.pid, birth: await birthOf(process.pid) }));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function ownerOf(path: string): Promise<{ pid: number; birth: string } | undefined> {
  for (let tries = 0; tries < 5; tries += 1) {
    const text = await readFile(path, 'utf8').catch(() => '');
    try {
      return JSON.parse(text) as { pid: number; birth: string };
    } catch {
      await sleep(100); // between the owner's open and its write
    }
  }
  return undefined;
}
