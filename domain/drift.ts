import { canonicalJson } from './canonical.ts';
import { goesTo, hasPlace } from './components-in.ts';
import type { PolicyFloor } from './contract/policy.ts';
import type { Commit, PlannedMigration, ReleasePlan, SchemaGap, VerifiedRelease } from './contract/release.ts';
import { inShort } from './migration-plan.ts';
import { gapsInWords, unapprovedGaps } from './schema-age.ts';
import { verifiedNow } from './verified-now.ts';
import { head } from './whole-text.ts';

export interface DriftFacts {
  plan: ReleasePlan;
  /** What the operator's policy says of this service and environment now, and its hash. */
  policy: { hash: string; floor: PolicyFloor };
  /** The same as it was when the plan was made, where that is known: to say what changed. */
  plannedUnder?: PolicyFloor;
  /** What the last look at each database has found. */
  migrations: PlannedMigration[];
  /** Databases that were not looked at by the images and commands of the plan. */
  unseen?: string[];
  /** What is verified now, every region and component. */
  inventory: VerifiedRelease[];
  /** Commits in the inventory that the plan's commit does not descend from. */
  notAncestors: Commit[];
  /** What was done to the schema by now that the plan's code does not know of. */
  gaps: SchemaGap[];
  downgrade: boolean;
}

export type DriftVerdict =
  | { kind: 'proceed' }
  /** What was approved is no longer what would happen. `rebuild`: nor are the images, or the gates they passed, what they should be. */
  | { kind: 're-approve'; why: string; rebuild: boolean }
  | { kind: 'superseded'; by: string; why: string }
  /** The lane was closed to it before it was let in: its turn comes again. */
  | { kind: 'closed'; why: string };

/** Looked at on the grant, when nothing can change any more: is what was approved still what would happen? */
export function judgeDrift(facts: DriftFacts): Exclude<DriftVerdict, { kind: 'closed' }> {
  const { plan, inventory, notAncestors } = facts;
  if (!facts.downgrade) {
    const others = new Set(notAncestors);
    const newer = verifiedNow(inventory).find((row) => others.has(row.commit));
    if (newer) {
      return {
        kind: 'superseded',
        by: newer.releaseId,
        why: `${newer.region} runs ${newer.commit.slice(0, 12)}, which ${plan.commit.slice(0, 12)} does not descend from`,
      };
    }
  }
  if (facts.policy.hash !== plan.policyHash) return { kind: 're-approve', why: policyChange(facts), rebuild: true };
  const gone = goneUnchanged(plan, inventory);
  if (gone !== undefined) return { kind: 're-approve', why: gone, rebuild: true };
  const { unseen = [] } = facts;
  if (unseen.length > 0) return { kind: 're-approve', why: unseenInWords(unseen), rebuild: true };
  // Behind all that needs other images: a plan that is made anew for this one is made of those that it had.
  const aged = unapprovedGaps(plan, facts.gaps, facts);
  if (aged.length > 0) {
    const why = `the schema may no longer carry this code (${gapsInWords(aged).join('; ')})`;
    return { kind: 're-approve', why, rebuild: false };
  }
  const moved = movedMigrations(plan.migrations, facts.migrations);
  return moved ? { kind: 're-approve', why: moved, rebuild: false } : { kind: 'proceed' };
}

/** How many keys of the policy are named. */
const namedKeys = 5;

/** `the operator's policy has changed: approval.quorum (1, now 2)`. */
function policyChange({ policy, plannedUnder }: Pick<DriftFacts, 'policy' | 'plannedUnder'>): string {
  const what = plannedUnder ? policyDifference(plannedUnder, policy.floor) : '';
  return `the operator's policy has changed${what === '' ? '' : `: ${what}`}`;
}

/** `approval.quorum (1, now 2)`: keys whose values differ, with the values where they are short; empty where none does. */
export function policyDifference(before: PolicyFloor, now: PolicyFloor): string {
  const changes = changedKeys(before, now);
  const more = changes.length > namedKeys ? ` and ${changes.length - namedKeys} more` : '';
  return `${changes.slice(0, namedKeys).join(', ')}${more}`;
}

function changedKeys(before: PolicyFloor, now: PolicyFloor): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return keys
    .filter((key) => canonicalJson(before[key]) !== canonicalJson(now[key]))
    .map((key) => `${key} (${shown(before[key])}, now ${shown(now[key])})`);
}

function shown(value: unknown): string {
  if (value === undefined) return 'not said';
  const text = Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : canonicalJson(value);
  return text.length > 60 ? `${head(text, 60)}…` : text;
}

/** A component that was to stay as it is, though what it is has been rolled back or replaced meanwhile. */
function goneUnchanged(plan: ReleasePlan, inventory: VerifiedRelease[]): string | undefined {
  for (const component of plan.components.filter((c) => c.origin === 'unchanged')) {
    const rows = inventory.filter((row) => row.component === component.name && hasPlace(plan, row));
    const places = plan.regions.filter(({ name }) => goesTo(component, name)).length;
    const other = rows.length < places || rows.some((row) => row.image !== component.image);
    if (other) return `${component.name} was to stay unchanged, but another image of it is verified now`;
  }
  return undefined;
}

export function unseenInWords(databases: readonly string[]): string {
  return `${inShort(databases)}: not looked at, or by another image or other commands`;
}

/** Fewer pending migrations than approved is what an earlier attempt left behind: still covered. More is not. */
function movedMigrations(approved: PlannedMigration[], now: PlannedMigration[]): string | undefined {
  for (const current of now) {
    const known = approved.find((m) => m.database === current.database)?.pending ?? [];
    const unexpected = current.pending.filter((name) => !known.includes(name));
    if (unexpected.length > 0) return `${current.database} would also get ${inShort(unexpected)}`;
  }
  return undefined;
}
