import { commitOfRelease } from '../../domain/contract/names.ts';
import type { Commit, ReleasePlan, ReleaseRequest, SchemaGap, VerifiedRelease } from '../../domain/contract/release.ts';
import { verifiedNow } from '../../domain/verified-now.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { barringOf, carriedUntil, gapsInWords, schemaGaps } from '../../domain/schema-age.ts';
import type { Records } from '../records/port.ts';
import type { Source } from '../source/port.ts';

interface Dependencies {
  records: Pick<Records, 'schema' | 'inventory' | 'attempts'>;
  source: Pick<Source, 'descends'>;
}

/** The code of a request, and where it is to run. */
interface Code {
  request: Pick<ReleaseRequest, 'service' | 'environment' | 'repository' | 'commit' | 'downgrade'>;
  regions: Pick<ReleasePlan, 'regions'>['regions'];
}

/** What was done to the schema that this code does not know of. Git is asked only where something was done that code may not live with. */
export async function schemaGapsOf(deps: Dependencies, { request, regions }: Code): Promise<SchemaGap[]> {
  const barring = (await deps.records.schema.list(request)).filter((change) => barringOf(change).length > 0);
  if (barring.length === 0) return [];
  const inventory = await deps.records.inventory.current(request);
  const ancestors = await ancestorsAmong(deps, request, commitsOf(inventory));
  const names = regions.map(({ name }) => name);
  const since = carriedUntil(names, inventory, ancestors);
  const later = barring.filter((change) => change.changedAt > since);
  const makers = later.map(({ releaseId }) => commitOfRelease(releaseId)).filter((commit) => commit !== undefined);
  return schemaGaps(later, await ancestorsAmong(deps, request, makers));
}

/**
 * Throws SLIP-REL-11 (terminal) for code that is older than the schema, unless its requester has said that it may be: then the plan says so.
 * Code that a newer release has overtaken, or is about to, is let through to be called superseded when it gets the lane.
 */
export async function refuseOlderCode(deps: Dependencies, request: Code['request'], gaps: SchemaGap[]): Promise<void> {
  if (request.downgrade) return;
  const attempts = await Promise.all(gaps.map(({ releaseId }) => deps.records.attempts.find(releaseId)));
  // A run that goes on may still be verified.
  const over = gaps.filter((_, i) => attempts[i]?.outcome !== undefined);
  if (over.length === 0) return;
  const commits = commitsOf(await deps.records.inventory.current(request));
  const overtaken = (await ancestorsAmong(deps, request, commits)).length < commits.length;
  if (!overtaken) throw failure('SLIP-REL-11', gapsInWords(over).join('; '));
}

/** Which of these commits this one is, or descends from. */
export async function ancestorsAmong(
  { source }: Pick<Dependencies, 'source'>,
  { repository, commit }: Pick<ReleaseRequest, 'repository' | 'commit'>,
  candidates: Commit[],
): Promise<Commit[]> {
  const found: Commit[] = [];
  // One after the other: each is a process, and there may be many.
  for (const ancestor of new Set(candidates))
    if (ancestor === commit || (await source.descends({ repository, commit, ancestor }))) found.push(ancestor);
  return found;
}

/** Of all that is verified now. */
export function commitsOf(inventory: readonly VerifiedRelease[]): Commit[] {
  return [...new Set(verifiedNow(inventory).map((row) => row.commit))];
}
