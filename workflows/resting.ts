import type { Run } from './run.ts';

/** Nothing is under way in this step: when that is so of all that are, the run may move (workflows/checkpoint.ts). */
export async function resting<T>(run: Run, rest: () => Promise<T>): Promise<T> {
  run.resting += 1;
  run.restedAt = run.state.decisions.length;
  try {
    return await rest();
  } finally {
    run.resting -= 1;
  }
}

/**
 * The run was stopped while a migration waited to be planned, or what stays to be recorded: nothing of it runs that would have to be waited
 * for.
 */
export function isLeft(run: Run): boolean {
  const asked = run.state.rollbackAsked !== undefined;
  const isPlanning = run.migrating === 'planning';
  return (isPlanning && (asked || run.forward.consideredCancelled)) || (run.recordsStaying && asked);
}
