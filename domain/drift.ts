import type { Commit, PlannedMigration, ReleasePlan, VerifiedRelease } from './contract/release.ts';

export interface DriftFacts {
  plan: ReleasePlan;
  /** sha256 of the operator's policy file as it is now. */
  policyHash: string;
  migrations: PlannedMigration[];
  /** What is verified now, every region and component. */
  inventory: VerifiedRelease[];
  /** Commits in the inventory that the plan's commit does not descend from. */
  notAncestors: Commit[];
  downgrade: boolean;
}

export type DriftVerdict =
  | { kind: 'proceed' }
  /** What was approved is no longer what would happen. */
  | { kind: 're-approve'; why: string }
  | { kind: 'superseded'; by: string; why: string };

/** Looked at on the grant, when nothing can change any more: is what was approved still what would happen? */
export function judgeDrift(facts: DriftFacts): DriftVerdict {
  const { plan, inventory, notAncestors } = facts;
  if (!facts.downgrade) {
    const newer = inventory.find((row) => notAncestors.includes(row.commit));
    if (newer) {
      return {
        kind: 'superseded',
        by: newer.releaseId,
        why: `${newer.region} runs ${newer.commit.slice(0, 12)}, which ${plan.commit.slice(0, 12)} does not descend from`,
      };
    }
  }
  if (facts.policyHash !== plan.policyHash) return { kind: 're-approve', why: "the operator's policy has changed" };
  const moved = movedMigrations(plan.migrations, facts.migrations);
  return moved ? { kind: 're-approve', why: moved } : { kind: 'proceed' };
}

/** Fewer pending migrations than approved is what an earlier attempt left behind: still covered. More is not. */
function movedMigrations(approved: PlannedMigration[], now: PlannedMigration[]): string | undefined {
  for (const current of now) {
    const known = approved.find((m) => m.database === current.database)?.pending ?? [];
    const unexpected = current.pending.filter((name) => !known.includes(name));
    if (unexpected.length > 0) return `${current.database} would also get ${unexpected.join(', ')}`;
  }
  return undefined;
}
