import { lawful } from '../../activities/steps/lane-closings.ts';
import type { LaneClosure } from '../../domain/contract/lane.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { closuresInForce, isOver } from '../../domain/lane-closures.ts';
import type { GatewayParts } from './calls.ts';

export interface ClosuresSeen {
  /** What closes each by right, by how its lane stands in paths. Lanes that nothing closes are left out. */
  closed: ReadonlyMap<string, LaneClosure[]>;
  /** Lanes of which it was not read yet: who asks next is told of some of them. */
  unread: number;
}

/** Far more than an installation has: what is kept of them is forgotten then, and read again. */
const mostKept = 10_000;

/**
 * What closes many lanes, by the orders that people have signed. Each signature is checked once: of a lane that has heard of nothing since, what was
 * found is what it is.
 */
export function closuresOfMany({
  records: { lanesAtOnce, closings },
  verifier,
  now,
}: GatewayParts): (lanes: readonly LaneKey[]) => Promise<ClosuresSeen> {
  const kept = new Map<string, { counted: string; closures: LaneClosure[] }>();
  return async (lanes) => {
    const counted = await lanesAtOnce.closingsCounted(lanes);
    if (kept.size > mostKept) kept.clear();
    const asked = lanes.map((lane, at) => ({ lane, name: laneInPath(lane), counted: counted[at] ?? '' }));
    const isKnown = (one: (typeof asked)[number]) => kept.get(one.name)?.counted === one.counted;
    const news = asked.filter((one) => !isKnown(one));
    const [first] = news;
    const read = first ? await lanesAtOnce.closings(news.map(({ lane }) => lane)) : [];
    // One alone that is too much for many is read as whoever looks at that lane reads it.
    if (first && read.length === 0) read.push(await closings.list(first.lane));
    for (const [at, { lane, name, counted: as }] of news.slice(0, read.length).entries())
      kept.set(name, {
        counted: as,
        closures: closuresInForce(lawful(read[at]!, { lane, verifier }), { lane, now: now() }),
      });
    const at = now();
    const closed = asked.flatMap((one): [string, LaneClosure[]][] => {
      const inForce = (isKnown(one) ? (kept.get(one.name)?.closures ?? []) : []).filter((each) => !isOver(each, at));
      return inForce.length > 0 ? [[one.name, inForce]] : [];
    });
    return { closed: new Map(closed), unread: news.length - read.length };
  };
}
