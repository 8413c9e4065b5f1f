import type { DecisionTaken, ReleaseView } from '../../../domain/contract/gateway.ts';
import { decidedSince } from './meanwhile.ts';
import { begun } from './sentence.ts';
import { withStop } from './with-stop.ts';

/** What has become of a decision that was sent, and what comes next. */
export function answeredInWords({ answer, message }: DecisionTaken): string {
  const said = begun(withStop(message));
  if (answer === 'taken') return `${said} This closes as soon as the page shows it.`;
  if (answer === 'queued')
    return `${said} Nothing is to be sent again: the page shows it then. Which workers are missing: slipway doctor.`;
  // All else says itself what is to be done; and a gateway of before says no more than that.
  return said;
}

/**
 * Whether nothing of it is left to be read: the run has taken it, and the page shows that. `then`: the run before it was sent; `me`: whoever has sent
 * it. What somebody else has decided meanwhile, and what was refused, is not what was sent.
 */
export function isShown(
  taken: DecisionTaken | undefined,
  { now, then, kind, me }: { now: ReleaseView; then: ReleaseView; kind: string; me: string | undefined },
): boolean {
  if (taken?.answer !== 'taken' || me === undefined) return false;
  return decidedSince(now, then).some((one) => one.kind === kind && one.by === me && one.refused === undefined);
}
