import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { usePostgres } from '../support/postgres.ts';
import { aLane, aLaneOrder } from './records-builders.ts';

const postgres = usePostgres();

/** As many orders as one answer of many lanes does not hold: two megabytes. */
async function fill({ closings }: Records, lane: LaneKey): Promise<void> {
  const one = () => {
    const { order, ...signed } = aLaneOrder(lane, { kind: 'freeze' });
    // A text that no database makes smaller.
    const reason = Array.from({ length: 100 }, () => randomUUID()).join('');
    return closings.order({ order: { ...order, reason }, ...signed });
  };
  for (let nth = 0; nth < 60; nth += 1) await Promise.all(Array.from({ length: 10 }, one));
}

describe('what closes many lanes', () => {
  it('is told of the first of them that are not too much together, of each all or nothing', async () => {
    const url = await postgres.freshDatabase();
    const records = await createPostgresRecords({ url });
    try {
      const [before, large, after, none] = [aLane(), aLane(), aLane(), aLane()];
      for (const lane of [before, after]) await records.closings.order(aLaneOrder(lane, { kind: 'freeze' }));
      await fill(records, large);
      const { lanesAtOnce, closings } = records;
      const [ofBefore, ofAfter] = [await closings.list(before), await closings.list(after)];
      expect(await lanesAtOnce.closings([before, large, after])).toEqual([ofBefore]);
      expect(await lanesAtOnce.closings([before, none, large, after])).toEqual([ofBefore, { orders: [], holds: [] }]);
      expect(await lanesAtOnce.closings([large, before])).toEqual([]);
      expect(await lanesAtOnce.closings([after, none, before])).toEqual([ofAfter, { orders: [], holds: [] }, ofBefore]);
      expect((await closings.list(large)).orders).toHaveLength(600);
    } finally {
      await records.close();
    }
  });
});
