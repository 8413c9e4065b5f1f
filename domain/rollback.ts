import type { PinnedImage, ReleasePlan, SchemaChange, VerifiedRelease } from './contract/release.ts';
import { unplanned } from './migration-plan.ts';

export interface RollbackFacts {
  plan: ReleasePlan;
  /** The release to undo. */
  releaseId: string;
  region: string;
  /** This region's inventory, newest first, all components. */
  history: VerifiedRelease[];
  /** What any run, whatever became of it, has done to the databases of this service and environment. */
  schema: SchemaChange[];
}

export interface RollbackTarget {
  component: string;
  image: PinnedImage;
  releaseId: string;
  commit: string;
}

export type RollbackChoice =
  | { kind: 'go'; region: string; targets: RollbackTarget[] }
  | { kind: 'refused'; region: string; why: string; next: string };

interface Refusal {
  why: string;
  next: string;
}

/**
 * What a region goes back to: for each component a release verified in this very region before the one to undo, proven ones first,
 * never a revoked one. Refused when the schema, as changed since by whichever run, would not carry the old code, or nobody knows.
 */
export function chooseRollback(facts: RollbackFacts): RollbackChoice {
  const { plan, region } = facts;
  const targets: RollbackTarget[] = [];
  for (const { name } of plan.components) {
    const found = targetOf(name, facts);
    if ('why' in found) return { kind: 'refused', region, ...found };
    targets.push({ component: name, image: found.image, releaseId: found.releaseId, commit: found.commit });
  }
  return { kind: 'go', region, targets };
}

function targetOf(component: string, { releaseId, region, history, schema }: RollbackFacts): VerifiedRelease | Refusal {
  const all = history.filter((row) => row.region === region && row.component === component);
  const own = all.find((row) => row.releaseId === releaseId);
  const rows = all.filter((row) => row.state !== 'revoked').sort((a, b) => b.verifiedAt - a.verifiedAt);
  const [newest] = rows;
  if (own && newest && newest.verifiedAt > own.verifiedAt) {
    return {
      why: `${newest.releaseId} was verified in ${region} since`,
      next: 'That is what runs now: roll it back instead, if need be.',
    };
  }
  const earlier = rows.filter((row) => row.releaseId !== releaseId);
  const [last] = earlier;
  if (!last) {
    return {
      why: `${component} has never been verified in ${region}`,
      next: 'Fix forward, or put a known image in place by hand and clear the hold.',
    };
  }
  const carried = earlier.filter((row) => barrierTo(row, schema) === undefined);
  return carried.find((row) => row.state === 'proven') ?? carried[0] ?? barrierTo(last, schema) ?? last;
}

/** Why this release's code would not live with the schema of today; undefined when it would. */
function barrierTo(row: VerifiedRelease, schema: SchemaChange[]): Refusal | undefined {
  const since = schema.filter((change) => change.changedAt > row.verifiedAt);
  const contracting = since.flatMap((change) => change.contracting.map((name) => `${change.database}: ${name}`));
  if (contracting.length > 0) {
    return {
      why: `the schema no longer carries the earlier release (${contracting.join(', ')})`,
      next: 'Fix forward: release a commit that works on the new schema.',
    };
  }
  const unknown = since.filter((change) => change.pending.includes(unplanned)).map((change) => change.database);
  if (unknown.length === 0) return undefined;
  return {
    why: `it is not known what was applied to ${[...new Set(unknown)].join(', ')}, nor whether the earlier release can live with it`,
    next: 'Fix forward; declare `commands.plan` for the migration, so that this can be told.',
  };
}

/** Which of the touched regions go back. Where none failed by itself (the run was cancelled, say), all of them do. */
export function regionsToRollBack(
  partial: ReleasePlan['onFailure']['partial'],
  touched: string[],
  failed: string[],
): string[] {
  const hurt = touched.filter((region) => failed.includes(region));
  return partial === 'roll-back-all' || hurt.length === 0 ? touched : hurt;
}
