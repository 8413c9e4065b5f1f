import type { LaneKey } from './names.ts';
import type { Commit, Identity, Millis } from './release.ts';

/**
 * What somebody may do about a lane: see it and its runs; ask for a release; decide about a run; close the lane, open it, and mend it. What a
 * decision or an order of a lane needs besides stands in domain/deciders.ts.
 */
export const rights = ['look', 'start', 'decide', 'operate'] as const;
export type Right = (typeof rights)[number];

/** By the operator's policy, groups that have a right in a lane. Of a right that is left out: everybody who may look; of that one: everybody who is known. */
export type Access = Partial<Record<Exclude<Right, 'decide'>, readonly string[]>>;

/** A lane of the policy, with who may do what there. */
export interface LaneAccess extends LaneKey {
  access?: Access;
}

/** One thing that a credential is good for. A list that is left out: any. */
export interface Grant {
  rights: readonly Right[];
  services?: readonly string[];
  environments?: readonly string[];
  /** What may be started with it, and nothing else. */
  branch?: string;
  commit?: Commit;
}

/** Somebody, by a credential. `grants`: all that it is good for; absent where it is good for whatever they may do. */
export interface Caller {
  who: Identity;
  grants?: readonly Grant[];
  once?: Once;
}

/** A credential that starts one thing: whatever it has started first. Until then it is remembered what that was. */
export interface Once {
  id: string;
  until: Millis;
}

/** What somebody may do in a lane. */
export interface LaneRights extends LaneKey {
  may: Right[];
}

/** Which lanes somebody may look at: everything, what the policy has no more too, or these alone. */
export type Sight = 'everything' | readonly LaneKey[];
