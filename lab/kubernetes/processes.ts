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
  const deadline = Date.now() + 10_000;
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
}

/** A started service: what to remember of it, and what it said last when it left early. */
export interface RunningService extends Remembered {
  failure(): Promise<string | undefined>;
}

/** Starts a service in its own process group, so that a Ctrl-C meant for its owner does not end it out of order. */
export async function startService(service: Service): Promise<RunningService> {
  const log = await open(service.log, 'a');
  try {
    const child = spawn(service.program, service.args, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { PATH: programPlaces().join(delimiter), HOME: process.env['HOME'] ?? '/root' },
    });
    await once(child, 'spawn');
    child.unref();
    const pid = child.pid ?? 0;
    const failure = async () => {
      if (child.exitCode === null && child.signalCode === null) return undefined;
      const said = (await readFile(service.log, 'utf8')).trim().split('\n').slice(-5).join('\n');
      return `${service.name} left with ${child.signalCode ?? `code ${child.exitCode}`}; its last words (${service.log}):\n${said}`;
    };
    return { name: service.name, pid, birth: (await birthOf(pid)) ?? 'gone', failure };
  } finally {
    await log.close();
  }
}
