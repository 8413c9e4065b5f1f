import type { LaneKey } from './names.ts';
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

/** What a person orders of a lane, as the gateway signed it. The same order again changes nothing. */
export type LaneOrder = {
  id: string;
  lane: LaneKey;
  by: string;
  at: Millis;
  reason: string;
} & (
  | { kind: 'freeze' }
  /** `lifts`: the `at` of the freeze, or of the hold, that the person saw. One that was set since stays. */
  | { kind: 'unfreeze' | 'clear-hold'; lifts: Millis }
);

export interface SignedLaneOrder {
  order: LaneOrder;
  keyId: string;
  /** Ed25519 over the canonical JSON of `order`, base64. */
  signature: string;
}

/** What happens to the lane when its holder leaves. */
export type LaneDisposition = { kind: 'free' } | { kind: 'hold'; reason: string };

/** What the lane answers to a member. */
export type LaneAnswer =
  | { kind: 'granted'; ticket: Ticket }
  | { kind: 'superseded'; by: string }
  /** The claim is kept; it will be granted when the reason is gone. */
  | { kind: 'waiting'; reason: string };
