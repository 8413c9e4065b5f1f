import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whatever can be stopped. */
export interface Stoppable {
  stop(): Promise<unknown>;
}

/** Everything that the demo has started, and its end in good order: the newest first. */
export interface Lifetime {
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Hands on what has started, and stops it at the end: also when it comes up only after the end was ordered. */
  keep<T extends Stoppable>(starting: Promise<T>): Promise<T>;
  /** For work that nobody may wait for in the end, and that clears up after itself once its commands are ended: the end waits until it has. */
  clearsUp<T>(work: Promise<T>): Promise<T>;
  /** Stops all. Answers with what could not be stopped. May be called again. */
  end(): Promise<string[]>;
}

/** How long something that is just starting may go on when everything is to end. */
const startingGrace = 20_000;

export function createLifetime(signal: AbortSignal): Lifetime {
  const started: Stoppable[] = [];
  const starting = new Set<Promise<unknown>>();
  let ended: Promise<string[]> | undefined;

  const whileStarting = async <T>(promise: Promise<T>): Promise<T> => {
    starting.add(promise);
    try {
      return await promise;
    } finally {
      starting.delete(promise);
    }
  };
  const end = async (): Promise<string[]> => {
    const problems: string[] = [];
    await endCommands();
    await Promise.race([Promise.allSettled([...starting]), sleep(startingGrace, undefined, { ref: false })]);
    for (let one = started.pop(); one; one = started.pop()) {
      await one.stop().catch((error: unknown) => problems.push(error instanceof Error ? error.message : String(error)));
    }
    return problems;
  };
  return {
    signal,
    keep: (promise) =>
      whileStarting(
        promise.then((one) => {
          started.push(one);
          return one;
        }),
      ),
    clearsUp: whileStarting,
    end: () => (ended ??= end()),
  };
}

/**
 * Ends the commands that we wait for (pip, apt-get, a build), so that whoever waits fails now and clears up. They are our children in our
 * own process group, as Ctrl-C in a terminal would find them; services have groups of their own and are stopped in order.
 */
async function endCommands(): Promise<void> {
  const ours = await statOf(process.pid);
  if (!ours) return; // no /proc: the terminal has told them
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await statOf(Number(entry));
    if (stat?.parent !== process.pid || stat.group !== ours.group) continue;
    try {
      process.kill(Number(entry), 'SIGTERM');
    } catch {
      // it ended between the look and the signal
    }
  }
}

async function statOf(pid: number): Promise<{ parent: number; group: number } | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { parent: Number(parent), group: Number(group) };
}
