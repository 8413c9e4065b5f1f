import { mostSkewMs } from './clock-skew.ts';
import type { Millis, ObserveSpec, ReleasePlan } from './contract/release.ts';

type Waves = Pick<ReleasePlan, 'waves'>;

/** How a region is watched once all that its wave puts there is in place, one look after the other. */
export function looksOf({ waves }: Waves, region: string): ObserveSpec[] {
  const { stages = [] } = waves.find(({ regions }) => regions.includes(region)) ?? {};
  const last = stages.findLastIndex(({ apply }) => apply);
  return stages.slice(Math.max(last, 0)).flatMap(({ observe }) => observe);
}

/** For how long, ms. */
export function bakeOf(plan: Waves, region: string): Millis {
  return looksOf(plan, region).reduce((sum, { forMs }) => sum + forMs, 0);
}

export interface Baking {
  region: string;
  bakeMs: Millis;
  /** When it began. */
  from: Millis;
  /** When it was seen well last; absent where the plan goes on with what nobody could tell. */
  seenAt?: Millis;
}

export type BakeVerdict =
  | { kind: 'over' }
  | { kind: 'bakes'; leftMs: Millis; words: string }
  /** Its time is over, and nobody has looked at its end. */
  | { kind: 'unwatched'; words: string };

/** Whether a region has baked, all by one clock. Time in which nobody could look counts; the last look is at the end. */
export function judgeBake({ region, bakeMs, from, seenAt }: Baking, now: Millis): BakeVerdict {
  const leftMs = from + bakeMs - now;
  if (leftMs > 0) {
    const words = `${region} bakes for ${spanOf(bakeMs)}, until ${new Date(from + bakeMs).toISOString()}`;
    return { kind: 'bakes', leftMs, words };
  }
  // Who looks goes by another clock.
  if (seenAt !== undefined && seenAt + mostSkewMs < from + bakeMs)
    return {
      kind: 'unwatched',
      words: `${region} has not been seen well since its bake of ${spanOf(bakeMs)} was over`,
    };
  return { kind: 'over' };
}

/** What a bake is, for whoever does not know the word. One look is at the end, however short it is. */
export function watchInWords(
  regions: readonly string[],
  { forMs, everyMs }: Pick<ObserveSpec, 'forMs' | 'everyMs'>,
): string {
  const looks = everyMs < forMs ? `, with a look every ${spanOf(everyMs)}` : '';
  return `watching ${regions.join(' and ')} for ${spanOf(forMs)} before it goes on${looks}`;
}

const minute = 60_000;
const hour = 60 * minute;

/** Whole units, rounded down: nothing is said to have taken longer than it has. */
function spanOf(ms: Millis): string {
  if (ms < minute) return `${Math.max(0, Math.floor(ms / 1_000))} s`;
  return ms < 2 * hour ? `${Math.floor(ms / minute)} min` : `${Math.floor(ms / hour)} h`;
}
