import type { Decision } from '../../domain/contract/decisions.ts';
import type { Delivered } from './delivered.ts';
import type { Kind } from './limits.ts';

/** How many are being answered now, and to how many callers. */
export interface UnderWayNow {
  all: number;
  callers: number;
}

/** What the gateway tells of itself while it works, for whoever counts. Of nobody who asks, and of nothing that they have chosen. */
export interface Measures {
  /** `route`: as it is described, never as it was asked for. `ms`: absent of streams, which last as long as somebody follows. */
  answered(request: { route: string; method: string; status: string; ms?: number }): void;
  refused(code: string): void;
  /** Somebody has asked for more than one caller may. */
  tooOften(kind: Kind): void;
  /** A decision that was not there before. */
  stored(kind: Decision['kind']): void;
  /** What became of telling the run. */
  told(answer: Delivered['kind']): void;
  /** Looked at when figures are read. */
  follow(now: () => { questions: UnderWayNow; streams: UnderWayNow }): void;
}
