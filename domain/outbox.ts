import { laneOfRun } from './contract/names.ts';
import type { ClaimedMessage, Delivery } from './contract/outbox.ts';
import type { Millis, NotifyTarget } from './contract/release.ts';

/** One try more, and nobody has taken it for about a day. */
const mostTries = 150;
const firstPause = 1_000;
const longestPause = 600_000;
/** However long somebody asks to be left alone. */
const longestAsked = 3_600_000;
/** News is told late; an alarm is not. */
const staleAlarm = 600_000;

/**
 * What is told in order. A release is one thread everywhere; who is woken hears of a lane, since what one run has broken another mends: were
 * they told in another order, nobody would be called, or called for nothing.
 */
export function threadOf(kind: NotifyTarget['kind'], run: string): string {
  const lane = kind === 'pagerduty' ? laneOfRun(run) : undefined;
  return lane ? `${lane.service}/${lane.environment}` : run;
}

type Standing = Pick<ClaimedMessage, 'event' | 'age' | 'hasBegun' | 'hasEnded' | 'later' | 'laterOfOthers'> & {
  /** Nobody is waited for any more: it is approved, rejected or called off, or the wait is over. Of what asks for an approval alone. */
  isDecided?: boolean;
};

/** Asks people for an approval: whether one is still wanted is worth a look before it is sent. */
export function asksForApproval(event: ClaimedMessage['event']): boolean {
  return event === 'approval' || event === 'approval-reminder' || event === 'approval-escalated';
}

/**
 * Why a message says what does not hold any more, in words; undefined for one that does. What asks somebody to act is not sent when there is
 * nothing left to do; that something went wrong stays news, but is not sent long after to whoever then hears how it ended. What other runs have
 * had told in the same thread is no news about this one, but that the lane is well again.
 */
export function overtakenBy({
  event,
  age,
  hasBegun,
  hasEnded,
  later,
  laterOfOthers,
  isDecided = false,
}: Standing): string | undefined {
  switch (event) {
    case 'started':
    case 'changing':
      if (hasEnded) return 'the run has ended';
      return later.length > 0 ? 'what came after it is told instead' : undefined;
    case 'approval':
    case 'approval-reminder':
    case 'approval-escalated':
      if (hasEnded) return 'the run has ended';
      if (hasBegun) return 'the run was approved, and goes on';
      if (later.includes('approval')) return 'another plan of the run waits for approval';
      if (isDecided) return 'it was decided meanwhile';
      return event === 'approval-reminder' ? toldAnew(later) : undefined;
    case 'held':
      if (hasEnded) return 'the run has ended';
      // Nothing waits any more for whoever would look: the same target hears what became of it.
      return later.includes('failed') ? 'it has failed since, which is told instead' : undefined;
    case 'failed':
    case 'region-failed': {
      if (age <= staleAlarm) return undefined;
      if (later.includes('ended-well') || later.includes('ended-otherwise')) return 'how it ended is told instead';
      // Where a thread is a lane: what this run has broken another has mended. How else that one ended says nothing of it.
      return laterOfOthers.includes('ended-well') ? 'that it was mended is told instead' : undefined;
    }
    case 'ended-well':
    case 'ended-otherwise':
      return undefined;
    default:
      // Of a newer version, which knows what it means.
      event satisfies never;
      return undefined;
  }
}

/** A receiver that was away for hours is reminded once. */
function toldAnew(later: Standing['later']): string | undefined {
  if (later.includes('approval-escalated')) return 'others may approve by now, which is told instead';
  return later.includes('approval-reminder') ? 'a later reminder is told instead' : undefined;
}

interface Refused {
  why: string;
  /** It will not get better by itself. */
  isFinal: boolean;
  /** For how long its receiver asks to be left alone. */
  retryAfterMs?: Millis;
}

/** What follows a try that did not work. */
export function afterFailure(tries: number, { why, isFinal, retryAfterMs = 0 }: Refused): Delivery {
  if (isFinal) return { came: 'dead', why };
  if (tries >= mostTries) return { came: 'dead', why: `tried ${tries} times: ${why}` };
  const pause = Math.min(longestPause, firstPause * 2 ** Math.min(tries - 1, 20));
  return { came: 'failed', why, againInMs: Math.max(pause, Math.min(retryAfterMs, longestAsked)) };
}
