import { ActivityFailure, ApplicationFailure, proxyActivities } from '@temporalio/workflow';

/** A step of the engine that somebody with access to Temporal alone schedules. */
export interface ForeignStep {
  queue: string;
  step: string;
  input: unknown;
}

/** What came of it: the failure's code and words, or `done`. */
export interface ForeignAnswer {
  code: string;
  message: string;
}

/** Under a name of its own. */
export async function foreign(steps: ForeignStep[]): Promise<ForeignAnswer[]> {
  const answers: ForeignAnswer[] = [];
  for (const { queue, step, input } of steps) answers.push(await attempt(queue, step, input));
  return answers;
}

/** Under the names of the engine's own workflows. */
export const deployRelease = (steps: ForeignStep[]) => foreign(steps);
export const rollBackRelease = (steps: ForeignStep[]) => foreign(steps);
export const environmentLane = (steps: ForeignStep[]) => foreign(steps);

async function attempt(queue: string, step: string, input: unknown): Promise<ForeignAnswer> {
  const steps = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
    taskQueue: queue,
    startToCloseTimeout: '30s',
    heartbeatTimeout: '20s',
    retry: { maximumAttempts: 1 },
  });
  try {
    await steps[step]?.(input);
    return { code: 'done', message: '' };
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    if (cause instanceof ApplicationFailure) return { code: cause.type ?? 'unknown', message: cause.message };
    return { code: 'unknown', message: String(cause) };
  }
}
