import { isNo } from './approval.ts';
import type { Decision } from './contract/decisions.ts';
import { readRunId } from './run-kinds.ts';

/** What is on record of the run that a decision is about. */
export interface DecidedRun {
  /** It has begun to change something. */
  hasBegun: boolean;
  /** How it has ended is on record. */
  hasEnded: boolean;
}

type About = Pick<Decision, 'kind' | 'releaseId' | 'run'>;

/**
 * Whether a decision stands although its run says that it has not taken it; it is void on record otherwise. A no always does. An approval does
 * once something was changed, as that was done by it, and an order to go back, for as long as the run can be kept from going forward: both of
 * a run that goes by approvals. The schema of the records says the same itself (activities/records/schema-refused.ts).
 */
export function standsRefused({ kind, releaseId, run }: About, { hasBegun, hasEnded }: DecidedRun): boolean {
  if (isNo(kind)) return true;
  if (run !== undefined || !hasBegun || readRunId(releaseId)?.kind.authority !== 'approvals') return false;
  return kind === 'approve' || (kind === 'roll-back' && !hasEnded);
}

/**
 * What a decision is worth that its run says it has not taken, or may not have heard of, as the steps go by it. Of a run that is over no step goes by any; a no counts
 * where it came before the first change (domain/called-off.ts); what is void counts nowhere.
 */
export function worthOf(
  decision: About & { afterChange: boolean },
  run: DecidedRun,
): 'counts' | 'too late: it has ended' | 'nothing' {
  if (run.hasEnded) return 'too late: it has ended';
  const counts = isNo(decision.kind) ? !decision.afterChange : standsRefused(decision, run);
  return counts ? 'counts' : 'nothing';
}
