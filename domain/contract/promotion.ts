import type { Millis } from './release.ts';

/** What the policy has released by itself: what is verified in `from` for so long is asked for in `to`. */
export interface AutomaticPromotion {
  service: string;
  from: string;
  to: string;
  afterMs: Millis;
}
