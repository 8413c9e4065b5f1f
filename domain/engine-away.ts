/**
 * Who does not answer, as far as that can be told: Temporal, workers, of which none asks for work, or a lane that runs no more; `unknown` where
 * all were there lately.
 */
export type EngineAway = 'temporal' | 'workers' | 'lane' | 'unknown';

/** Whether this, as it came over the wire, is one of them. */
export function isAway(said: unknown): said is EngineAway {
  return said === 'temporal' || said === 'workers' || said === 'lane' || said === 'unknown';
}

/** The cause, where it is known, and that it is not, where it is not. */
export function awayInWords(away: EngineAway): string {
  switch (away) {
    case 'temporal':
      return 'Temporal does not answer';
    case 'workers':
      return 'no engine worker asks Temporal for work';
    case 'lane':
      return 'the lane does not run in Temporal now';
    case 'unknown':
      return 'no answer has come in time, and why cannot be told: Temporal is there, and engine workers have asked it for work lately';
  }
}

/** What is to be done about it. */
export function backWith(away: EngineAway): string {
  switch (away) {
    case 'temporal':
      return 'see to the Temporal server; `slipway doctor` says what is away';
    case 'workers':
      return 'start an engine worker; `slipway doctor` says which are missing';
    case 'lane':
      return 'nothing: the next run, or order, starts it anew from the records';
    case 'unknown':
      return 'ask again; `slipway doctor` says what is away';
  }
}
