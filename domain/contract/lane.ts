import type { Commit, Millis, QueuePolicy, Ticket } from './release.ts';

export type MemberKind = 'release' | 'rollback';

/** Somebody who wants to be the single writer of an environment. */
export interface LaneMember {
  releaseId: string;
  kind: MemberKind;
  commit: Commit;
  queue: QueuePolicy;
  joinedAt: Millis;
}

/** Why nobody new is let in. Cleared by a person. */
export interface LaneHold {
  reason: string;
  by: string;
  at: Millis;
}

/** A freeze parks runs before their first effect; rollbacks pass. */
export interface LaneFreeze {
  reason: string;
  by: string;
  at: Millis;
}

/** What happens to the lane when its holder leaves. */
export type LaneDisposition = { kind: 'free' } | { kind: 'hold'; reason: string };

/** What the lane answers to a member. */
export type LaneAnswer =
  | { kind: 'granted'; ticket: Ticket }
  | { kind: 'superseded'; by: string }
  /** The claim is kept; it will be granted when the reason is gone. */
  | { kind: 'waiting'; reason: string };
