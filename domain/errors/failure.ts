/**
 * Every failure a user can meet has a stable code (`SLIP-<AREA>-<n>`, never used again for something else), says who must act
 * and names the next step. `retryable` costs time only; `terminal` will not get better by itself; `unknown` may have happened
 * and must be read back before anything else is done.
 */
export type FailureKind = 'retryable' | 'terminal' | 'unknown';

/**
 * Whose fault it is: `release`, the commit or its pipeline file, which another commit would mend; `operator`, the policy, rights or keys of
 * the installation; `world`, what is away or could not be looked at. Only what is the release's own fault rolls back by itself.
 */
export type Blame = 'release' | 'operator' | 'world';

/** One line of the catalogue. `title` and `next` are for the person who has to act. */
export interface FailureEntry {
  kind: FailureKind;
  blame: Blame;
  title: string;
  next: string;
  /** Trying the same step again in the same run cannot mend it, whoever acts: the run says so instead of waiting. */
  final?: true;
  /** It could not be told whether a region, or an image, is well: no proof against the release, and none for it. `onInconclusive` decides. */
  inconclusive?: true;
  /** The run changes nothing more after it, and waits for nobody: it ends. */
  stops?: true;
  /** A Job that only looked has ended so. Its exit code does not tell "no" from "I could not look": looked at again before it counts. */
  lookAgain?: true;
}

/** What is known of one failure: the form in which it crosses Temporal, the gateway and the terminal. */
export interface FailureDetails extends FailureEntry {
  code: string;
  /** What happened, in the outside world's own words where there are any. At most 2 KB, redacted. */
  detail: string;
}

/** A failure that carries the pause (ms) after which a repetition makes sense, as a server asks for it by `Retry-After`. */
export interface PacedFailureDetails extends FailureDetails {
  retryAfterMs: number;
}

/** Thrown by adapters and by rules; the activity boundary turns it into Temporal's own failure. */
export class Failure extends Error {
  readonly details: FailureDetails;

  constructor(details: FailureDetails) {
    super(`${details.code} ${details.title}: ${details.detail}`);
    this.name = 'Failure';
    this.details = details;
  }
}
