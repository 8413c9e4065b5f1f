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

/** The single writer, until it leaves. */
export interface LaneHolder {
  member: LaneMember;
  ticket: Ticket;
  since: Millis;
}

/** `hold`: something may have been left behind, a person must look. `freeze`: a person wants quiet. `window`: it was planned. */
export type ClosureKind = 'hold' | 'freeze' | 'window';

/** Why nobody new is let in. Several may be in force at once; each is lifted by its own id. Whoever holds the lane goes on. */
export interface LaneClosure {
  id: string;
  kind: ClosureKind;
  /** What is closed: for now always this lane alone. */
  scope: LaneKey;
  from: Millis;
  /** It ends by itself then; without this, when a person lifts it. */
  until?: Millis;
  /** Who is let in all the same. */
  passes: Passage[];
  by: string;
  reason: string;
  /** Of a freeze: the id of the key that its order names, and that is not known here. Who ordered it cannot be told. */
  unprovenKey?: string;
}

export type Passage = { kind: 'rollback' } | { kind: 'run'; releaseId: string };

/** What a person orders of a lane, as the gateway signed it. The same order again changes nothing. */
export type LaneOrder = {
  id: string;
  lane: LaneKey;
  by: string;
  at: Millis;
  reason: string;
} & (
  | { kind: 'freeze'; until?: Millis }
  /** `lifts`: the id of the freeze, or of the hold, that the person saw. Others stay. */
  | { kind: 'unfreeze'; lifts: string }
  /** `of`: the run after whose end it was set. */
  | { kind: 'clear-hold'; lifts: string; of?: string }
  /** A ticket that no lane has issued stands in the way of every write: it is ignored, where it was found. */
  | { kind: 'clear-ticket'; ticket: string }
);

/** What people order of a lane; `tell`: nothing that is signed, it hears again what is on record. */
export const orderedOfLane = ['freeze', 'unfreeze', 'clear-hold', 'clear-ticket', 'tell'] as const satisfies readonly (
  LaneOrder['kind'] | 'tell'
)[];
export type OrderedOfLane = (typeof orderedOfLane)[number];

/** An order that counts where it was judged; `unprovenKey`: though nobody there can tell who gave it. */
export type JudgedOrder = LaneOrder & Pick<LaneClosure, 'unprovenKey'>;

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
  | { kind: 'waiting'; reason: string }
  /** The lane began anew and has forgotten who waits: who still wants it, claims it again. */
  | { kind: 'ask-again' };

/** What the end of a run has left closed. */
export interface LaneHold {
  id: string;
  /** The run. */
  by: string;
  reason: string;
  from: Millis;
}

/** To be judged. `storedAt`: by the clock of the records, ms. */
export type Stored<T> = T & { storedAt: Millis };

/** An order on record, beside when it was stored: what is sent is `signed` alone, and whoever reads that takes not a field more. */
export interface StoredOrder {
  signed: SignedLaneOrder;
  storedAt: Millis;
}

/** What of a lane must outlive it. */
export interface LaneMemory {
  holder?: LaneHolder;
  /** The newest of them. */
  closures: LaneClosure[];
  /** Release ids of those who have claimed it and wait, in their order. */
  waiting: string[];
}

/** Which of two writes of a lane is the later one. */
export interface LaneFence {
  incarnation: number;
  /** Counts the writes within one incarnation. */
  sequence: number;
}

/** What a lane finds when it begins anew. `moreClosures`: so many older ones close it as well. */
export type LaneBeginning = LaneMemory & LaneFence & { moreClosures?: number };
