import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcesses, isAlive, startService } from '../kubernetes/processes.ts';
import type { Remembered } from '../kubernetes/processes.ts';

export interface OwnedProgram {
  name: string;
  /** Holds `<name>.pid` and `<name>.log`; made when missing. One owner at a time: the caller claims it. */
  directory: string;
  program: string;
  args: readonly string[];
}

export interface OwnedProcess {
  pid: number;
  logFile: string;
  /** Why it left, with its first and last words; undefined while it runs. */
  failure(): Promise<string | undefined>;
  /** Asks it to end, and ends it after half a minute. May be called again. */
  stop(): Promise<void>;
}

/**
 * Starts a program that ends with us: when we stop it, when this process exits, and, if this process was killed, when
 * the same directory is used the next time.
 */
export async function startOwned(owned: OwnedProgram): Promise<OwnedProcess> {
  await mkdir(owned.directory, { recursive: true });
  const pidFile = join(owned.directory, `${owned.name}.pid`);
  await endLeftover(pidFile);
  const logFile = join(owned.directory, `${owned.name}.log`);
  const service = await startService({ name: owned.name, program: owned.program, args: owned.args, log: logFile });
  const { name, pid, birth } = service;
  await remember(pidFile, { name, pid, birth });
  const endWithUs = () => signal(pid, 'SIGTERM');
  process.once('exit', endWithUs);
  const stop = async () => {
    process.off('exit', endWithUs);
    await end({ name, pid, birth }, async () => !service.hasLeft());
    await rm(pidFile, { force: true });
  };
  return { pid, logFile, failure: () => service.failure(), stop };
}

/** Ends what the pid file remembers, if that very process still runs. */
export async function endLeftover(pidFile: string): Promise<void> {
  const text = await readFile(pidFile, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const remembered = parse(text);
  if (remembered && (await isAlive(remembered))) await end(remembered, () => isAlive(remembered));
  await rm(pidFile, { force: true });
}

async function end(remembered: Remembered, runs: () => Promise<boolean>): Promise<void> {
  signal(remembered.pid, 'SIGTERM');
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(20)) {
    if (!(await runs())) return;
  }
  await endProcesses([remembered]);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it left before us
  }
}

/** Writes down a process for `endLeftover`. Beside its place first: a half-written file would lose the process. */
export async function remember(pidFile: string, remembered: Remembered): Promise<void> {
  await writeFile(`${pidFile}.new`, JSON.stringify(remembered));
  await rename(`${pidFile}.new`, pidFile);
}

function parse(text: string): Remembered | undefined {
  try {
    const { name, pid, birth } = JSON.parse(text) as Partial<Remembered>;
    return name !== undefined && pid !== undefined && birth !== undefined ? { name, pid, birth } : undefined;
  } catch {
    return undefined;
  }
}
