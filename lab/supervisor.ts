import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './kubernetes/command.ts';
import { birthOf } from './kubernetes/processes.ts';
import { freePort, remember } from './services/processes.ts';

export interface SupervisorOptions {
  roles: string;
  environment: Record<string, string>;
  /** Holds `worker.log` (what it prints, over all its lives), `worker.pid`, and the worker's temporary files. */
  directory: string;
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

const entry = fileURLToPath(new URL('../workers/main.ts', import.meta.url));
/** A worker that dies at once, again and again, is a defect that must be seen: not hidden behind restarts. */
const quickDeath = 3_000;
const mostQuickDeaths = 5;

interface Life {
  child: ChildProcess;
  /** Port of its health endpoint, on loopback: another one each time, since the last may be taken by now. */
  health: number;
  startedAt: number;
}

/** Throws, with the worker's last words, when it does not become ready. */
export async function superviseWorkers(options: SupervisorOptions): Promise<Supervisor> {
  const { directory, progress } = options;
  const pidFile = join(directory, 'worker.pid');
  let stopped = false;
  let restarts = 0;
  let quickDeaths = 0;
  let failed: Error | undefined;
  let life = await live();

  async function live(): Promise<Life> {
    const health = await freePort();
    const child = launch(options, health);
    const begun: Life = { child, health, startedAt: Date.now() };
    child.once('exit', (code, signal) => void died(begun, signal ?? `exit code ${code ?? '?'}`));
    const { pid = 0 } = child;
    await remember(pidFile, { name: 'worker', pid, birth: (await birthOf(pid)) ?? 'gone' });
    return begun;
  }

  async function died({ startedAt }: Life, how: string): Promise<void> {
    if (stopped) return;
    quickDeaths = Date.now() - startedAt < quickDeath ? quickDeaths + 1 : 0;
    if (quickDeaths >= mostQuickDeaths) {
      failed = new Error(`the worker dies at once each time it is started (${how}): ${await lastWords(directory)}`);
      return;
    }
    restarts += 1;
    const before = life;
    life = await live();
    progress(`worker ${before.child.pid} ended (${how}); process ${life.child.pid} takes its place, and the release goes on`);
    if (stopped) await end(life.child);
  }

  const ready = async () => {
    for (let tries = 0; tries < 600 && !stopped; tries += 1) {
      if (failed) throw failed;
      const answer = await fetch(`http://127.0.0.1:${life.health}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(100);
    }
    throw new Error(`the worker did not become ready: ${await lastWords(directory)}`);
  };
  const endWithUs = () => void life.child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const stop = async () => {
    stopped = true;
    process.off('exit', endWithUs);
    await end(life.child);
    await rm(pidFile, { force: true });
  };
  try {
    await ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: () => life.child.pid ?? 0, restarts: () => restarts, ready, stop };
}

function launch({ roles, environment, directory }: SupervisorOptions, health: number): ChildProcess {
  const log = openSync(join(directory, 'worker.log'), 'a');
  const temporary = join(directory, 'tmp'); // what a killed worker leaves there goes with the lab
  mkdirSync(temporary, { recursive: true });
  try {
    return spawn(process.execPath, [entry, roles], {
      env: { ...process.env, ...environment, SLIPWAY_HEALTH: `127.0.0.1:${health}`, TMPDIR: temporary },
      stdio: ['ignore', log, log],
      // A Ctrl-C in the terminal is for the lab, which then ends its worker in good order.
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

async function lastWords(directory: string): Promise<string> {
  const log = await readFile(join(directory, 'worker.log'), 'utf8').catch(() => '');
  return log.trim().split('\n').slice(-5).join('\n') || 'it said nothing';
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
