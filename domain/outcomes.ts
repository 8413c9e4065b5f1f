import type { LaneDisposition } from './contract/lane.ts';

/**
 * How a run can end, and what follows from it: the one table that Temporal's close status, exit codes and the lane agree on.
 * `lane` is what happens when the run held the lane; a run that never got it leaves nothing behind.
 */
export const outcomes = {
  verified: { close: 'completed', exitCode: 0, lane: 'free', says: 'deployed and verified in every region' },
  unproven: {
    close: 'completed',
    exitCode: 16,
    lane: 'free',
    says: 'deployed everywhere, but it could not be told of every region whether it is well',
  },
  'rolled-back': {
    close: 'completed',
    exitCode: 10,
    lane: 'hold',
    says: 'failed, and the last verified release is back',
  },
  rejected: { close: 'completed', exitCode: 11, lane: 'free', says: 'a person said no' },
  expired: { close: 'completed', exitCode: 12, lane: 'free', says: 'nobody approved in time' },
  superseded: { close: 'completed', exitCode: 13, lane: 'free', says: 'a newer release took its place; not verified' },
  aborted: { close: 'completed', exitCode: 14, lane: 'free', says: 'stopped by a person before anything was changed' },
  failed: { close: 'failed', exitCode: 1, lane: 'free', says: 'failed before anything was changed' },
  halted: {
    close: 'failed',
    exitCode: 15,
    lane: 'hold',
    says: 'failed, and a person must look before anything else is deployed',
  },
} as const satisfies Record<string, OutcomeRow>;

interface OutcomeRow {
  close: 'completed' | 'failed';
  exitCode: number;
  lane: LaneDisposition['kind'];
  says: string;
}

export type Outcome = keyof typeof outcomes;

/** Ends that say that nothing was changed. */
const untouched: ReadonlySet<string> = new Set<Outcome>(['rejected', 'expired', 'superseded', 'aborted', 'failed']);

/**
 * How a run has ended, in the light of what the records know that was changed under its id. A run that was reset, or started again, may not
 * know of it: it halts then, so that somebody looks.
 */
export function endOnRecord(
  { outcome, summary }: { outcome: string; summary: string },
  changed: readonly string[] = [],
): { outcome: string; summary: string } {
  if (changed.length === 0 || !untouched.has(outcome)) return { outcome, summary };
  return {
    outcome: 'halted',
    summary: `${summary}; but an earlier run under this id had changed ${changed.join(', ')}: look at what it left behind`,
  };
}

export function isOutcome(text: string): text is Outcome {
  return Object.hasOwn(outcomes, text);
}

/** Exit codes of the CLI that are not outcomes. */
export const otherExitCodes = {
  usage: 2,
  refused: 3,
  unreachable: 4,
  stillRunning: 5,
  interrupted: 130,
} as const;

export function laneDisposition(outcome: Outcome, reason: string): LaneDisposition {
  return outcomes[outcome].lane === 'hold' ? { kind: 'hold', reason } : { kind: 'free' };
}
