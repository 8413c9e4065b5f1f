import type { Attempt, Records } from '../../../activities/records/port.ts';
import { orderIn } from '../../../activities/steps/order-of-run.ts';
import type { SignedDecision } from '../../../domain/contract/decisions.ts';
import { commitOfRelease, laneOfRun } from '../../../domain/contract/names.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import type { Millis } from '../../../domain/contract/release.ts';
import type { RunFacts } from '../../../domain/insights/run-facts.ts';
import type { GatewayParts } from '../calls.ts';
import type { EndedRuns, Told } from './ended-runs.ts';

/** What one answer looks at: a quarter of a large installation. What is older is told to be there. */
const mostRuns = { releases: 5_000, rollbacks: 500 };
/** Those ordered later than wanted, too: only the order in which they were stored can be asked for. */
const mostOrdersRead = 5_000;
/** Asked for at once, so that no question to the records, nor what is made of its answer, takes long. */
const atATime = { attempts: 1_000, orders: 500 };

export interface WhichRuns {
  service?: string | undefined;
  environment?: string | undefined;
  among?: readonly LaneKey[] | undefined;
  since: Millis;
  until: Millis;
}

export interface Looked {
  runs: RunFacts[];
  more?: true;
  /** Other orders to roll back may be of that time. */
  moreOrders?: true;
  /** Have ended, and nothing of how can be read. */
  unread: number;
}

type Parts = Pick<GatewayParts, 'records' | 'verifier'>;

/** Releases that were asked for in that time, the newest first, and rollbacks that were ordered then; with how each has ended. */
export async function runsOf(parts: Parts, which: WhichRuns, ended: EndedRuns): Promise<Looked> {
  const [attempts, orders] = await Promise.all([attemptsOf(parts.records, which), ordersOf(parts, which)]);
  const results = await ended.of([
    ...endedIn(attempts.found),
    ...orders.found.map(({ decision }) => decision.run ?? ''),
  ]);
  const releases = attempts.found.map((attempt) => releaseFacts(attempt, results.get(attempt.releaseId)));
  const rollbacks = orders.found.map((order) => rollbackFacts(order, results.get(order.decision.run ?? '')));
  const unread = endedIn(attempts.found).filter((id) => !results.has(id)).length;
  return {
    ...{ runs: [...releases, ...rollbacks], unread },
    ...(attempts.more && { more: true }),
    ...(orders.more && { moreOrders: true }),
  };
}

const endedIn = (attempts: readonly Attempt[]) =>
  attempts.filter(({ outcome }) => outcome !== undefined).map(({ releaseId }) => releaseId);

interface Found<One> {
  found: One[];
  more: boolean;
}

/** Page by page until there are none: one that is short may have been cut by its size. */
async function attemptsOf({ attempts }: Pick<Records, 'attempts'>, which: WhichRuns): Promise<Found<Attempt>> {
  const found: Attempt[] = [];
  let before: number | undefined;
  for (;;) {
    const page = await attempts.list({ ...which, limit: atATime.attempts, before });
    found.push(...page);
    if (found.length > mostRuns.releases) return { found: found.slice(0, mostRuns.releases), more: true };
    before = page.at(-1)?.number;
    if (before === undefined) return { found, more: false };
  }
}

/** Those that the gateway has signed, as far back as they are wanted, page by page until there are none. */
async function ordersOf(
  { records, verifier }: Parts,
  { since, until, ...which }: WhichRuns,
): Promise<Found<SignedDecision>> {
  const found: SignedDecision[] = [];
  let before: number | undefined;
  for (let read = 0; read < mostOrdersRead;) {
    const page = await records.decisions.ordersBack({ ...which, limit: atATime.orders, before });
    const decidedAt = ({ signed }: (typeof page)[number]) => signed.decision.decidedAt;
    const wanted = page.filter((one) => decidedAt(one) >= since && decidedAt(one) < until);
    const backs = wanted.map(({ signed }) => signed).filter(({ decision: { kind } }) => kind === 'roll-back');
    found.push(...backs.filter((signed) => verifier.verify(signed)));
    if (found.length > mostRuns.rollbacks) return { found: found.slice(0, mostRuns.rollbacks), more: true };
    before = page.at(-1)?.number;
    // In the order in which they were stored, which may be a little later than they were decided.
    if (page.every((one) => decidedAt(one) < since)) return { found, more: false };
    read += page.length;
  }
  return { found, more: true };
}

function releaseFacts({ releaseId, number, request, ...attempt }: Attempt, told: Told | undefined): RunFacts {
  const { service, environment, commit, requestedBy } = request;
  const { startedAt, endedAt, outcome, summary } = attempt;
  return {
    ...{ runId: releaseId, number, service, environment, commit, askedBy: requestedBy.id, askedAt: startedAt },
    ...(endedAt !== undefined && { endedAt }),
    ...(outcome !== undefined && { outcome }),
    ...(summary !== undefined && { summary }),
    ...(told?.facts ?? { stages: [], regions: [] }),
  };
}

/** What it tells of its failures is why it could not go back: the cause is the order's. */
function rollbackFacts(signed: SignedDecision, told: Told | undefined): RunFacts {
  const { releaseId, by, at, reason = '' } = orderIn(signed);
  const { run = '' } = signed.decision;
  const { service = '', environment = '' } = laneOfRun(run) ?? {};
  return {
    ...{ runId: run, service, environment, commit: commitOfRelease(releaseId) ?? '' },
    ...{ askedBy: by, askedAt: at, undoes: releaseId, summary: reason },
    ...(told && { outcome: told.outcome, endedAt: told.endedAt ?? at }),
    ...(told?.facts ?? { stages: [], regions: [] }),
  };
}
