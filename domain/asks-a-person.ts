import type { RunState } from './contract/gateway.ts';

/** Whether a run waits for somebody. One that waits for its lane waits for other runs, or for what closes that. */
export function asksAPerson({ stage, waitingFor }: Pick<RunState, 'stage' | 'waitingFor'>): boolean {
  return waitingFor !== undefined && stage !== 'awaiting-lane';
}
