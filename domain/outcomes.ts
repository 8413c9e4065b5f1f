import type { LaneDisposition } from './contract/lane.ts';
import type { NoticeLevel } from './contract/notices.ts';
import { hadChanged } from './hold-reason.ts';
import { head } from './whole-text.ts';

/** What follows from how a run has ended. */
interface OutcomeMeaning {
  /** How Temporal shows the run. */
  close: 'completed' | 'failed';
  /** What happens when the run held the lane; a run that never got it leaves nothing behind. */
  lane: LaneDisposition['kind'];
  /** Something outside was changed, or may have been, also if it was changed back. */
  changed: boolean;
  /** What a person may have rolled back afterwards: what it put in place everywhere, as long as it runs, or what it left behind half way. */
  undoable: 'current' | 'left-behind' | false;
  /** What it changed, or was to undo, is back everywhere: nothing is left to put back. */
  back: boolean;
  /** It is well in every region: later releases fall back on it, nothing of it is revoked, and tags that follow verification move to it. */
  proven: boolean;
  /** How people are told. */
  level: NoticeLevel;
}

interface OutcomeRow extends OutcomeMeaning {
  exitCode: number;
  says: string;
}

/** Ended on purpose, before anything was changed. */
const nothingChanged = {
  close: 'completed',
  lane: 'free',
  changed: false,
  undoable: false,
  back: false,
  proven: false,
  level: 'attention',
} as const;

/**
 * How a run can end, and what that means: the one table that Temporal's close status, exit codes, the lane, the records, the gateway and the
 * command line read. None of them asks for an outcome by its name: a new one is a row here.
 */
export const outcomes = {
  verified: {
    close: 'completed',
    exitCode: 0,
    lane: 'free',
    changed: true,
    undoable: 'current',
    back: false,
    proven: true,
    level: 'info',
    says: 'deployed and verified in every region',
  },
  unproven: {
    close: 'completed',
    exitCode: 16,
    lane: 'free',
    changed: true,
    undoable: 'current',
    back: false,
    proven: false,
    level: 'attention',
    says: 'deployed everywhere, but it could not be told of every region whether it is well',
  },
  'rolled-back': {
    close: 'completed',
    exitCode: 10,
    lane: 'hold',
    changed: true,
    undoable: false,
    back: true,
    proven: false,
    level: 'attention',
    says: 'failed, and the last verified release is back',
  },
  rejected: { ...nothingChanged, exitCode: 11, says: 'a person said no' },
  expired: { ...nothingChanged, exitCode: 12, says: 'nobody approved in time' },
  superseded: { ...nothingChanged, exitCode: 13, says: 'a newer release took its place; not verified' },
  aborted: { ...nothingChanged, exitCode: 14, says: 'stopped by a person before anything was changed' },
  failed: {
    ...nothingChanged,
    close: 'failed',
    exitCode: 1,
    level: 'problem',
    says: 'failed before anything was changed',
  },
  halted: {
    close: 'failed',
    exitCode: 15,
    lane: 'hold',
    changed: true,
    undoable: 'left-behind',
    back: false,
    proven: false,
    level: 'problem',
    says: 'failed, and a person must look before anything else is deployed; slipway status ID --why names the ways on',
  },
} as const satisfies Record<string, OutcomeRow>;

export type Outcome = keyof typeof outcomes;

/**
 * How a run has ended that was ended from outside: nobody knows what it left behind, so that somebody looks. All that the gateway's login may say
 * of an end (activities/records/rights.ts).
 */
export const outcomeOfLost = 'halted' satisfies Outcome;

/** No outcome at all, or one that a newer version has recorded and this one does not know: never taken for harmless, nor for well. */
const notKnown: OutcomeMeaning = {
  close: 'failed',
  lane: 'hold',
  changed: true,
  undoable: false,
  back: false,
  proven: false,
  level: 'attention',
};

/** What follows from an outcome as recorded. */
export function meaningOf(outcome: string | undefined): OutcomeMeaning {
  return outcome !== undefined && isOutcome(outcome) ? outcomes[outcome] : notKnown;
}

export function isOutcome(text: string): text is Outcome {
  return Object.hasOwn(outcomes, text);
}

export interface KnownOfEnd {
  /** What the records know that was changed under the run's id. */
  changed?: readonly string[] | undefined;
  /**
   * Of a release: whether each region is on record as verified by it, and whether its plan lets one be unproven. Of every run: whether each
   * region that it has changed was seen back, or is verified by it.
   */
  seen: { isVerified: boolean; mayBeUnproven: boolean; isBack: boolean };
  /** Who has ordered it back while it was open; absent where nobody has. */
  orderedBackBy?: string | undefined;
}

/**
 * How a run has ended, in the light of the records. A run that was reset, or started again, may not know what was changed under its id; and
 * that all is well is not believed because a run says so. What the records do not bear out halts, so that somebody looks.
 */
export function endOnRecord(
  { outcome, summary }: { outcome: string; summary: string },
  { changed = [], seen, orderedBackBy }: KnownOfEnd,
): { outcome: string; summary: string } {
  // No proof is asked for a word that nobody knows: it is no end.
  if (!isOutcome(outcome)) {
    const unknown = `${summary}; but it has ended as ${JSON.stringify(head(outcome, 50))}, which is no outcome`;
    return { outcome: changed.length > 0 ? 'halted' : 'failed', summary: unknown };
  }
  const { changed: mayChange, lane, proven, back } = meaningOf(outcome);
  const isHeld = back ? seen.isBack && changed.length > 0 : lane === 'hold';
  const isBorneOut = mayChange
    ? isHeld || (proven ? seen.isVerified : !back && lane === 'free' && seen.mayBeUnproven)
    : changed.length === 0;
  const isBackAsOrdered = outcome === 'halted' || (back && seen.isBack);
  if (isBorneOut && orderedBackBy !== undefined && changed.length > 0 && !isBackAsOrdered)
    return { outcome: 'halted', summary: `${summary}; but ${orderedBackBy} had ordered it back, and it is not` };
  if (isBorneOut) return { outcome, summary };
  if (changed.length === 0)
    return { outcome: 'failed', summary: `${summary}; but nothing on record bears out that it is ${outcome}` };
  // What was changed, whoever tells this names from the records: the hold, the notice of the end, and how the run is seen to have ended.
  if (mayChange)
    return { outcome: 'halted', summary: `${summary}; but not all that it had changed was seen well: look at it` };
  // A step that was refused for it has said so already.
  const isSaid = summary.includes(hadChanged(changed));
  const said = isSaid ? summary : `${summary}; but an earlier run under this id had changed something`;
  return { outcome: 'halted', summary: `${said}: look at what it left behind` };
}

/** Exit codes of the CLI that are not outcomes. */
export const otherExitCodes = {
  usage: 2,
  refused: 3,
  unreachable: 4,
  stillRunning: 5,
  interrupted: 130,
} as const;

export function laneDisposition(outcome: string | undefined, reason: string): LaneDisposition {
  return meaningOf(outcome).lane === 'hold' ? { kind: 'hold', reason } : { kind: 'free' };
}
