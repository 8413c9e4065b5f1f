import type { Insights } from '../../../domain/contract/insights.ts';
import type { RunFacts } from '../../../domain/insights/run-facts.ts';
import { insightsOf } from '../../../domain/insights/insights.ts';

const monday = Date.UTC(2026, 10, 30);
const minute = 60_000;
const commit = (digit: string) => digit.repeat(40);

/** One release that was verified, and one that was rolled back after it: what is told of them is counted, as of any. */
function runAt(day: number, digit: string, failed: boolean): RunFacts {
  const at = monday + day * 86_400_000 + 8 * 3_600_000;
  const time = (minutes: number) => at + minutes * minute;
  const end = failed ? ('rolling-back' as const) : ('verifying' as const);
  return {
    ...{ runId: `release/shop/production/${commit(digit)}/1`, number: 142 + day, service: 'shop' },
    ...{ environment: 'production', commit: commit(digit), askedBy: 'dana', askedAt: at, committedAt: at - 9 * minute },
    ...{ endedAt: time(31), outcome: failed ? 'rolled-back' : 'verified', summary: '' },
    stages: [
      { stage: 'building', from: time(0), to: time(4) },
      { stage: 'awaiting-approval', from: time(4), to: time(10) },
      { stage: 'deploying', from: time(10), to: time(29) },
      { stage: end, from: time(29), to: time(31) },
    ],
    regions: ['de', 'nl'].map((region, nth) => ({
      region,
      phase: failed ? 'rolled-back' : 'verified',
      begunAt: time(10 + 10 * nth),
      since: time(14 + 10 * nth),
    })),
    ...(failed && { failure: { code: 'SLIP-K8S-1', words: 'region nl has no CHECKOUT_URL' } }),
  };
}

export const insightsExample: Insights = insightsOf([runAt(1, 'b', true), runAt(0, '4', false)], {
  ...{ since: monday, until: monday + 3 * 86_400_000, service: 'shop', environment: 'production', counted: 'as-asked' },
});
