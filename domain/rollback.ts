import type { PinnedImage, PlannedMigration, ReleasePlan, VerifiedRelease } from './contract/release.ts';
import { unplanned } from './migration-plan.ts';

export interface RollbackFacts {
  plan: ReleasePlan;
  releaseId: string;
  region: string;
  /** This region's inventory, newest first, all components. */
  history: VerifiedRelease[];
  /** Migrations that this release has applied (or may have). */
  applied: PlannedMigration[];
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

/**
 * What a region goes back to: for each component the last release verified in this very region, proven ones first,
 * never this release itself and never a revoked one. Refused when the schema applied since would not carry the old code, or nobody knows.
 */
export function chooseRollback({ plan, releaseId, region, history, applied }: RollbackFacts): RollbackChoice {
  const contracting = applied.flatMap((m) => m.contracting.map((name) => `${m.database}: ${name}`));
  if (contracting.length > 0) {
    return {
      kind: 'refused',
      region,
      why: `the schema no longer carries the earlier release (${contracting.join(', ')})`,
      next: 'Fix forward: release a commit that works on the new schema.',
    };
  }
  const unknown = applied.filter((m) => m.pending.includes(unplanned)).map((m) => m.database);
  if (unknown.length > 0) {
    return {
      kind: 'refused',
      region,
      why: `it is not known what was applied to ${unknown.join(', ')}, nor whether the earlier release can live with it`,
      next: 'Fix forward; declare `commands.plan` for the migration, so that this can be told.',
    };
  }
  const targets: RollbackTarget[] = [];
  for (const component of plan.components) {
    const rows = history.filter(
      (row) =>
        row.region === region &&
        row.component === component.name &&
        row.releaseId !== releaseId &&
        row.state !== 'revoked',
    );
    const row = newest(rows.filter((r) => r.state === 'proven')) ?? newest(rows);
    if (!row) {
      return {
        kind: 'refused',
        region,
        why: `${component.name} has never been verified in ${region}`,
        next: 'Fix forward, or put a known image in place by hand and clear the hold.',
      };
    }
    targets.push({ component: component.name, image: row.image, releaseId: row.releaseId, commit: row.commit });
  }
  return { kind: 'go', region, targets };
}

function newest(rows: VerifiedRelease[]): VerifiedRelease | undefined {
  return rows.reduce<VerifiedRelease | undefined>(
    (best, row) => (best && best.verifiedAt >= row.verifiedAt ? best : row),
    undefined,
  );
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
