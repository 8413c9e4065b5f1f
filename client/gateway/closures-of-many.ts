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
  return async (lanes) => {
    const counted = await lanesAtOnce.closingsCounted(lanes);
    if (kept.size > mostKept) kept.clear();
    const asked = lanes.map((lane, at) => ({ lane, name: laneInPath(lane), counted: counted[at] ?? '' }));
    // What is known now is told, whatever others who ask at the same time find out meanwhile.
    const known = new Map<string, Kept>();
    for (const { name, counted: as } of asked) {
      const before = kept.get(name);
      if (before?.counted === as) known.set(name, before);
    }
    // What was too much before keeps no other lane from being read.
    const news = asked
      .filter(({ name }) => !known.has(name))
      .sort((one, other) => Number(isTooMuch(kept.get(one.name))) - Number(isTooMuch(kept.get(other.name))));
    const [first] = news;
    const read: (ClosingsOnRecord | 'too much')[] = first
      ? await lanesAtOnce.closings(news.map(({ lane }) => lane))
      : [];
    // One alone that is too much for many is read as whoever looks at that lane reads it.
    if (first && read.length === 0) read.push(await alone(closings, first.lane));
    for (const [at, { lane, name, counted: as }] of news.slice(0, read.length).entries()) {
      const found = read[at]!;
      const one: Kept =
        found === 'too much'
          ? { counted: as, tooMuch: true }
          : { counted: as, closures: closuresInForce(lawful(found, { lane, verifier }), { lane, now: now() }) };
      known.set(name, one);
      kept.set(name, one);
    }
    const at = now();
    const closed = [...known].flatMap(([name, one]): [string, LaneClosure[]][] => {
      const inForce = 'closures' in one ? one.closures.filter((each) => !isOver(each, at)) : [];
      return inForce.length > 0 ? [[name, inForce]] : [];
    });
    return {
      closed: new Map(closed),
      unread: asked.flatMap(({ name }) => (known.has(name) ? [] : [name])),
      tooMuch: [...known].flatMap(([name, one]) => (isTooMuch(one) ? [name] : [])),
    };
  };
}

const isTooMuch = (one: Kept | undefined) => one !== undefined && 'tooMuch' in one;

async function alone(closings: LaneClosings, lane: LaneKey): Promise<ClosingsOnRecord | 'too much'> {
  try {
    return await closings.list(lane);
  } catch (error) {
    if (error instanceof Failure && error.details.code === 'SLIP-REC-8') return 'too much';
    throw error;
  }
}
