import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { programPlaces } from './command.ts';

/** When and in which boot a process began: with its pid, an identity that a re-used pid does not share. Undefined when it is gone. */
export async function birthOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before it may hold spaces and brackets
  if (fields[0] === 'Z') return undefined;
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return `${boot}/${fields[19]}`;
}

/** Whether the process a state file remembers still runs, and is still the same one. */
export async function isAlive(remembered: Remembered): Promise<boolean> {
  return (await birthOf(remembered.pid)) === remembered.birth;
}

export interface Remembered {
  name: string;
  pid: number;
  birth: string;
}

/** Ends exactly the remembered processes, at once (their data is thrown away with them), and waits until they are gone. */
export async function endProcesses(remembered: readonly Remembered[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  let left = [...remembered];
  while (left.length > 0) {
    const alive = await Promise.all(left.map(isAlive));
    left = left.filter((_, position) => alive[position]);
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // gone between the look and the kill
      }
    }
    if (left.length > 0 && Date.now() > deadline)
      throw new Error(`processes do not end: ${left.map(({ name, pid }) => `${name} (${pid})`).join(', ')}`);
    if (left.length > 0) await sleep(20);
  }
}

export interface Service {
  name: string;
  program: string;
  args: readonly string[];
  log: string;
  /** Whose rights it has; ours when left out. */
  account?: { uid?: number; gid?: number };
  cwd?: string;
  env?: Record<string, string>;
}

/** A started service: what to remember of it, and what it said when it left early. */
export interface RunningService extends Remembered {
  hasLeft(): boolean;
  failure(): Promise<string | undefined>;
}

/**
 * Starts a service in its own process group, so that a Ctrl-C meant for its owner does not end it out of order. It writes to the file
 * itself: a pipe would break with its owner.
 */
export async function startService(service: Service): Promise<RunningService> {
  const log = await open(service.log, 'a', 0o600);
  try {
    const { size: before } = await log.stat();
    const child = spawn(service.program, service.args, {
      ...service.account,
      ...(service.cwd !== undefined && { cwd: service.cwd }),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: service.env ?? { PATH: programPlaces().join(delimiter), HOME: process.env['HOME'] ?? '/root' },
    });
    await once(child, 'spawn');
    child.unref();
    const pid = child.pid ?? 0;
    const hasLeft = () => child.exitCode !== null || child.signalCode !== null;
    const failure = async () => {
      if (!hasLeft()) return undefined;
      const said = (await readFile(service.log)).subarray(before).toString();
      return `${service.name} left with ${child.signalCode ?? `code ${child.exitCode}`}; it said (${service.log}):\n${beginningAndEnd(said)}`;
    };
    return { name: service.name, pid, birth: (await birthOf(pid)) ?? 'gone', hasLeft, failure };
  } finally {
    await log.close();
  }
}

/** A panic says in its first lines what happened, an orderly end in its last ones: both are kept, and what is between them is counted. */
export function beginningAndEnd(said: string): string {
  const lines = said.trim().split('\n');
  const left = lines.length - 14;
  if (left <= 1) return lines.join('\n');
  return [...lines.slice(0, 8), `… ${left} more lines …`, ...lines.slice(-6)].join('\n');
}
