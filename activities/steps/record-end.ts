import { canonicalJson } from '../../domain/canonical.ts';
import { laneOfRun, orderOfRollback } from '../../domain/contract/names.ts';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { isOrderBack } from '../../domain/approval.ts';
import { changedInShort } from '../../domain/hold-reason.ts';
import { endOnRecord, meaningOf } from '../../domain/outcomes.ts';
import { noticeOfEnd } from '../../domain/run-end.ts';
import type { Notifier } from '../notify/port.ts';
import { asDocument } from '../shared/document.ts';
import type { Records } from '../records/port.ts';
import { says } from '../shared/saying.ts';
import type { Verifier } from '../shared/signatures.ts';
import { createAnnounce } from './announce.ts';
import { heardAmong } from './heard.ts';
import { ticketOf } from './held-by.ts';
import { leaveHold } from './lane-closings.ts';
import { orderOfRun } from './order-of-run.ts';
import { resultOf } from './recorded-result.ts';
import { targetsBy } from './recorded-targets.ts';
import { requireOwnRun } from './release-record.ts';
import { seenOfEnd } from './seen-of-end.ts';
import { passUnlessAway } from './pass-unless-away.ts';
import { changedBy } from './touching.ts';
import type { EngineSteps } from './types.ts';
import { head } from '../../domain/whole-text.ts';

export interface EndDependencies {
  records: Records;
  verifier: Verifier;
  notifierFor: (targets: ReleaseSpec['notify']) => Notifier;
  now: () => number;
}

/**
 * Writes down how a run has ended, once: what is recorded of a run that is over cannot be changed by whoever starts a workflow under its id.
 * The outcome, the result and the report are written at once. The answer is the end as recorded: a run that was reset may
 * believe that nothing was changed, and the records know better.
 */
export function createRecordEnd(deps: EndDependencies): EngineSteps['recordEnd'] {
  const { records, notifierFor } = deps;
  return async (input) => {
    const { releaseId } = input;
    requireOwnRun(releaseId);
    // Before anything is written: a refused end is none.
    await judgeEnd(deps, input);
    // From now on it begins nothing more: what is on record of it is all that it has changed.
    await records.touched.close(releaseId);
    const { run, ...end } = await judgeEnd(deps, input);
    const { outcome, summary } = end;
    says({ outcome });
    // Before the end: of a run that is over nobody is told anything else.
    await tellWhatIsUntold(deps, input);
    await writeEnd(deps, run, { ...input, ...end });
    const targets = await targetsBy(records.plans, run.isOrdered ? run.order?.releaseId : releaseId);
    await tellAboutEnd(notifierFor(targets), { ...run, outcome, summary });
    return { outcome, summary };
  };
}

/** Where it is told beside the end itself, which has all of it. */
const longestSummary = 500;

type Input = Parameters<EngineSteps['recordEnd']>[0];

/** What an end is by the records. Throws SLIP-REL-10 and SLIP-REC-4 (terminal) for one that is not written down. */
async function judgeEnd(
  deps: EndDependencies,
  { releaseId, result: told, report }: Input,
): Promise<End & { run: Recalled }> {
  const run = await recall(deps, releaseId);
  refuseUnheardOf(run);
  for (const document of [told, ...(report ? [report] : [])]) asDocument(document);
  const { outcome, summary } = endKnown(run) ?? (await endBorneOut(deps, run, told));
  return { run, outcome, summary };
}

/** One that was written meanwhile is not replaced: the database refuses. */
async function writeEnd(
  { records, now }: EndDependencies,
  run: Recalled,
  { result: told, report, outcome, summary }: Input & End,
): Promise<void> {
  const { releaseId } = run;
  const result = { ...told, outcome, summary };
  // First of all: whoever reads that it has ended must find the lane closed.
  await leaveHold(records, { releaseId, outcome, summary }, now());
  // With its end, and never after it: of a run that is over nothing more is revoked.
  const undone = run.isOrdered ? run.order?.releaseId : releaseId;
  if (undone && !endKnown(run))
    await records.inventory.takeBack({ run: releaseId, releaseId: undone }, head(summary, longestSummary));
  if (run.result && canonicalJson(run.result) !== canonicalJson(result))
    throw failure('SLIP-REC-2', `${releaseId} has ended otherwise`);
  // The result last: of a rollback it is what says that it has ended.
  const ending = run.result ? {} : { ...(report !== undefined && { report }), result };
  if (!run.isOrdered) return records.attempts.conclude(releaseId, { outcome, summary, endedAt: now(), told: ending });
  for (const [name, document] of Object.entries(ending)) await records.plans.keep(releaseId, name, document);
}

type Recalled = Awaited<ReturnType<typeof recall>>;
type End = Pick<ReleaseResult, 'outcome' | 'summary'>;

/** What is on record about the run, asked for at once. */
async function recall({ records, verifier }: Pick<EndDependencies, 'records' | 'verifier'>, releaseId: string) {
  const [order, result, attempt, changed, ticket] = await Promise.all([
    orderOfRun({ records, verifier }, releaseId),
    resultOf(records.plans, releaseId),
    records.attempts.find(releaseId),
    changedBy(records, releaseId),
    // It leaves the lane when its end is recorded.
    ticketOf(records, releaseId),
  ]);
  const isOrdered = orderOfRollback(releaseId) !== undefined;
  return { releaseId, isOrdered, order, result, attempt, ticket, changed };
}

/** Nothing of a run is written down that neither the gateway nor an order has begun, and that has changed nothing. Throws SLIP-REL-10. */
function refuseUnheardOf({ releaseId, isOrdered, order, attempt, changed }: Recalled): void {
  const isKnown = isOrdered ? order !== undefined : attempt !== undefined;
  if (!isKnown && changed.length === 0) throw failure('SLIP-REL-10', `nobody has started ${releaseId}`);
}

/** As it is on record already: a very late repetition finds a world that has gone on. */
function endKnown({ result, attempt }: Recalled): End | undefined {
  if (result) return result;
  return attempt?.outcome === undefined ? undefined : { outcome: attempt.outcome, summary: attempt.summary ?? '' };
}

/** What the records bear out of what is told. */
async function endBorneOut({ records, verifier }: EndDependencies, run: Recalled, told: End): Promise<End> {
  const decisions = heardAmong(await records.decisions.weigh(run.releaseId), verifier);
  // The gateway signs none of somebody who may not: whoever has ordered it is to find it back, or held.
  const order = decisions.find((decision) => isOrderBack(decision, run.releaseId));
  const seen = await seenOfEnd(records, run, { isWantedBack: order !== undefined });
  return endOnRecord(told, { changed: run.changed, seen, orderedBackBy: order?.by.id });
}

/**
 * What the run could not have written down while it went on, as the records were away. Where they are, the step is repeated; what else keeps a
 * message from people keeps no run from its end.
 */
async function tellWhatIsUntold(deps: EndDependencies, { releaseId, untold = [] }: Input): Promise<void> {
  const announce = createAnnounce(deps);
  for (const said of untold) await announce(said).catch((error: unknown) => passUnlessAway(error, releaseId));
}

/**
 * People who follow a run are not told twice. Where the records are away it is written down when the step is repeated; nothing else that
 * keeps it from them keeps a run from its end.
 */
async function tellAboutEnd(
  notifier: Notifier,
  { releaseId, outcome, summary, changed }: End & Pick<Recalled, 'releaseId' | 'changed'>,
): Promise<void> {
  const { lane, undoable } = meaningOf(outcome);
  await notifier
    .notify({
      run: releaseId,
      key: `${releaseId}/end`,
      ...noticeOfEnd(releaseId, outcome),
      title: `${releaseId}: ${outcome}`,
      facts: {
        outcome,
        summary: head(summary, longestSummary),
        ...(lane === 'hold' && changed.length > 0 && { changed: changedInShort(changed) }),
        ...(lane === 'hold' && { next: nextAfter(releaseId, undoable === 'left-behind') }),
      },
    })
    .catch((error: unknown) => passUnlessAway(error, releaseId));
}

/** How releases come in again; where something is left behind that is not the first thing to do. */
function nextAfter(releaseId: string, isLeftBehind: boolean): string {
  const lane = laneOfRun(releaseId);
  if (isLeftBehind || !lane) return `slipway status ${releaseId} --why names the ways on, in order`;
  const { service, environment } = lane;
  const where = `--service ${service} --environment ${environment}`;
  // A run that puts back what another has left holds the lane beside that one's hold: each is ended by itself.
  return `The lane is on hold: slipway lane ${where} shows each hold, slipway lane clear-hold ${where} --id HOLD --reason TEXT ends one`;
}
