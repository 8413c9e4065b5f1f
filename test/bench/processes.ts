import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

/** Linux counts a process's time in hundredths of a second. */
const tickMs = 10;

/** User and system time of a process and of the children it has waited for (git), ms. */
export async function cpuOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * tickMs;
}

async function rssOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

const settled = 2 * 2 ** 20;

/** Memory once it has been the same, give or take 2 MB, for five looks in ten seconds; after a minute, as it is. */
export async function settledRss(pid: number): Promise<number> {
  const seen: number[] = [];
  for (let looks = 0; looks < 30; looks += 1) {
    seen.push(await rssOf(pid));
    const last = seen.slice(-5);
    if (last.length === 5 && Math.max(...last) - Math.min(...last) < settled) break;
    await sleep(2_000);
  }
  return seen.at(-1) ?? Number.NaN;
}

/** Memory once every thread has given back what nobody uses: for a process that was started with `collect.mjs`. */
export async function collectedRss(pid: number): Promise<number> {
  process.kill(pid, 'SIGHUP');
  return settledRss(pid);
}

/** A process of the bench's own, once it has said `ready`. What it prints goes to the log file. */
export async function startChild(entry: string, env: Record<string, string>, logFile: string): Promise<ChildProcess> {
  const log = openSync(logFile, 'a');
  const child = fork(fileURLToPath(new URL(entry, import.meta.url)), [], {
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${entry} did not start: see ${logFile}`);
  });
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  return child;
}

export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}
