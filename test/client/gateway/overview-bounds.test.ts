import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Records } from '../../../activities/records/port.ts';
import type { GatewayParts } from '../../../client/gateway/calls.ts';
import { closuresOfMany } from '../../../client/gateway/closures-of-many.ts';
import { laneInPath } from '../../../domain/contract/names.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import type { Overview } from '../../../domain/contract/overview.ts';
import { aVerified } from '../../domain/builders.ts';
import { aRequest } from '../../contract/records-builders.ts';
import { aStart, signer, tokens, useGateway, verifier } from './gateway.ts';

const gateway = useGateway();

type OnRecord = Awaited<ReturnType<Records['closings']['list']>>;

const lane = (service: string): LaneKey => ({ service, environment: 'production' });

/** Frozen since the beginning, until then where it is told. */
function aFreeze(of: LaneKey, until?: number): OnRecord {
  const order = {
    ...{ id: randomUUID(), lane: of, kind: 'freeze' as const, by: 'kim', at: 1, reason: 'sale' },
    ...(until !== undefined && { until }),
  };
  return { orders: [{ signed: signer.signOrder(order), storedAt: 1 }], holds: [] };
}

/** What closes lanes, of records that answer for `fits` lanes at once, at a time that one sets. */
function closuresWith(onRecord: Record<string, OnRecord>, fits = Infinity) {
  const clock = { now: 1_000 };
  const asked: string[][] = [];
  let held: { reach: () => void; until: Promise<void> } | undefined;
  /** The next question waits until it is let go on. */
  const gate = () => {
    const [reached, open] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    held = { reach: reached.resolve, until: open.promise };
    return { reached: reached.promise, open: open.resolve };
  };
  const ofLane = (one: LaneKey) => onRecord[one.service] ?? { orders: [], holds: [] };
  const records = {
    lanesAtOnce: {
      closingsCounted: async (lanes: readonly LaneKey[]) => lanes.map((one) => String(ofLane(one).orders.length)),
      closings: async (lanes: readonly LaneKey[]) => {
        asked.push(lanes.map(({ service }) => service));
        const here = held;
        held = undefined;
        here?.reach();
        await here?.until;
        return lanes.slice(0, fits).map(ofLane);
      },
    },
    closings: {
      list: async (one: LaneKey) => {
        asked.push([`${one.service} alone`]);
        return ofLane(one);
      },
    },
  };
  const of = closuresOfMany({ records, verifier, now: () => clock.now } as unknown as GatewayParts);
  const closed = async (...services: string[]) => {
    const told = await of(services.map(lane));
    return { closed: [...told.closed.keys()], unread: told.unread.length };
  };
  return { closed, asked, clock, onRecord, gate };
}

describe('what closes many lanes', () => {
  it('closes them no more once it is over, though nothing was ordered since', async () => {
    const { closed, asked, clock } = closuresWith({ shop: aFreeze(lane('shop'), 5_000), web: aFreeze(lane('web')) });
    expect((await closed('shop', 'web')).closed).toEqual(['shop/production', 'web/production']);
    clock.now = 4_999;
    expect((await closed('shop', 'web')).closed).toEqual(['shop/production', 'web/production']);
    clock.now = 5_000;
    expect((await closed('shop', 'web')).closed).toEqual(['web/production']);
    expect(asked).toEqual([['shop', 'web']]);
  });

  it('is told of as many as were read, and the others are read when somebody asks next', async () => {
    const all = ['shop', 'web', 'pay', 'mail', 'cart'];
    const { closed, asked } = closuresWith(Object.fromEntries(all.map((name) => [name, aFreeze(lane(name))])), 2);
    expect(await closed(...all)).toEqual({ closed: ['shop/production', 'web/production'], unread: 3 });
    expect(await closed(...all)).toMatchObject({ closed: { length: 4 }, unread: 1 });
    expect(await closed(...all)).toEqual({ closed: all.map((name) => laneInPath(lane(name))), unread: 0 });
    expect(await closed(...all)).toMatchObject({ closed: { length: 5 }, unread: 0 });
    expect(asked).toEqual([all, all.slice(2), all.slice(4)]);
  });

  it('is read of the first lane alone where that is too much together with others', async () => {
    const { closed, asked } = closuresWith({ shop: aFreeze(lane('shop')), web: aFreeze(lane('web')) }, 0);
    expect(await closed('shop', 'web')).toEqual({ closed: ['shop/production'], unread: 1 });
    expect(await closed('shop', 'web')).toEqual({ closed: ['shop/production', 'web/production'], unread: 0 });
    expect(asked).toEqual([['shop', 'web'], ['shop alone'], ['web'], ['web alone']]);
  });

  it('is told of a lane that others have read anew meanwhile', async () => {
    const { closed, asked, onRecord, gate } = closuresWith({ shop: aFreeze(lane('shop')), web: aFreeze(lane('web')) });
    await closed('shop', 'web');
    onRecord['web']!.orders.push(...aFreeze(lane('web')).orders);
    const slow = gate();
    const first = closed('shop', 'web');
    await slow.reached;
    onRecord['shop']!.orders.push(...aFreeze(lane('shop')).orders);
    expect((await closed('shop')).closed).toEqual(['shop/production']);
    slow.open();
    expect(await first).toEqual({ closed: ['shop/production', 'web/production'], unread: 0 });
    expect(asked).toEqual([['shop', 'web'], ['web'], ['shop']]);
  });

  it('is asked of nobody where there is no lane', async () => {
    const { closed, asked } = closuresWith({}, 0);
    expect(await closed()).toEqual({ closed: [], unread: 0 });
    expect(asked).toEqual([]);
  });
});

function aShop() {
  const parts = gateway();
  const { get, post, service } = parts;
  const overview = async (token = tokens.kim) => (await get('/v1/overview', token)).body as unknown as Overview;
  const asked = async () => {
    const commit = randomUUID().replaceAll('-', '').padEnd(40, '0');
    return (await post('/v1/releases', aStart(service, { commit }), tokens.dana)).body.releaseId;
  };
  return { ...parts, overview, asked };
}

describe('the overview', () => {
  it('judges of many runs that wait the twenty with the least time left, and says of how many it did not', async () => {
    const { overview, asked, engine, service } = aShop();
    const ids: string[] = [];
    for (let nth = 0; nth < 21; nth += 1) ids.push(await asked());
    // The newest, which come first in a list, have the most time.
    const untilOf = new Map(ids.map((id, nth) => [id, 9_000_000 + nth * 60_000]));
    engine.status = async (releaseId) => {
      const until = untilOf.get(releaseId);
      if (until === undefined) return undefined;
      return {
        ...{ releaseId, stage: 'awaiting-approval', doing: '', artifacts: [], migrations: [], regions: [] },
        ...{ checks: [], timings: [{ stage: 'awaiting-approval', startedAt: 5 }], approvals: [], log: [] },
        waitingFor: { what: 'approval', who: '1 of approvers', until, decisions: ['approve', 'reject'] },
      };
    };
    const { runs, unseen } = await overview();
    const own = runs.filter((run) => run.service === service);
    expect(own).toHaveLength(21);
    expect(own.filter(({ waitsForMe }) => waitsForMe === undefined).map(({ releaseId }) => releaseId)).toEqual(
      ids.slice(-1),
    );
    expect(own.filter(({ waitsForMe }) => waitsForMe)).toHaveLength(20);
    expect(unseen).toContainEqual(expect.stringMatching(/^Whether 1 more runs? waits? for you was not looked at/));
  });

  it('does not know what is there where more runs have changed something than are read at once', async () => {
    const { overview, records, service } = aShop();
    const tomorrow = (await records.clock.now()) + 86_400_000;
    const places = { core: ['de', 1_000], web: ['nl', tomorrow] } as const;
    await records.inventory.record(
      Object.entries(places).map(([component, [region, verifiedAt]]) =>
        aVerified({ service, component, region, verifiedAt, releaseId: `release/${service}/production/x/1` }),
      ),
    );
    const touch = async (what: string) => {
      const workflowId = `release/${service}/production/${randomUUID()}/1`;
      await records.touched.record({ workflowId, runId: randomUUID(), what, at: 1 });
      return workflowId;
    };
    const regions = async () => {
      const own = (await overview()).lanes.find((one) => one.service === service);
      return Object.fromEntries((own?.regions ?? []).map(({ region, state, why }) => [region, { state, why }]));
    };
    const lost = await touch('core in de');
    for (let nth = 0; nth < 20; nth += 1) await touch('web in nl');
    expect(await regions()).toMatchObject({
      de: { state: 'unknown', why: expect.stringContaining(lost) },
      nl: { state: 'verified' },
    });
  });

  it('has a thousand lanes at most, and says how many more there are', async () => {
    const { overview, policy } = aShop();
    const { lanes: few, moreLanes: none } = await overview();
    expect(none).toBeUndefined();
    policy.beside = Array.from({ length: 1_000 }, (_, nth) => `beside-${nth}`);
    const { lanes, moreLanes } = await overview();
    expect(lanes).toHaveLength(1_000);
    expect(moreLanes).toBe(few.length);
    expect(few.length).toBeGreaterThan(0);
  });

  it('has a hundred runs at most, and says that there are more', async () => {
    const { overview, records } = aShop();
    const open = async () => {
      await records.attempts.open(aRequest(), { requestKey: randomUUID(), fresh: true });
    };
    const { runs: before } = await overview();
    for (let nth = before.length; nth < 100; nth += 1) await open();
    const all = await overview();
    expect([all.runs.length, all.moreRuns]).toEqual([100, undefined]);
    await open();
    const { runs, moreRuns } = await overview();
    expect([runs.length, moreRuns]).toEqual([100, true]);
  });
});
