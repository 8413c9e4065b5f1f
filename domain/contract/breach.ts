import type { Millis } from './release.ts';

/**
 * A verified release that was seen broken afterwards. Written by the step that saw it, about what it saw itself, never on the word of a
 * workflow: with an approved plan that says so, it is what lets the engine roll that release back.
 */
export interface Breach {
  /** Unique; the rollback run that it leads to has it at the end of its id. */
  id: string;
  releaseId: string;
  /** The plan that is in force there. */
  planHash: string;
  regions: string[];
  /** What was seen, in one line. */
  summary: string;
  seenAt: Millis;
  /** Workflow whose step saw it. */
  seenBy: string;
}

/** What a plan says of a breach: absent, people are told and decide. */
export type BreachPolicy = 'roll-back';
