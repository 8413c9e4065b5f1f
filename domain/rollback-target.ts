import type { PlannedComponent, SchemaChange, VerifiedRelease } from './contract/release.ts';
import { deliveryKindOf } from './delivery.ts';
import { inShort, unplanned } from './migration-plan.ts';
import type { RollbackFacts, RollbackTarget } from './rollback.ts';
import { newestIn } from './verified-now.ts';

interface Refused {
  kind: 'refused';
  why: string;
  next: string;
}
/** Why nothing of a component may be gone back to, where nothing else speaks against it: what is on record of it in the region. */
export type Past = 'none' | 'own' | 'left' | 'revoked' | 'own-after-revoked';
export type Found = { kind: 'found'; target: RollbackTarget } | { kind: 'new'; past: Past } | Refused;

/** What one component goes back to in one region. `new`: nothing that may be gone back to ran before it, and nothing speaks against the rest. */
export function targetOf(planned: PlannedComponent, facts: RollbackFacts): Found {
  const { releaseId, region, history, schema, missing = [] } = facts;
  const { name: component } = planned;
  const all = history.filter((row) => row.region === region && row.component === component);
  const own = all.find((row) => row.releaseId === releaseId);
  const rows = all.filter((row) => row.state !== 'revoked').sort((a, b) => b.verifiedAt - a.verifiedAt);
  const [newest] = rows;
  if (own && newest && newest.verifiedAt > own.verifiedAt) {
    return {
      kind: 'refused',
      why: `${newest.releaseId} was verified in ${region} since`,
      next: 'That is what runs now: roll it back instead, if need be.',
    };
  }
  const earlier = rows.filter((row) => row.releaseId !== releaseId);
  const [last] = earlier;
  if (!last) return { kind: 'new', past: pastOf(all, own) };
  // What it was there once has run beside nothing that is gone back to.
  if (last.releaseId !== releaseBefore(facts)) return { kind: 'new', past: 'left' };
  const kind = deliveryKindOf(planned);
  const carried = earlier.filter((row) => barrierTo(row, schema) === undefined);
  const alike = carried.filter((row) => row.artifact.kind === kind);
  const there = alike.filter((row) => !missing.includes(row.image));
  const seen = ({ artifact, state }: VerifiedRelease) =>
    state === 'proven' || there.some((row) => row.artifact.digest === artifact.digest && !row.unseen);
  const found = there.find((row) => row.state === 'proven') ?? there.find(seen) ?? there[0];
  if (found) return { kind: 'found', target: asTarget(found, seen(found)) };
  // One of them is so: what is there would have been found, and where the schema carries nothing, it does not carry the last either.
  return goneWhy(alike, region) ?? otherWhy(carried, kind, facts) ?? barrierTo(last, schema)!;
}

/** Which was verified in the region last, before the one to undo. */
function releaseBefore({ history, region, releaseId }: RollbackFacts): string | undefined {
  const stands = (row: VerifiedRelease) => row.state !== 'revoked' && row.releaseId !== releaseId;
  return newestIn(history.filter(stands)).get(region);
}

function pastOf(all: VerifiedRelease[], own: VerifiedRelease | undefined): Past {
  if (!own) return all.length > 0 ? 'revoked' : 'none';
  return all.length > 1 ? 'own-after-revoked' : 'own';
}

/** Of components that have the same past. */
export function pastInWords(past: Past, components: readonly string[], region: string): string {
  const names = components.join(', ');
  switch (past) {
    case 'none':
      return `${names} ${components.length > 1 ? 'have' : 'has'} never been verified in ${region}`;
    case 'own':
      return `nothing of ${names} was verified in ${region} before this release`;
    case 'left':
      return `${names} ${components.length > 1 ? 'were' : 'was'} not in ${region} when that was verified last`;
    case 'revoked':
      return `all that was verified of ${names} in ${region} is revoked`;
    case 'own-after-revoked':
      return `all that was verified of ${names} in ${region} before this release is revoked`;
  }
}

/** What a person may do instead. A release that is verified there leaves no hold: one that there is would be somebody else's. */
export function byHand({
  history,
  releaseId,
  region,
}: Pick<RollbackFacts, 'history' | 'releaseId' | 'region'>): string {
  const stands = history.some((row) => row.releaseId === releaseId && row.region === region && row.state !== 'revoked');
  const hold = stands ? '' : ', and clear the hold that this release leaves';
  return `Fix forward, or put a known image in place by hand${hold}.`;
}

function asTarget({ component, image, releaseId, commit }: VerifiedRelease, seen: boolean): RollbackTarget {
  return { component, image, releaseId, commit, ...(!seen && { unseen: true }) };
}

/** All that could be put back is gone: the newest of them is the one that people will look for. */
function goneWhy([newest]: VerifiedRelease[], region: string): Refused | undefined {
  return (
    newest && {
      kind: 'refused',
      why: `image ${newest.image}, verified in ${region}, is no longer in its registry, nor is any before it`,
      next: 'Fix forward, or push that image again; look for clean-up rules that delete what is in use.',
    }
  );
}

function otherWhy([newest]: VerifiedRelease[], kind: string, facts: RollbackFacts): Refused | undefined {
  return (
    newest && {
      kind: 'refused',
      why: `${newest.component} was put there by ${newest.artifact.kind} before, and is by ${kind} now`,
      next: byHand(facts),
    }
  );
}

/** What was done to the schema since this release was verified, and does not keep it from being gone back to: a line for each database. */
export function carriedSince(verifiedAt: number, schema: readonly SchemaChange[]): string[] {
  const since = schema.filter((change) => change.changedAt > verifiedAt && change.pending.length > 0);
  return [...Map.groupBy(since, ({ database }) => database)].map(
    ([database, changes]) => `${database}: ${inShort(changes.flatMap(({ pending }) => pending))}`,
  );
}

/** Why this release's code would not live with the schema of today; undefined when it would. */
export function barrierTo(row: VerifiedRelease, schema: readonly SchemaChange[]): Refused | undefined {
  const since = schema.filter((change) => change.changedAt > row.verifiedAt);
  const contracting = since.flatMap((change) => change.contracting.map((name) => `${change.database}: ${name}`));
  if (contracting.length > 0) {
    // Those of which nobody can tell are among them.
    return {
      kind: 'refused',
      why: `the schema may no longer carry the earlier release (${contracting.join(', ')})`,
      next: 'Fix forward: release a commit that works on the new schema.',
    };
  }
  const unknown = since.filter((change) => change.pending.includes(unplanned)).map((change) => change.database);
  if (unknown.length === 0) return undefined;
  return {
    kind: 'refused',
    why: `it is not known what was applied to ${[...new Set(unknown)].join(', ')}, nor whether the earlier release can live with it`,
    next: 'Fix forward; declare `commands.plan` for the migration, so that this can be told.',
  };
}
