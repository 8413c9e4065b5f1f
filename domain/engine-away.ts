import type { LaneKey } from './contract/names.ts';
import { tellCommand } from './lane-standing.ts';

/**
 * Who does not answer, as far as that can be told: Temporal, workers, of which none asks for work, or a lane that runs no more, or that has
 * just been begun anew; `unknown` where all were there lately, or where that cannot be told.
 */
export type EngineAway = 'temporal' | 'workers' | 'lane' | 'begun' | 'unknown';

/** Whether this, as it came over the wire, is one of them. */
export function isAway(said: unknown): said is EngineAway {
  return said === 'temporal' || said === 'workers' || said === 'lane' || said === 'begun' || said === 'unknown';
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
    case 'begun':
      return 'the lane begins anew from the records';
    case 'unknown':
      return 'no answer has come in time, and why cannot be told: of Temporal and the engine workers none is known to be away';
  }
}

/** What is to be done about it. */
export function backWith(away: EngineAway, lane: LaneKey): string {
  switch (away) {
    case 'temporal':
      return 'see to the Temporal server; `slipway doctor` says what is away';
    case 'workers':
      return 'start an engine worker; `slipway doctor` says which are missing';
    case 'lane':
      return `${tellCommand(lane)} starts it anew from the records, as the next run or order does; who waits for it does within an hour`;
    case 'begun':
      return 'look again in a moment: it asks those who waited';
    case 'unknown':
      return 'ask again; `slipway doctor` says what is away';
  }
}
