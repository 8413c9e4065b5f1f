import { readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { birthOf } from '../kubernetes/processes.ts';

/**
 * Writes down which process uses the directory. Throws when another living one does (or this one, a second time); one that died
 * without saying so is replaced. Answers with the function that gives the directory back.
 */
export async function claimDirectory(directory: string): Promise<() => Promise<void>> {
  const file = join(directory, 'owner');
  const us = `${process.pid} ${(await birthOf(process.pid)) ?? ''}`;
  for (;;) {
    const claimed = await writeFile(file, us, { flag: 'wx' }).then(
      () => true,
      () => false,
    );
    if (claimed) return () => rm(file, { force: true });
    const owner = await ownerOf(directory);
    if (owner?.alive)
      throw new Error(`process ${owner.pid} uses ${directory}: stop it first, or choose another directory.`);
    await rm(file, { force: true });
  }
}

/** Who claimed the directory, and whether that very process still runs. Undefined when nobody did. */
export async function ownerOf(directory: string): Promise<{ pid: number; alive: boolean } | undefined> {
  const [pid, birth] = (await readFile(join(directory, 'owner'), 'utf8').catch(() => '')).split(' ');
  if (!pid) return undefined;
  const alive = (await isRunning(Number(pid))) && ((await birthOf(Number(pid))) ?? '') === (birth ?? '');
  return { pid: Number(pid), alive };
}

/** The process of a server that still works in this data directory. A stale lock file may name a pid that is somebody else's by now. */
export async function serverIn(data: string): Promise<number | undefined> {
  const pid = Number((await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid || !(await isRunning(pid))) return undefined;
  if (process.platform !== 'linux') return pid;
  const [workPlace, place] = await Promise.all([readlink(`/proc/${pid}/cwd`).catch(() => ''), realpath(data)]);
  return workPlace === place ? pid : undefined;
}

/** Ends a server: clients are cut off and the data are written (SIGINT); after a minute at once, at the price of a recovery (SIGQUIT). */
export async function endServer(pid: number): Promise<void> {
  for (const { signal, patience } of [
    { signal: 'SIGINT', patience: 60_000 },
    { signal: 'SIGQUIT', patience: 60_000 },
  ] as const) {
    if (!(await isRunning(pid))) return;
    send(signal, pid);
    for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(10)) {
      if (!(await isRunning(pid))) return;
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) does not end`);
}

/** Asks a server to end, without waiting for it. */
export function endSoon(pid: number): void {
  send('SIGINT', pid);
}

function send(signal: NodeJS.Signals, pid: number): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended between the look and the signal
  }
}

/** A process that has ended but was not collected by its parent does not count. */
async function isRunning(pid: number): Promise<boolean> {
  if (process.platform === 'linux') return (await birthOf(pid)) !== undefined;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
