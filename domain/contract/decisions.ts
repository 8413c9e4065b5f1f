import type { Identity, Millis } from './release.ts';

/** What a person may decide about a run. */
export const decisionKinds = ['approve', 'reject', 'abort', 'roll-back', 'accept-failure', 'retry'] as const;
export type DecisionKind = (typeof decisionKinds)[number];

/**
 * One person's decision, as the gateway stored and signed it. `planHash` binds an approval to the content approved; for a rejection it is the
 * plan that the person was shown, though it is a no to every plan of the release; for the other kinds it is the plan in force when the person
 * decided, or empty before there is one.
 */
export interface Decision {
  /** Unique; a decision repeated with the same id counts once. */
  id: string;
  kind: DecisionKind;
  /** Workflow id of the release. */
  releaseId: string;
  planHash: string;
  by: Identity;
  /** Where the person pressed: `cli`, `slack`, `lab`. */
  channel: string;
  decidedAt: Millis;
  reason: string;
  /** Only for a rollback of a finished release: these regions; all of them when absent. */
  regions?: string[];
  /**
   * Only for a rollback of a finished release: the one run that this orders. What is decided about a run that is open never has it, so that
   * neither can stand for the other.
   */
  run?: string;
  /** With `run`: the time by which that run must have begun to change something. */
  expiresAt?: Millis;
}

export interface SignedDecision {
  decision: Decision;
  keyId: string;
  /** Ed25519 over the canonical JSON of `decision`, base64. */
  signature: string;
}
