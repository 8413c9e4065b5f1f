import { heardAmong } from '../../activities/steps/heard.ts';
import type { Attempt } from '../../activities/records/port.ts';
import { concludeLost } from '../../activities/steps/lost-runs.ts';
import { orderOfRun } from '../../activities/steps/order-of-run.ts';
import { lastPlanOf, outcomeOf, reportOf, resultOf } from '../../activities/steps/recorded-result.ts';
import { changedBy } from '../../activities/steps/touching.ts';
import { isVerified } from '../../activities/steps/verified-request.ts';
import { addressOfCommit } from '../../domain/commit-address.ts';
import type { ReleaseRow, ReleaseView, RunRecorded, StartedRelease } from '../../domain/contract/gateway.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { ReleaseResult, ReleaseStatus } from '../../domain/contract/status.ts';
import { endedStatus } from '../../domain/ended-status.ts';
import type { NoWayBack } from '../../domain/after-halt.ts';
import { changedInShort } from '../../domain/hold-reason.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import { pageOfRun } from '../../domain/page-address.ts';
import { differencesOfRun } from '../../domain/run-standing.ts';
import { explain, inTrouble } from '../../domain/why.ts';
import type { WhyFacts } from '../../domain/why.ts';
import type { RunView } from '../engine.ts';
import type { GatewayParts } from './calls.ts';
import { answerOf, Refused } from './errors.ts';
import { saidBy } from './lane-orders.ts';
import { recordedLane, standingOf } from './lane-view.ts';
import { policySince } from './policy-since.ts';
import { rollbackRow, rowOf } from './release-rows.ts';
import { whyNoWayBack } from './rollback-preview.ts';
import { lookAt } from './look-at.ts';
import { recordedBefore, seenBack, seenSince } from './run-on-record.ts';
import type { Unknown } from '../../domain/not-begun.ts';
import { whyNotOver } from './whether-over.ts';

/** `unknown`: Temporal does not know it, and nobody can tell that it is over. */
interface Seen {
  attempt: Attempt | undefined;
  run: RunView | undefined;
  open: boolean;
  outcome: string | undefined;
  unknown?: Unknown;
}

/**
 * What the records and Temporal know about a run: throws 404 when neither knows it. How one has ended is told by the records alone: Temporal may
 * be away, and whatever runs under its id is not asked how that went.
 */
export async function seen(parts: GatewayParts, releaseId: string): Promise<Seen> {
  const { engine, records, now } = parts;
  const attempt = await records.attempts.find(releaseId);
  const ended = await outcomeOf(records.plans, releaseId, attempt);
  if (ended !== undefined) return { attempt, run: undefined, open: false, outcome: ended };
  const asked = attempt ?? (await orderOfRun(parts, releaseId));
  const run = asked ? await lookAt(parts, releaseId) : await engine.look(releaseId);
  if (!asked && !(run && laneOfRun(releaseId))) throw new Refused(404, 'not-found', `there is no release ${releaseId}`);
  if (run?.open) return { attempt, run, open: true, outcome: undefined };
  const unknown = run ? undefined : await whyNotOver(parts, releaseId);
  if (unknown) return { attempt, run, open: false, outcome: undefined, unknown };
  const outcome = await concludeLost(parts, releaseId, now());
  return { attempt: await records.attempts.find(releaseId), run, open: false, outcome };
}

/** What is said beside how a run stands: where it cannot be looked at, that is said in its place. */
async function beside<T>(
  what: string,
  looking: Promise<T> | undefined,
): Promise<{ said?: T | undefined; untold: string[] }> {
  try {
    return { said: await looking, untold: [] };
  } catch (error) {
    return { untold: [`Whether ${what} could not be told: ${answerOf(error).body.message}.`] };
  }
}

/** A run as people see it: as far as it is, or as it ended. */
export async function view(parts: GatewayParts, releaseId: string): Promise<ReleaseView> {
  const { attempt, run, open, unknown } = await seen(parts, releaseId);
  const kept = open ? undefined : await resultOf(parts.records.plans, releaseId);
  const row = attempt ? rowOf(attempt) : await rollbackRow(parts, releaseId, kept);
  const before = await recordedBefore(parts, releaseId);
  const decided = await decidedAbout(parts, releaseId, before.planHash);
  const { approvals } = decided;
  const recorded = recordedOf(before, decided);
  const { status: said, differs } = open
    ? await standingOfRun(parts, releaseId, { ...before, approvals })
    : await standingAtEnd(parts, { releaseId, kept, row, ...before, approvals });
  const { status, since, noWayBack } = await byRecords(parts, { row, open, attempt, said });
  const version = open && !status ? await parts.engine.versionOf(releaseId) : undefined;
  const noneCurrent = open && !status && !version ? await parts.engine.noneCurrent() : undefined;
  const lane = open && status?.stage === 'awaiting-lane' ? await laneOf(parts, releaseId) : undefined;
  const { namespace } = parts.temporal;
  const nobodyKnows = {
    ...(unknown === 'not-begun' && { unbegun: row }),
    ...(unknown === 'elsewhere' && { elsewhere: { ...row, namespace } }),
  };
  const facts = {
    ...row,
    open,
    recorded,
    ...nobodyKnows,
    ...(noWayBack !== undefined && { noWayBack }),
    pending: run?.pending ?? [],
    now: parts.now(),
  };
  const atEnd = open ? [] : [...(await changedBefore(parts, row)), ...(await undoneSince(parts, row))];
  const wrong = open ? [...differs, ...since, ...inTrouble(facts, status)] : [...since, ...atEnd];
  return {
    ...row,
    open,
    ...(unknown && { unknown }),
    ...(status && { status }),
    recorded,
    ...(wrong.length > 0 && { troubles: wrong }),
    why: [
      ...differs,
      ...since,
      ...atEnd,
      ...explain({
        ...facts,
        ...(status && { status }),
        ...(version && { version }),
        ...(noneCurrent && { noneCurrent }),
        ...(lane && { lane }),
      }),
    ],
    ...addressesOf(parts, releaseId),
    ...commitAt(parts, attempt),
  };
}

interface ByRecords {
  status: ReleaseStatus | undefined;
  /** Lines that come first. */
  since: string[];
  noWayBack: NoWayBack | undefined;
}

/** Who may decide, by the policy of this gateway, too, and whether there is a way back: a run knows neither. */
async function byRecords(
  parts: GatewayParts,
  { row, open, attempt, said }: Pick<Seen, 'open' | 'attempt'> & { row: ReleaseRow; said: ReleaseStatus | undefined },
): Promise<ByRecords> {
  const { releaseId } = row;
  const moved = await beside(
    'this plan was made by another policy than this gateway has',
    open && said ? policySince(parts, { releaseId, lane: row, status: said }) : undefined,
  );
  const waitingFor = moved.said?.waitingFor ?? said?.waitingFor;
  const isAsked = open && said?.stage === 'held' && waitingFor?.decisions?.includes('roll-back') === true;
  // What a rollback has left is put back by an order about the release that it was to undo, which is another.
  const isLeft = !open && meaningOf(row.outcome).undoable === 'left-behind' && attempt !== undefined;
  const back = await beside('it can be rolled back', isAsked || isLeft ? whyNoWayBack(parts, releaseId) : undefined);
  const decisions = waitingFor?.decisions?.filter((kind) => kind !== 'roll-back' || back.said === undefined);
  const waits = waitingFor && { ...waitingFor, ...(decisions && { decisions }) };
  return {
    status: said && { ...said, ...(waits && { waitingFor: waits }) },
    since: [...moved.untold, ...(moved.said?.words ?? []), ...back.untold],
    noWayBack: back.said,
  };
}

/** What a run had begun to change that did not end well: its hold names it, too, and is cleared one day. */
async function changedBefore({ records }: GatewayParts, { releaseId, outcome }: ReleaseRow): Promise<string[]> {
  if (meaningOf(outcome).lane !== 'hold') return [];
  const changed = await changedBy(records, releaseId);
  return changed.length === 0 ? [] : [`By the records it had begun to change ${changedInShort(changed)}.`];
}

/** Where what it had verified was put back since: then it is verified there no more. */
async function undoneSince({ records }: GatewayParts, { releaseId, outcome }: ReleaseRow): Promise<string[]> {
  if (!meaningOf(outcome).proven) return [];
  const [plan, rows] = await Promise.all([lastPlanOf(records.plans, releaseId), records.inventory.of(releaseId)]);
  const gone = (plan?.regions ?? []).filter(({ name }) => !rows.some(({ region }) => region === name));
  const where = gone.map(({ name }) => name).join(', ');
  return gone.length === 0 ? [] : [`It is verified in ${where} no more: that was put back since, or has begun to be.`];
}

interface Standing {
  status?: ReleaseStatus;
  differs: string[];
}

/** What an open run says of itself, beside what is on record of it, which is what the steps go by. */
async function standingOfRun(
  parts: GatewayParts,
  releaseId: string,
  { approvals, ...before }: KnownBefore,
): Promise<Standing> {
  const said = await parts.engine.status(releaseId);
  if (!said) return { differs: [] };
  const after = await seenSince(parts, releaseId, before);
  return { status: { ...said, approvals }, differs: differencesOfRun({ ...before, ...after }, said) };
}

/** What people have decided: all of it, and the approvals of the plan in force that stand. What nobody has signed is nobody's. */
async function decidedAbout(
  { records, verifier }: GatewayParts,
  releaseId: string,
  planHash: string | undefined,
): Promise<Decided> {
  const signed = (await records.decisions.weigh(releaseId)).filter((one) => verifier.verify(one));
  const approvals = heardAmong(signed, verifier)
    .filter((decision) => decision.kind === 'approve' && decision.planHash === planHash)
    .map(({ by, decidedAt, channel }) => ({ by: by.id, at: decidedAt, channel }));
  const decisions = signed.map(({ decision, refused }) => {
    const { kind, by, decidedAt, channel, reason, planHash } = decision;
    return {
      ...{ kind, by: by.id, at: decidedAt, channel, reason },
      ...(planHash !== '' && { planHash }),
      ...(refused !== undefined && { refused }),
    };
  });
  return { approvals, decisions };
}

type Decided = Required<Pick<RunRecorded, 'approvals' | 'decisions'>>;

/** What was on record before the run was asked, and who has approved its plan. */
type KnownBefore = Awaited<ReturnType<typeof recordedBefore>> & Pick<RunRecorded, 'approvals'>;

function recordedOf({ planHash, touched }: Omit<KnownBefore, 'approvals'>, decided: Decided): RunRecorded {
  return { ...(planHash !== undefined && { planHash }), ...decided, changed: [...touched] };
}

interface Ended extends KnownBefore {
  releaseId: string;
  kept: ReleaseResult | undefined;
  row: ReleaseRow;
}

/** By the records. Runs of older engines have not recorded their log and checks where they went well. */
async function standingAtEnd(
  parts: GatewayParts,
  { releaseId, kept: result, row, touched, runId, approvals }: Ended,
): Promise<Standing> {
  const { engine, records } = parts;
  const report = await reportOf(records.plans, releaseId);
  // The very one that changed something, and no other: others may have run under its id since. Without it, all but its log is known.
  const asked = !report && runId !== undefined ? engine.status(releaseId, runId) : undefined;
  const answered = await asked?.catch(() => undefined);
  const status = endedStatus({
    releaseId,
    summary: row.summary ?? '',
    ...(result && { result }),
    ...(report && { report }),
    ...(answered && { answered }),
    approvals,
    changed: touched,
  });
  if (!status) return { differs: [] };
  // Its regions are as it has told them. What it went by, and where it was seen well, has gone on since.
  const back = await seenBack(parts, releaseId, touched);
  return { status, differs: differencesOfRun({ touched, ...back }, status) };
}

/** The lane that a run waits for, with what closes it. */
async function laneOf(parts: GatewayParts, releaseId: string): Promise<WhyFacts['lane']> {
  const lane = laneOfRun(releaseId);
  const said = lane && (await saidBy(parts, lane));
  return lane && said && { ...lane, status: standingOf(await recordedLane(parts, lane), said) };
}

export function started(parts: GatewayParts, releaseId: string, created: boolean): StartedRelease {
  return { releaseId, created, ...addressesOf(parts, releaseId) };
}

/** Where people see it. */
function addressesOf(parts: GatewayParts, releaseId: string): Pick<ReleaseView, 'pageUrl' | 'temporalUrl'> {
  const { pages } = parts;
  const temporalUrl = uiUrl(parts, releaseId);
  return {
    ...(pages !== undefined && { pageUrl: pageOfRun(pages, releaseId) }),
    ...(temporalUrl && { temporalUrl }),
  };
}

/** Of the repository that was signed: whoever writes to the table of attempts leads nobody elsewhere. */
function commitAt({ verifier }: GatewayParts, attempt: Attempt | undefined): Pick<ReleaseView, 'commitUrl'> {
  if (!attempt || !isVerified(attempt, verifier)) return {};
  const commitUrl = addressOfCommit(attempt.request.repository, attempt.request.commit);
  return commitUrl === undefined ? {} : { commitUrl };
}

function uiUrl({ temporal: { uiUrl: base, namespace } }: GatewayParts, workflowId: string): string | undefined {
  return base && `${base}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}
