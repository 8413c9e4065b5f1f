import type { ClosingsOnRecord, LaneClosings } from '../../activities/records/port.ts';
import { lawful } from '../../activities/steps/lane-closings.ts';
import type { LaneClosure } from '../../domain/contract/lane.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { closuresInForce, isOver } from '../../domain/lane-closures.ts';
import type { GatewayParts } from './calls.ts';

export interface ClosuresSeen {
  /** What closes each by right, by how its lane stands in paths. Lanes that nothing closes are left out. */
  closed: ReadonlyMap<string, LaneClosure[]>;
  /** Lanes, as they stand in paths, of which it was not read yet: who asks next is told of some of them. */
  unread: string[];
  /** Lanes, as they stand in paths, of which more is on record than can be read. */
  tooMuch: string[];
}

export type ClosuresOfMany = (lanes: readonly LaneKey[]) => Promise<ClosuresSeen>;

/** `tooMuch`: nobody knows, until anything else is ordered or held there. */
type Kept = { counted: string; closures: LaneClosure[] } | { counted: string; tooMuch: true };

/** Far more than an installation has: what is kept of them is forgotten then, and read again. */
const mostKept = 10_000;

/**
 * What closes many lanes, by the orders that people have signed. Each signature is checked once: of a lane that has heard of nothing since, what was
 * found is what it is.
 */
export function closuresOfMany({ records: { lanesAtOnce, closings }, verifier, now }: GatewayParts): ClosuresOfMany {
  const kept = new Map<string, Kept>();
  const isTooMuch = ({ name }: { name: string }) => 'tooMuch' in (kept.get(name) ?? {});
  return async (lanes) => {
    const counted = await lanesAtOnce.closingsCounted(lanes);
    if (kept.size > mostKept) kept.clear();
    const asked = lanes.map((lane, at) => ({ lane, name: laneInPath(lane), counted: counted[at] ?? '' }));
    const isKnown = (one: (typeof asked)[number]) => kept.get(one.name)?.counted === one.counted;
    // What was too much before keeps no other lane from being read.
    const news = asked
      .filter((one) => !isKnown(one))
      .sort((one, other) => Number(isTooMuch(one)) - Number(isTooMuch(other)));
    const [first] = news;
    const read: (ClosingsOnRecord | 'too much')[] = first
      ? await lanesAtOnce.closings(news.map(({ lane }) => lane))
      : [];
    // One alone that is too much for many is read as whoever looks at that lane reads it.
    if (first && read.length === 0) read.push(await alone(closings, first.lane));
    for (const [at, { lane, name, counted: as }] of news.slice(0, read.length).entries()) {
      const known = read[at]!;
      if (known === 'too much') kept.set(name, { counted: as, tooMuch: true });
      else
        kept.set(name, {
          counted: as,
          closures: closuresInForce(lawful(known, { lane, verifier }), { lane, now: now() }),
        });
    }
    const at = now();
    const closed = asked.flatMap((one): [string, LaneClosure[]][] => {
      const known = isKnown(one) ? kept.get(one.name) : undefined;
      const inForce = known && 'closures' in known ? known.closures.filter((each) => !isOver(each, at)) : [];
      return inForce.length > 0 ? [[one.name, inForce]] : [];
    });
    const tooMuch = asked.filter((one) => isKnown(one) && isTooMuch(one)).map(({ name }) => name);
    return { closed: new Map(closed), unread: news.slice(read.length).map(({ name }) => name), tooMuch };
  };
}

async function alone(closings: LaneClosings, lane: LaneKey): Promise<ClosingsOnRecord | 'too much'> {
  try {
    return await closings.list(lane);
  } catch (error) {
    if (error instanceof Failure && error.details.code === 'SLIP-REC-8') return 'too much';
    throw error;
  }
}
