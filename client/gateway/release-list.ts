import type { Attempt, AttemptFilter } from '../../activities/records/port.ts';
import { atOnce } from '../../activities/steps/at-once.ts';
import { orderIn } from '../../activities/steps/order-of-run.ts';
import { resultOf, standingDocuments } from '../../activities/steps/recorded-result.ts';
import type { SignedDecision } from '../../domain/contract/decisions.ts';
import type { ReleaseList, ReleaseRow } from '../../domain/contract/gateway.ts';
import type { GatewayParts } from './calls.ts';
import type { RunStates } from './run-states.ts';
import { nthAmong, rowOf, rowOfRollback } from './release-rows.ts';

/** `before`: as the page before has said it. */
export type ListFilter = Omit<AttemptFilter, 'before'> & { before?: string | undefined };

/** A row, and its number among those of its kind. */
interface Numbered {
  row: ReleaseRow;
  number: number;
  kind: 'release' | 'rollback';
}

/**
 * Releases and the rollbacks of them, by when they were asked for, the newest first. Of what is open a worker is asked how it stands, for a moment:
 * where none answers it is shown as open, and nothing more.
 */
export async function listReleases(
  parts: GatewayParts,
  { before, ...filter }: ListFilter,
  states: Pick<RunStates, 'of'>,
): Promise<ReleaseList> {
  const from = placesIn(before);
  const none: Looked = { found: [] };
  const [releases, rollbacks] = await Promise.all([
    releasesOf(parts, { ...filter, ...from.release }),
    filter.number === undefined ? rollbacksOf(parts, filter, from.rollback) : none,
  ]);
  const all = [...releases, ...rollbacks.found].sort((a, b) => b.row.startedAt - a.row.startedAt);
  const page = all.slice(0, filter.limit);
  const isMore = all.length > page.length || rollbacks.lookedUntil !== undefined;
  return {
    releases: await states.of(page.map(({ row }) => row)),
    ...(isMore && { next: placeAfter(page, rollbacks, before) }),
  };
}

/** One more than are asked for says that there are more. */
async function releasesOf({ records }: GatewayParts, filter: AttemptFilter): Promise<Numbered[]> {
  const attempts = await records.attempts.list({ ...filter, limit: filter.limit + 1 });
  return attempts.map((attempt) => ({ row: rowOf(attempt), number: attempt.number, kind: 'release' }));
}

/** `lookedUntil`: where it was given up, with others behind it. */
interface Looked {
  found: Numbered[];
  lookedUntil?: number;
}

/** So many are looked at for those that are asked for: of others the database knows no more than their order. */
const mostLooks = 10;

async function rollbacksOf(
  parts: GatewayParts,
  filter: Omit<ListFilter, 'before'>,
  from: { before?: number },
): Promise<Looked> {
  const found: Numbered[] = [];
  const { service, environment, among, open } = filter;
  const limit = filter.limit + 1;
  let { before } = from;
  for (let looks = 0; looks < mostLooks && found.length < limit; looks += 1) {
    const orders = await parts.records.decisions.ordersBack({
      ...{ service, environment, among, limit, before },
      ...(open && { open }),
    });
    const rows = await rowsOf(parts, orders);
    found.push(...rows.filter(({ row }) => isWanted(row, filter)));
    before = orders.at(-1)?.number;
    if (orders.length < limit) return { found: found.slice(0, limit) };
  }
  return { found: found.slice(0, limit), ...(found.length < limit && before !== undefined && { lookedUntil: before }) };
}

/** Of orders that the gateway has signed, about releases that are on record. */
async function rowsOf(
  { records, verifier }: GatewayParts,
  orders: readonly { signed: SignedDecision; number: number }[],
): Promise<Numbered[]> {
  const known = orders.filter(({ signed }) => signed.decision.kind === 'roll-back' && verifier.verify(signed));
  const runs = known.map(({ signed }) => signed.decision.run ?? '');
  // One by one where they are too large together: a list has them all the same.
  const documents = await atOnce(records.plans, runs, [...standingDocuments]).catch(() => records.plans);
  const about = new Map<string, { attempt: Attempt | undefined; decisions: SignedDecision[] }>();
  for (const releaseId of new Set(known.map(({ signed }) => signed.decision.releaseId))) {
    const [attempt, decisions] = await Promise.all([
      records.attempts.find(releaseId),
      // Of more than anybody could have made nobody says which is which.
      records.decisions.list(releaseId).catch((): SignedDecision[] => []),
    ]);
    about.set(releaseId, { attempt, decisions });
  }
  const rows = known.map(async ({ signed, number }): Promise<Numbered[]> => {
    const { run = '', releaseId } = signed.decision;
    const { attempt, decisions = [] } = about.get(releaseId) ?? {};
    if (!attempt) return [];
    const row = rowOfRollback(run, {
      order: orderIn(signed),
      attempt,
      kept: await resultOf(documents, run),
      nth: nthAmong(decisions, run),
    });
    return [{ row, number, kind: 'rollback' }];
  });
  return (await Promise.all(rows)).flat();
}

function isWanted(row: ReleaseRow, { commit = '', since = 0, by, outcome, open }: Omit<ListFilter, 'before'>): boolean {
  return (
    row.commit.startsWith(commit) &&
    row.startedAt >= since &&
    (by ?? row.requestedBy) === row.requestedBy &&
    (outcome ?? row.outcome) === row.outcome &&
    (open === undefined || (row.outcome === undefined) === open)
  );
}

/** Numbers from which both kinds go on: `142.7`. */
function placesIn(before: string | undefined): { release: { before?: number }; rollback: { before?: number } } {
  const [release, rollback] = before === undefined ? [] : before.split('.').map(Number);
  const of = (number: number | undefined) => (number === undefined || number === 0 ? {} : { before: number });
  return { release: of(release), rollback: of(rollback) };
}

/** Of a kind that the page has none of it is as it was, or where it was given up; 0 where nothing of it was shown yet. */
function placeAfter(page: readonly Numbered[], { found, lookedUntil }: Looked, before: string | undefined): string {
  const was = placesIn(before);
  const last = (kind: Numbered['kind']) => page.findLast((one) => one.kind === kind)?.number ?? was[kind].before ?? 0;
  const areAllShown = found.every((one) => page.includes(one));
  return `${last('release')}.${(areAllShown ? lookedUntil : undefined) ?? last('rollback')}`;
}
