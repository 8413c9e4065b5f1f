import type { DecisionKind } from '../../../domain/contract/decisions.ts';
import type { RecordedDecision, ReleaseView } from '../../../domain/contract/gateway.ts';
import { mayBeDecided } from './ways.ts';
import { shownRun } from './states.ts';

/** What others have done to a run while somebody was asked. */
export interface Meanwhile {
  says: string[];
  /** Why what is asked cannot be done any more; absent where it can. */
  why?: string;
}

/** `asked`: what somebody is about to decide, and the run as it was when they were asked. */
export function meanwhileOf(
  now: ReleaseView,
  { kind, then, planHash }: { kind: DecisionKind; then: ReleaseView; planHash: string | undefined },
): Meanwhile {
  const says = decidedSince(now, then)
    .filter(({ refused }) => refused === undefined)
    .map(decidedInWords);
  if (planHash !== undefined && now.recorded?.planHash !== planHash)
    return { says, why: 'Another plan is in force by now: close this, and read that one.' };
  if (mayBeDecided(now, kind)) return { says };
  const { word } = shownRun(now);
  return { says, why: `Nobody is asked for this any more: it is ${word} by now.` };
}

/** What was decided since then, and is on record. */
export function decidedSince(now: ReleaseView, then: ReleaseView): RecordedDecision[] {
  const before = then.recorded?.decisions ?? [];
  return (now.recorded?.decisions ?? []).filter((one) => !before.some((known) => isSame(known, one)));
}

const did: Record<DecisionKind, string> = {
  approve: 'has approved it',
  reject: 'has rejected it',
  abort: 'has aborted it',
  'roll-back': 'has ordered that it is rolled back',
  'accept-failure': 'has accepted the failure',
  retry: 'has ordered that it is tried again',
};

function decidedInWords({ kind, by }: RecordedDecision): string {
  return `${by} ${(did as Partial<typeof did>)[kind] ?? `has decided: ${kind}`} meanwhile.`;
}

function isSame(one: RecordedDecision, other: RecordedDecision): boolean {
  return one.kind === other.kind && one.by === other.by && one.at === other.at;
}
