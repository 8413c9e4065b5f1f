import { commitOfRelease } from './contract/names.ts';
import type { Commit, ReleasePlan, SchemaChange, SchemaGap, VerifiedRelease } from './contract/release.ts';
import { inShort, unplanned } from './migration-plan.ts';

/** What of a change older code may not live with: what it took away, and what nobody can tell. */
export function barringOf({ contracting, pending }: Pick<SchemaChange, 'contracting' | 'pending'>): string[] {
  const untold = pending.includes(unplanned) && !contracting.includes(unplanned);
  return untold ? [...contracting, unplanned] : contracting;
}

/**
 * Up to when the code of a plan is known to live with the schema (ms): code that it is, or descends from, was verified then, in each of its
 * regions where anything is. What was done to the schema later is asked for by the commit of whoever did it: see `schemaGaps`.
 */
export function carriedUntil(
  regions: readonly string[],
  inventory: readonly VerifiedRelease[],
  ancestors: readonly Commit[],
): number {
  const past = new Set(ancestors);
  const newest = regions.flatMap((region) => {
    const rows = inventory.filter((row) => row.region === region);
    const known = rows.filter((row) => past.has(row.commit));
    return rows.length === 0 ? [] : [known.reduce((last, row) => Math.max(last, row.verifiedAt), -Infinity)];
  });
  return newest.length === 0 ? -Infinity : Math.min(...newest);
}

/**
 * What was done to the schema that this code does not know of, by whichever run, whatever became of it: neither the code that did it nor any
 * that was verified since is in its past. Such code is older than the schema, and may not live with it.
 */
export function schemaGaps(changes: readonly SchemaChange[], ancestors: readonly Commit[]): SchemaGap[] {
  const past = new Set(ancestors);
  return changes
    .filter(({ releaseId }) => !past.has(commitOfRelease(releaseId) ?? ''))
    .map((change) => ({ database: change.database, releaseId: change.releaseId, migrations: barringOf(change) }))
    .filter(({ migrations }) => migrations.length > 0);
}

/** `main: 0002_drop by release/shop/…`, one for each. */
export function gapsInWords(gaps: readonly SchemaGap[]): string[] {
  return gaps.map(({ database, migrations, releaseId }) => {
    const untold = migrations.includes(unplanned) ? 'what it did, nobody can tell,' : inShort(migrations);
    return `${database}: ${untold} by ${releaseId}`;
  });
}

/** Said to whoever approves, of each gap in words. */
export function olderCode(gap: string): string {
  return `this code is older than the schema, and may not live with it: ${gap}`;
}

/** Gaps that nobody has approved: all of them, unless the requester said that the code may be older, and the plan says how. */
export function unapprovedGaps(
  { olderThanSchema = [] }: Pick<ReleasePlan, 'olderThanSchema'>,
  gaps: readonly SchemaGap[],
  { downgrade }: { downgrade: boolean },
): SchemaGap[] {
  const isKnown = (gap: SchemaGap) =>
    olderThanSchema.some(({ database, releaseId }) => database === gap.database && releaseId === gap.releaseId);
  return downgrade ? gaps.filter((gap) => !isKnown(gap)) : [...gaps];
}
