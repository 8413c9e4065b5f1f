import { describe, expect, it } from '@jest/globals';
import { forgettingMessages } from '../../workers/forget-messages.ts';
import { aMessage, aRunAskedFor } from '../contract/records-builders.ts';
import { createMemoryRecords } from '../support/memory-records/memory-records.ts';

const aDay = 86_400_000;
const anHour = 3_600_000;

describe('whoever delivers', () => {
  it('forgets what is old, once an hour at most', async () => {
    let time = 1_000_000;
    const asked: unknown[] = [];
    const forget = async (...of: unknown[]) => asked.push(of);
    const atRest = forgettingMessages({ outbox: { forget }, keptMs: 90 * aDay, tell: () => {}, now: () => time });
    for (const later of [0, 1_000, anHour - 2_000, 1_000, 1_000]) {
      time += later;
      await atRest();
    }
    expect(asked).toEqual([
      [90 * aDay, 500],
      [90 * aDay, 500],
    ]);
  });

  it('says that it could not, and goes on', async () => {
    const lines: string[] = [];
    const forget = () => Promise.reject(new Error('the database is away'));
    await forgettingMessages({ outbox: { forget }, keptMs: aDay, tell: (line) => lines.push(line) })();
    expect(lines).toEqual(['old messages cannot be forgotten: the database is away']);
  });

  it('forgets the messages of a run that has ended, and tells none of them again', async () => {
    let time = 1_000_000;
    const records = createMemoryRecords({ now: () => time });
    const run = await aRunAskedFor(records);
    const message = aMessage({ run });
    await records.outbox.put([message]);
    const [claimed] = await records.outbox.claim(1, anHour);
    await records.outbox.settle(claimed!, { came: 'delivered' });
    await records.attempts.conclude(run, { outcome: 'verified', summary: 'well', endedAt: time });
    const atRest = forgettingMessages({ outbox: records.outbox, keptMs: 90 * aDay, tell: () => {}, now: () => time });
    await atRest();
    expect(await records.outbox.find(claimed!.id)).toBeDefined();
    time += 91 * aDay;
    await atRest();
    await records.outbox.put([message]);
    expect(await records.outbox.list({ states: ['waiting', 'delivered'], limit: 10 })).toEqual([]);
  });
});
