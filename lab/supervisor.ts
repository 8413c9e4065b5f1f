import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './kubernetes/command.ts';
import { birthOf } from './kubernetes/processes.ts';
import { remember } from './services/processes.ts';
import { freePort } from './services/starting.ts';

export interface SupervisorOptions {
  /** Program of the worker: this checkout's own when none is given. */
  entry?: string;
  roles: string;
  environment: Record<string, string>;
  /** Everything the worker prints, over all its lives. */
  logFile: string;
  /** Names the worker to a later run of the lab, which ends what a killed one has left. */
  pidFile?: string;
  /** Port of its health endpoint, on loopback. Another free one for each life when none is given. */
  health?: number;
  progress: Progress;
}

/** One worker process that is started again whenever it dies, as a cluster would do. */
export interface Supervisor {
  pid(): number;
  /** How often it had to be started again. */
  restarts(): number;
  /** Resolves when the worker (of this or a later life) is ready. */
  ready(): Promise<void>;
  /** Ends it and starts it no more. May be called again. */
  stop(): Promise<void>;
}

const ownEntry = fileURLToPath(new URL('../workers/main.ts', import.meta.url));
/** A worker that dies at once, again and again, is a defect that must be seen: not hidden behind restarts. */
const quickDeath = 3_000;
const mostQuickDeaths = 5;
/** For a worker that lives and is not ready yet: on a machine with other work its start takes many times the second it takes on an idle one. */
const patience = 5 * 60_000;

interface Life {
  child: ChildProcess;
  health: number;
  startedAt: number;
}

/** Throws, with the worker's last words, when it does not become ready. */
export async function superviseWorkers(options: SupervisorOptions): Promise<Supervisor> {
  const { logFile, pidFile, progress } = options;
  let stopped = false;
  let restarts = 0;
  let quickDeaths = 0;
  let failed: Error | undefined;
  let life = await live();

  async function live(): Promise<Life> {
    const health = options.health ?? (await freePort());
    const child = launch(options, health);
    const begun: Life = { child, health, startedAt: Date.now() };
    child.once('exit', (code, signal) => void died(begun, signal ?? `exit code ${code ?? '?'}`));
    const { pid = 0 } = child;
    if (pidFile) await remember(pidFile, { name: 'worker', pid, birth: (await birthOf(pid)) ?? 'gone' });
    return begun;
  }

  async function died({ startedAt }: Life, how: string): Promise<void> {
    if (stopped) return;
    quickDeaths = Date.now() - startedAt < quickDeath ? quickDeaths + 1 : 0;
    if (quickDeaths >= mostQuickDeaths) {
      failed = new Error(`the worker dies at once each time it is started (${how}): ${await lastWords(logFile)}`);
      return;
    }
    restarts += 1;
    const before = life;
    life = await live();
    progress(
      `worker ${before.child.pid} ended (${how}); process ${life.child.pid} takes its place, and the release goes on`,
    );
    if (stopped) await end(life.child);
  }

  const ready = async () => {
    for (const deadline = Date.now() + patience; Date.now() < deadline && !stopped;) {
      if (failed) throw failed;
      const answer = await fetch(`http://127.0.0.1:${life.health}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(100);
    }
    throw new Error(`the worker did not become ready: ${await lastWords(logFile)}`);
  };
  const endWithUs = () => void life.child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const stop = async () => {
    stopped = true;
    process.off('exit', endWithUs);
    await end(life.child);
    if (pidFile) await rm(pidFile, { force: true });
  };
  try {
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: () => life.child.pid ?? 0, restarts: () => restarts, ready, stop };
}

function launch({ entry = ownEntry, roles, environment, logFile }: SupervisorOptions, health: number): ChildProcess {
  const log = openSync(logFile, 'a');
  try {
    return spawn(process.execPath, [entry, roles], {
      // What is told of it is for people: its last words, where it does not start.
      env: { SLIPWAY_LOG: 'text', ...process.env, ...environment, SLIPWAY_HEALTH: `127.0.0.1:${health}` },
      stdio: ['ignore', log, log],
      // A Ctrl-C in the terminal is for the lab, which then ends its worker in good order.
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

async function lastWords(logFile: string): Promise<string> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  return log.trim().split('\n').slice(-5).join('\n') || 'it said nothing';
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const late = sleep(12_000, 'late', { ref: false });
  if ((await Promise.race([exited, late])) === 'late') {
    child.kill('SIGKILL');
    await exited;
  }
}
