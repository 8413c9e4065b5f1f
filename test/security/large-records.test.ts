import { describe, expect, it } from '@jest/globals';
import { backIn } from '../../activities/steps/back-again.ts';
import { leftBehindIn } from '../../activities/steps/left-behind.ts';
import { differencesOfRun } from '../../domain/run-standing.ts';
import { aReleaseId, aVerified } from '../domain/builders.ts';
import { leastCostOfWaiting, unit } from './support/cost.ts';

/** One row may name thousands, and whoever looks goes through them in the time that they take: nothing is looked for among all of them, for each. */

const releaseId = aReleaseId();
const lane = { service: 'shop', environment: 'production' };
const regionsOf = (count: number) => Array.from({ length: count }, (_, n) => `r${n}`);

type Read = Parameters<typeof leftBehindIn>[0];

/** A run that has changed so many regions, each of which was verified before and is back since. */
function recordsOf(count: number): Read {
  const regions = regionsOf(count);
  const proof = { ticket: { incarnation: 1, n: 1 }, components: ['core'], change: 7 };
  const documents = regions.map((region) => ({ releaseId, name: backIn(region), document: proof }));
  const own = { workflowId: releaseId, component: 'core', purpose: 'roll-back', isDone: true, number: 7 };
  return {
    inventory: { current: async () => regions.map((region) => aVerified({ region, verifiedAt: 500 })) },
    touched: {
      list: async () => [{ workflowId: releaseId, begunAt: 600, what: regions.map((region) => `core in ${region}`) }],
    },
    changes: { lastOf: async () => regions.map((region) => ({ ...own, region })) },
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

describe('what runs have changed in thousands of places', () => {
  it.each([
    ['where something may be left behind', (count: number) => leftBehindIn(recordsOf(count), lane)],
    ['whether a run says so of itself', differencesAmong],
  ])('is gone through once: %s', async (_what, look) => {
    expect(await look(100)).toEqual([]);
    const [few, many] = [await leastCostOfWaiting(() => look(3_000)), await leastCostOfWaiting(() => look(30_000))];
    // As in strangers-text.test.ts: ten times as many, ten times the work. Each among all is a hundred times.
    expect(many).toBeLessThan(30 * few + 12 * unit);
  });
});
