import type { Outcome } from '../domain/outcomes.ts';

/** A plain end of the story that is nobody's failure: rejected, expired, superseded, aborted. */
export class Ended extends Error {
  readonly outcome: Outcome;
  constructor(outcome: Outcome, why: string) {
    super(why);
    this.outcome = outcome;
  }
}
