import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './kubernetes/command.ts';

export interface SupervisorOptions {
  roles: string;
  environment: Record<string, string>;
  /** Everything the worker prints, over all its lives. */
  logFile: string;
  /** Port of its health endpoint, on loopback. */
  health: number;
  progress: Progress;
}

/** One worker process that is started again whenever it dies, as a cluster would do. */
export interface Supervisor {
  pid(): number;
  /** How often it had to be started again. */
  restarts(): number;
  /** Resolves when the worker (of this or a later life) is ready. */
  ready(): Promise<void>;
  /** Ends it and starts it no more. */
  stop(): Promise<void>;
}

const entry = fileURLToPath(new URL('../workers/main.ts', import.meta.url));
/** A worker that dies at once, again and again, is a defect that must be seen: not hidden behind restarts. */
const quickDeath = 3_000;
const mostQuickDeaths = 5;

export async function superviseWorkers(options: SupervisorOptions): Promise<Supervisor> {
  let child = launch(options);
  let stopped = false;
  let restarts = 0;
  let quickDeaths = 0;
  let startedAt = Date.now();
  let failed: Error | undefined;

  const watch = (process: ChildProcess) => {
    process.once('exit', (code, signal) => {
      if (stopped) return;
      options.progress(`the worker ended (${signal ?? `exit code ${code ?? '?'}`}): starting it again`);
      quickDeaths = Date.now() - startedAt < quickDeath ? quickDeaths + 1 : 0;
      if (quickDeaths >= mostQuickDeaths) {
        failed = new Error(`the worker dies at once each time it is started: see ${options.logFile}`);
        return;
      }
      restarts += 1;
      startedAt = Date.now();
      child = launch(options);
      watch(child);
    });
  };
  watch(child);

  const ready = async () => {
    for (let tries = 0; tries < 600; tries += 1) {
      if (failed) throw failed;
      const answer = await fetch(`http://127.0.0.1:${options.health}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(100);
    }
    throw new Error(`the worker is not ready after a minute: see ${options.logFile}`);
  };
  const stop = async () => {
    stopped = true;
    await end(child);
  };
  try {
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: () => child.pid ?? 0, restarts: () => restarts, ready, stop };
}

function launch({ roles, environment, logFile, health }: SupervisorOptions): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(process.execPath, [entry, roles], {
      env: { ...process.env, ...environment, SLIPWAY_HEALTH: `127.0.0.1:${health}` },
      stdio: ['ignore', log, log],
      // A Ctrl-C in the terminal is for the lab, which then ends its worker in good order.
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = sleep(12_000, 'late', { ref: false });
  if ((await Promise.race([exited, patience])) === 'late') {
    child.kill('SIGKILL');
    await exited;
  }
}
