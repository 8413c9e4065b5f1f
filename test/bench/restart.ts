import { timeOf } from './failing.ts';
import { approve, startEngineRelease } from './runs.ts';
import type { BenchWorld } from './world.ts';

export interface RestartSample {
  /** From the start of the new process to the waiting run's next step, ms. */
  afterRestartMs: number;
  /** The part of it that the new process needs until it polls: all of it is CPU. */
  bootMs: number;
  /** From `kill -9`, ms. */
  afterKillMs: number;
}

/** Kills the worker while a release waits, approves at once, and reads from the history when the run went on. Waits for its end. */
export async function measureRestart(world: BenchWorld, set: number): Promise<RestartSample> {
  const { supervisor } = world.engine;
  const { releaseId, planHash } = await startEngineRelease(world, world.images.sets[set % 2] ?? {});
  const handle = world.client.workflow.getHandle(releaseId);
  await quiet(world, releaseId);
  const pid = supervisor.pid();
  const killedAt = Date.now();
  process.kill(pid, 'SIGKILL');
  const restartedAt = await untilOther(pid, supervisor.pid);
  const ready = supervisor.ready().then(() => Date.now());
  await approve(world, releaseId, planHash);
  await handle.result();
  const { events } = await handle.fetchHistory();
  const next = events?.find((e) => e.activityTaskScheduledEventAttributes && timeOf(e.eventTime) > killedAt);
  const nextAt = timeOf(next?.eventTime);
  return { afterRestartMs: nextAt - restartedAt, bootMs: (await ready) - restartedAt, afterKillMs: nextAt - killedAt };
}

/** Until nothing of the run is under way but its wait. */
async function quiet({ client }: BenchWorld, releaseId: string): Promise<void> {
  for (;;) {
    const { raw } = await client.workflow.getHandle(releaseId).describe();
    if ((raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask) return;
  }
}

/** When the supervisor had started another process, ms. */
async function untilOther(pid: number, now: () => number): Promise<number> {
  while (now() === pid) await new Promise((resolve) => setImmediate(resolve));
  return Date.now();
}
