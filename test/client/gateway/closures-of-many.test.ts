import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { closuresOfMany } from '../../../client/gateway/closures-of-many.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { useGateway, verifier } from './gateway.ts';

const gateway = useGateway();

/** Lanes that are on hold, of some of which there is more than can be read. */
function manyLanes(...tooMuch: LaneKey[]) {
  const { records } = gateway();
  const isTooMuch = (lane: LaneKey) => tooMuch.some(({ service }) => service === lane.service);
  const alone: string[] = [];
  const parts = {
    ...{ verifier, now: () => 1_000 },
    records: {
      ...records,
      lanesAtOnce: {
        ...records.lanesAtOnce,
        closings: async (lanes: readonly LaneKey[]) => {
          const cut = lanes.findIndex(isTooMuch);
          return records.lanesAtOnce.closings(cut < 0 ? lanes : lanes.slice(0, cut));
        },
      },
      closings: {
        ...records.closings,
        list: async (lane: LaneKey) => {
          alone.push(lane.service);
          if (isTooMuch(lane)) throw failure('SLIP-REC-8', 'too much');
          return records.closings.list(lane);
        },
      },
    },
  };
  const hold = async (lane: LaneKey) =>
    records.closings.hold(lane, { id: `hold-${randomUUID()}`, by: 'release/x', reason: 'halted', from: 5 });
  return { closures: closuresOfMany(parts as unknown as Parameters<typeof closuresOfMany>[0]), hold, alone };
}

const aLane = (): LaneKey => ({ service: `shop-${randomUUID().slice(0, 8)}`, environment: 'production' });

describe('what closes many lanes', () => {
  it('is told of all others where of one there is too much, which is read once and no more', async () => {
    const [crowded, held] = [aLane(), aLane()];
    const { closures, hold, alone } = manyLanes(crowded);
    await hold(held);
    const name = `${crowded.service}/production`;
    expect(await closures([crowded, held])).toMatchObject({ tooMuch: [name], unread: { length: 1 } });
    for (const _again of [1, 2]) {
      const { closed, tooMuch, unread } = await closures([crowded, held]);
      expect([[...closed.keys()], tooMuch, unread]).toEqual([[`${held.service}/production`], [name], []]);
    }
    expect(alone).toEqual([crowded.service]);
  });

  it('is read of the others first where more was ordered there', async () => {
    const [crowded, held] = [aLane(), aLane()];
    const { closures, hold, alone } = manyLanes(crowded);
    await closures([crowded, held]);
    await Promise.all([hold(crowded), hold(held)]);
    const { closed, unread } = await closures([crowded, held]);
    expect([[...closed.keys()], unread.length]).toEqual([[`${held.service}/production`], 1]);
    expect(alone).toEqual([crowded.service]);
  });
});
