import type { PinnedImage, PlannedComponent, ReleasePlan, SchemaChange, VerifiedRelease } from './contract/release.ts';
import { deliveryKindOf } from './delivery.ts';
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
  /** Images that their registry no longer has. */
  missing?: readonly PinnedImage[];
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
 * never a revoked one. Refused when the schema, as changed since by whichever run, does not carry the old code, or may not; and when
 * all that could be gone back to is gone from its registry.
 */
export function chooseRollback(facts: RollbackFacts): RollbackChoice {
  const { plan, region } = facts;
  const targets: RollbackTarget[] = [];
  for (const component of plan.components) {
    const { name } = component;
    const found = targetOf(component, facts);
    if ('why' in found) return { kind: 'refused', region, ...found };
    targets.push({ component: name, image: found.image, releaseId: found.releaseId, commit: found.commit });
  }
  return { kind: 'go', region, targets };
}

function targetOf(planned: PlannedComponent, facts: RollbackFacts): VerifiedRelease | Refusal {
  const { releaseId, region, history, schema, missing = [] } = facts;
  const { name: component } = planned;
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
  const kind = deliveryKindOf(planned);
  const carried = earlier.filter((row) => barrierTo(row, schema) === undefined);
  const alike = carried.filter((row) => row.artifact.kind === kind);
  const there = alike.filter((row) => !missing.includes(row.image));
  const found = there.find((row) => row.state === 'proven') ?? there[0];
  return found ?? goneWhy(alike, region) ?? otherWhy(carried, kind) ?? barrierTo(last, schema) ?? last;
}

/** All that could be put back is gone: the newest of them is the one that people will look for. */
function goneWhy([newest]: VerifiedRelease[], region: string): Refusal | undefined {
  return (
    newest && {
      why: `image ${newest.image}, verified in ${region}, is no longer in its registry, nor is any before it`,
      next: 'Fix forward, or push that image again; look for clean-up rules that delete what is in use.',
    }
  );
}

function otherWhy([newest]: VerifiedRelease[], kind: string): Refusal | undefined {
  return (
    newest && {
      why: `${newest.component} was put there by ${newest.artifact.kind} before, and is by ${kind} now`,
      next: 'Fix forward, or put a known image in place by hand and clear the hold.',
    }
  );
}

/** Why this release's code would not live with the schema of today; undefined when it would. */
function barrierTo(row: VerifiedRelease, schema: SchemaChange[]): Refusal | undefined {
  const since = schema.filter((change) => change.changedAt > row.verifiedAt);
  const contracting = since.flatMap((change) => change.contracting.map((name) => `${change.database}: ${name}`));
  if (contracting.length > 0) {
    // Those of which nobody can tell are among them.
    return {
      why: `the schema may no longer carry the earlier release (${contracting.join(', ')})`,
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
