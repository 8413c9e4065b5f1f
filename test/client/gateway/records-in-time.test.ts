import { describe, expect, it } from '@jest/globals';
import type { Records } from '../../../activities/records/port.ts';
import { recordsInTime } from '../../../client/gateway/records-in-time.ts';
import { createMemoryRecords } from '../../support/memory-records/memory-records.ts';

const lane = { service: 'shop', environment: 'production' };

describe('records that the gateway asks', () => {
  it('are named when they hang, and waited for no longer', async () => {
    const hanging = (): Promise<never> => new Promise(() => {});
    const records: Records = {
      ...createMemoryRecords(),
      closings: { order: hanging, hold: hanging, list: hanging },
    };
    await expect(recordsInTime(records, 20).closings.list(lane)).rejects.toMatchObject({
      status: 503,
      message: 'the records (PostgreSQL) do not answer: no answer in 0.02 s',
    });
  });

  it('answer as they do otherwise', async () => {
    const records = recordsInTime(createMemoryRecords(), 10_000);
    await records.closings.hold(lane, { id: 'h1', by: 'release/one', reason: 'halted', from: 1 });
    expect((await records.closings.list(lane)).holds).toMatchObject([{ id: 'h1' }]);
  });
});
