import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { startTemporal } from '../../lab/services/temporal.ts';
import { runTogether } from '../../workers/run-together.ts';
import { stoppedUnasked } from '../../workers/stopped-unasked.ts';

afterEach(() => void jest.useRealTimers());

describe('a worker that works no more', () => {
  it('ends its process where the SDK has shut it down, with what happened and an exit code that has it started again', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slipway-dying-'));
    const temporal = await startTemporal({ directory, ui: false, progress: () => {} });
    const script = fileURLToPath(new URL('../security/support/dying-worker.ts', import.meta.url));
    const { code, said } = await new Promise<{ code: unknown; said: string }>((resolve) => {
      execFile(process.execPath, [script, temporal.address], (error, said) =>
        resolve({ code: error?.code ?? 0, said }),
      );
    });
    await temporal.stop();
    await rm(directory, { recursive: true, force: true });
    expect(said).toMatch(
      /the worker of queue dying has left RUNNING \(DRAINING\), and nobody has asked it to: this process ends/,
    );
    expect(code).toBe(1);
  });

  function watched(isAsked: boolean) {
    jest.useFakeTimers();
    const at = { state: 'RUNNING' };
    const workers = [{ getState: () => at.state, options: { taskQueue: 'slipway' } }];
    const lines: string[] = [];
    const watch = stoppedUnasked(workers as never, {
      graceMs: 10_000,
      isAsked: () => isAsked,
      report: (line) => void lines.push(line),
    });
    const heard: string[] = [];
    watch.stopped.catch((error: Error) => heard.push(error.message));
    return { at, lines, heard, ...watch };
  }

  it('is waited for until the grace time is over, and no longer', async () => {
    const { at, lines, heard } = watched(false);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(lines).toEqual([]);
    at.state = 'DRAINING';
    await jest.advanceTimersByTimeAsync(1_000);
    expect(lines).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(9_999);
    expect(heard).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(heard).toEqual([expect.stringContaining('slipway has left RUNNING (DRAINING)')]);
  });

  it('may take as long as it likes where it was asked to stop, and where all have ended meanwhile', async () => {
    const asked = watched(true);
    asked.at.state = 'DRAINING';
    const over = watched(false);
    over.at.state = 'STOPPED';
    await jest.advanceTimersByTimeAsync(1_000);
    over.stopWatching();
    await jest.advanceTimersByTimeAsync(600_000);
    expect([asked.lines, asked.heard, over.heard]).toEqual([[], [], []]);
  });

  /** `dies`: when it is told to. */
  function aWorker(taskQueue: string) {
    let state = 'RUNNING';
    let [die, end] = [(_: Error) => {}, () => {}];
    const run = () =>
      new Promise<void>((resolve, reject) => {
        end = () => ((state = 'STOPPED'), resolve());
        die = (error) => ((state = 'FAILED'), reject(error));
      });
    return {
      ...{ getState: () => state, options: { taskQueue }, run },
      shutdown: () => (state = 'DRAINING'),
      dies: (error: Error) => die(error),
      ends: () => end(),
    };
  }

  function together(...queues: string[]) {
    jest.useFakeTimers();
    const workers = queues.map(aWorker);
    const lines: string[] = [];
    const report = (line: string) => void lines.push(line.replace(/:.*/, ''));
    const { over, stop } = runTogether(workers as never, { graceMs: 10_000, report });
    const told: string[] = [];
    over.then(
      () => told.push('over'),
      (error: Error) => told.push(error.message),
    );
    return { workers, lines, told, stop };
  }

  it('takes the others with it, which end what they are at, and its own error is what is told', async () => {
    const { workers, told } = together('build', 'slipway');
    const [first, second] = workers;
    second!.dies(new Error('its certificate has expired'));
    await jest.advanceTimersByTimeAsync(9_000);
    expect([first!.getState(), told]).toEqual(['DRAINING', []]);
    first!.ends();
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual(['its certificate has expired']);
  });

  it('ends its process after the grace time where another one never ends, and the first that failed is what is told', async () => {
    const { workers, lines, told } = together('build', 'slipway', 'hangs');
    const [first, second] = workers;
    second!.dies(new Error('its certificate has expired'));
    await jest.advanceTimersByTimeAsync(2_000);
    // It is named, and not one that was stopped because of it.
    expect(lines).toEqual(['the worker of queue slipway has left RUNNING (FAILED), and nobody has asked it to']);
    first!.dies(new Error('its own time to stop is over'));
    await jest.advanceTimersByTimeAsync(8_000);
    expect(told).toEqual([]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(told).toEqual(['its certificate has expired']);
  });

  it('takes the others with it where it has left by itself, without an error, too', async () => {
    const { workers, lines, told } = together('build', 'slipway');
    const [first, second] = workers;
    second!.shutdown();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(first!.getState()).toBe('DRAINING');
    await jest.advanceTimersByTimeAsync(5_000);
    expect(lines).toEqual(['the worker of queue slipway has left RUNNING (DRAINING), and nobody has asked it to']);
    for (const worker of workers) worker.ends();
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual(['over']);
  });

  it('is over when all have ended that were asked to stop, however long that takes', async () => {
    const { workers, lines, told, stop } = together('build', 'slipway');
    stop();
    await jest.advanceTimersByTimeAsync(300_000);
    expect([told, lines]).toEqual([[], []]);
    for (const worker of workers) worker.ends();
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual(['over']);
  });
});
