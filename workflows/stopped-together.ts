import { condition } from '@temporalio/workflow';
import { wasHeld } from './held.ts';
import { isLeft, resting } from './resting.ts';
import type { Run } from './run.ts';

/** Of steps that the same thing stops in the same place one tries, the first or the one that is held already; the others wait for it. */
export function isFirst(run: Run, stuck: string, name: string): boolean {
  const first = wasHeld(run, name) ? name : (run.stuck.get(stuck) ?? name);
  run.stuck.set(stuck, first);
  return first === name;
}

export function leaveQueue(run: Run, stuck: string | undefined, name: string): void {
  if (stuck !== undefined && run.stuck.get(stuck) === name) run.stuck.delete(stuck);
}

/** Until the first that was stopped by the same has gone on, or has given up. */
export async function waitForFirst(run: Run, name: string, stuck: string): Promise<boolean> {
  run.say(`${name} waits for the same as ${run.stuck.get(stuck)}`);
  await resting(run, () => condition(() => !run.stuck.has(stuck) || run.failing || isLeft(run)));
  return !run.state.gaveUp && !isLeft(run);
}
