import { describe, expect, it } from '@jest/globals';
import { backIn } from '../../activities/steps/back-again.ts';
import { leftBehindIn, leftBehindWarnings } from '../../activities/steps/left-behind.ts';
import { refuseUndoing } from '../../activities/steps/undoable.ts';
import type { KnownOfUndoing } from '../../activities/steps/undoable.ts';
import type { LaneOrder, Stored } from '../../domain/contract/lane.ts';
import { closuresBy } from '../../domain/lane-closures.ts';
import { differencesOfRun } from '../../domain/run-standing.ts';
import { aReleaseId, aVerified } from '../domain/builders.ts';
import { leastCostOfWaiting, unit } from './support/cost.ts';

/** One row may name thousands, and whoever looks goes through them in the time that they take: nothing is looked for among all of them, for each. */

const releaseId = aReleaseId();
const lane = { service: 'shop', environment: 'production' };
const regionsOf = (count: number) => Array.from({ length: count }, (_, n) => `r${n}`);

type Read = Parameters<typeof leftBehindIn>[0];

/** A run that has changed so many places in fifty regions, each of which was verified before and is back since. */
function recordsOf(count: number): Read {
  const regions = regionsOf(50);
  const components = Array.from({ length: count / regions.length }, (_, n) => `c${n}`);
  const places = regions.flatMap((region) => components.map((component) => ({ region, component })));
  const json = JSON.stringify({ ticket: { incarnation: 1, n: 1 }, components, change: 7 });
  const documents = regions.map((region) => ({ releaseId, name: backIn(region), json }));
  const own = { workflowId: releaseId, purpose: 'roll-back', isDone: true, number: 7 };
  return {
    inventory: { current: async () => places.map((place) => aVerified({ ...place, verifiedAt: 500 })) },
    touched: {
      list: async () => ({
        runs: [
          {
            workflowId: releaseId,
            begunAt: 600,
            what: places.map(({ component, region }) => `${component} in ${region}`),
          },
        ],
        more: false,
      }),
    },
    changes: { lastOf: async () => places.map((place) => ({ ...own, ...place })) },
    plans: { keptAmong: async () => documents, find: async () => undefined },
    attempts: { find: async () => undefined },
  } as unknown as Read;
}

async function differencesAmong(count: number): Promise<string[]> {
  const touched = regionsOf(count).map((region) => `core in ${region}`);
  const back = Object.fromEntries(regionsOf(count).map((region) => [region, ['core']]));
  const components = [{ component: 'core', phase: 'rolled-back', checks: [] }];
  const regions = regionsOf(count).map((region) => ({ region, phase: 'rolled-back', components }));
  const said = { stage: 'rolling-back', regions, timings: [] } as unknown as Parameters<typeof differencesOfRun>[1];
  return differencesOfRun({ touched, back, planned: regionsOf(count), seenWell: [], isRollback: false }, said);
}

/** A halted release that has changed so many regions, in each of which another was verified since. */
async function stillUndoable(count: number): Promise<string[]> {
  const what = regionsOf(count).map((region) => `core in ${region}`);
  const current = regionsOf(count).map((region) => aVerified({ region, releaseId: aReleaseId(2), verifiedAt: 700 }));
  const attempt = { releaseId, outcome: 'halted' } as KnownOfUndoing['attempt'];
  const refused = refuseUndoing({ lane, attempt, current, left: [], own: { what, begunAt: 600 } }, undefined);
  return refused?.next?.includes('--region') ? [refused.next] : [];
}

/** So many holds, and so many orders that each lift another one of them. */
async function closedBy(count: number): Promise<unknown[]> {
  const of = { by: 'sam', reason: 'looked at', lane, at: 2, requestedBy: 'sam' };
  const holds = regionsOf(count).map((id) => ({ id, by: `release/${id}`, reason: 'halted', from: 1, storedAt: 1 }));
  const orders = holds.map(({ id, by }) => ({
    ...of,
    id: `of-${id}`,
    kind: 'clear-hold',
    lifts: id,
    of: by,
    storedAt: 2,
  }));
  return closuresBy({ holds, orders: orders as unknown as Stored<LaneOrder>[] }, { lane, now: 3 });
}

describe('what is on record of thousands of places, or of one lane', () => {
  it.each([
    ['where something may be left behind', (count: number) => leftBehindIn(recordsOf(count), lane)],
    ['whether a run says so of itself', differencesAmong],
    ['where a release can still be rolled back', stillUndoable],
    ['what closes a lane', closedBy],
  ])('is gone through once: %s', async (_what, look) => {
    expect(await look(100)).toEqual([]);
    const [few, many] = [await leastCostOfWaiting(() => look(3_000)), await leastCostOfWaiting(() => look(30_000))];
    // As in strangers-text.test.ts: ten times as many, ten times the work. Each among all is a hundred times.
    expect(many).toBeLessThan(20 * few + 4 * unit);
  });
});

describe('where something may be left behind, after one run after the other', () => {
  /** Ways back, newest first, that have each changed these places, and have brought back nothing: or releases, whose plans say what is there. */
  function recordsOfRuns(kind: 'rollback' | 'release', count: number, what: (n: number) => string[]) {
    const asked = new Set<string>();
    const idOf = (n: number) => (kind === 'release' ? aReleaseId(n + 1) : `rollback/shop/production/${n}`);
    const runs = Array.from({ length: count }, (_, n) => ({ workflowId: idOf(n), begunAt: 9_000 - n, what: what(n) }));
    const records = {
      inventory: { current: async () => [] },
      touched: { list: async () => ({ runs, more: false }) },
      changes: { lastOf: async () => [] },
      plans: { keptAmong: async () => [], find: async () => undefined },
      attempts: { find: async (id: string) => void asked.add(id) },
    } as unknown as Read;
    return { records, asked };
  }

  const inRegions = (count: number, components: number) =>
    regionsOf(count).flatMap((region) => Array.from({ length: components }, (_, n) => `c${n} in ${region}`));
  /** As many as one run can change. */
  const all = inRegions(50, 200);

  it('the newest release of a shop that is as large as can be answers for those before it, which are not asked', async () => {
    const { records, asked } = recordsOfRuns('release', 50, () => all);
    const left = await leftBehindIn(records, lane);
    expect([left.length, asked.size]).toEqual([10_000, 1]);
    expect(leftBehindWarnings(left)).toHaveLength(51);
    expect(leftBehindWarnings(left).at(-1)).toMatch(/^so may 9950 more places run something else/);
    expect(leftBehindWarnings(left.slice(0, 50)).at(-1)).toMatch(/^c\d+ in r\d+ may run/);
  });

  it('so many ways back that have failed are gone through', async () => {
    const { records, asked } = recordsOfRuns('rollback', 10, () => all);
    expect(await leftBehindIn(records, lane)).toEqual([]);
    expect(asked.size).toBe(10);
  });

  it.each([
    ['100000 places', 11, () => all],
    ['1000 regions', 2, (n: number) => inRegions(501, 2).map((place) => `${place}-${n}`)],
  ])(
    'more than runs of people change are not, in words that say whose login it was: %s',
    async (words, count, what) => {
      const { records } = recordsOfRuns('rollback', count, what);
      await expect(leftBehindIn(records, lane)).rejects.toThrow(
        `SLIP-REC-8 there is more on record than is read at once: there are more than ${words} that runs of shop/production have changed since what is verified there, written by the login of an environment`,
      );
    },
  );
});
