import { describe, expect, it } from '@jest/globals';
import type { AttemptFilter, OrderFilter } from '../../../activities/records/port.ts';
import { runsOf } from '../../../client/gateway/insights/read-runs.ts';

type Parts = Parameters<typeof runsOf>[0];

/** Orders to roll back, the newest first, each decided at its number; no page has more than so many. */
function ordersOf(newest: number, mostOnPage: number) {
  const asked: { attempts: AttemptFilter[]; orders: OrderFilter[] } = { attempts: [], orders: [] };
  const records = {
    attempts: { list: async (filter: AttemptFilter) => (asked.attempts.push(filter), []) },
    decisions: {
      ordersBack: async (filter: OrderFilter) => {
        asked.orders.push(filter);
        const from = Math.min(newest, (filter.before ?? Infinity) - 1);
        const many = Math.max(0, Math.min(from, filter.limit, mostOnPage));
        return Array.from({ length: many }, (_, nth) => anOrder(from - nth));
      },
    },
  };
  const ended = { of: async () => new Map() };
  const verifier = { verify: () => true };
  const look = (since: number, until: number) =>
    runsOf({ records, verifier } as unknown as Parts, { since, until }, ended);
  return { asked, look };
}

function anOrder(number: number) {
  const releaseId = `release/shop/production/${'a'.repeat(40)}/1`;
  const run = `rollback/shop/production/order-${number}`;
  const by = { id: 'kim', groups: [] };
  const decision = { id: `order-${number}`, kind: 'roll-back', releaseId, run, by, decidedAt: number, reason: 'slow' };
  return { number, signed: { decision, keyId: 'k', signature: 's' } };
}

describe('what insights read of the records', () => {
  it('is no release of later weeks: the records know until when they are wanted', async () => {
    const { asked, look } = ordersOf(0, 10);
    await look(100, 200);
    expect(asked.attempts).toMatchObject([{ since: 100, until: 200 }]);
  });

  it('is every order of those weeks, also behind a page that was cut', async () => {
    const { look } = ordersOf(40, 7);
    const { runs, ...told } = await look(3, 39);
    expect(runs.map(({ askedAt }) => askedAt)).toEqual(Array.from({ length: 36 }, (_, nth) => 38 - nth));
    expect(told).not.toHaveProperty('moreOrders');
  });

  it.each([
    ['are more of these weeks than are told', 501, 501],
    ['may be others behind so many of later weeks', 6_000, 100],
  ])('says that there %s', async (_, newest, until) => {
    const { asked, look } = ordersOf(newest, 500);
    const { runs, moreOrders } = await look(0, until + 1);
    expect(moreOrders).toBe(true);
    expect(runs.length).toBeLessThanOrEqual(500);
    expect(asked.orders.length).toBeLessThanOrEqual(10);
  });

  it('says of 500 orders that they are all', async () => {
    const { look } = ordersOf(500, 500);
    const { runs, ...told } = await look(0, 1_000);
    expect(runs).toHaveLength(500);
    expect(told).not.toHaveProperty('moreOrders');
  });
});
