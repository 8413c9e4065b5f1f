import type { ApprovalMeasure } from '../contract/insights.ts';
import { having, median } from './numbers.ts';
import type { RunFacts } from './run-facts.ts';

const minute = 60_000;
/** A time belongs to the first that it is under; the rest to one more. */
const bounds = [5 * minute, 15 * minute, 60 * minute, 240 * minute];

/**
 * From when an approval was asked for until its last yes, of each plan that was approved. One that was rejected, or ran out, or whose release was
 * overtaken has no yes: it is not here.
 */
export function approvalsOf(runs: readonly RunFacts[]): ApprovalMeasure {
  const waited = runs.flatMap(({ stages }) =>
    stages.flatMap(({ stage, from, to }, index) => {
      const wentOn = stages[index + 1] !== undefined;
      return stage === 'awaiting-approval' && wentOn ? [to - from] : [];
    }),
  );
  const bucketOf = (ms: number) => bounds.findIndex((bound) => ms < bound);
  return {
    count: waited.length,
    ...having('medianMs', median(waited)),
    buckets: [...bounds, undefined].map((underMs, nth) => ({
      ...(underMs !== undefined && { underMs }),
      count: waited.filter((ms) => bucketOf(ms) === (underMs === undefined ? -1 : nth)).length,
    })),
  };
}
