import { log } from '@temporalio/activity';
import { canonicalJson } from '../../domain/canonical.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { regionsTouched } from '../../domain/left-behind.ts';
import { endOnRecord, meaningOf } from '../../domain/outcomes.ts';
import type { Notifier } from '../notify/port.ts';
import type { Records } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';
import { chosenTargets } from './chosen-way-back.ts';
import { leaveHold } from './lane-closings.ts';
import { orderOfRun } from './order-of-run.ts';
import { resultOf } from './recorded-result.ts';
import { recordedTargets } from './recorded-targets.ts';
import { requireOwnRun } from './release-record.ts';
import { seenOfEnd } from './seen-of-end.ts';
import type { Ending } from './seen-of-end.ts';
import { changedBy } from './touching.ts';
import type { EngineSteps } from './types.ts';

export interface EndDependencies {
  records: Records;
  verifier: Verifier;
  notifierFor: (targets: ReleaseSpec['notify']) => Notifier;
  now: () => number;
}

/**
 * Writes down how a run has ended, once: what is recorded of a run that is over cannot be changed by whoever starts a workflow under its id.
 * What refuses another end is written first: the outcome, then the result. The answer is the end as recorded: a run that was reset may
 * believe that nothing was changed, and the records know better.
 */
export function createRecordEnd({ records, verifier, notifierFor, now }: EndDependencies): EngineSteps['recordEnd'] {
  return async ({ releaseId, result: told, report, revoke }) => {
    requireOwnRun(releaseId);
    const order = await orderOfRun({ records, verifier }, releaseId);
    const revocable = revoke && (await revocableOf(records, { releaseId, order, revoke }));
    const known = await endKnown(records, releaseId);
    const { outcome, summary } = known ?? (await endBorneOut(records, { releaseId, order, told }));
    const result = { ...told, outcome, summary };
    if (revoke && (!revocable || meaningOf(outcome).proven))
      throw failure('SLIP-REL-1', `${releaseId}, ${outcome}, has nothing to revoke of ${revoke.releaseId}`);
    // First of all: whoever reads that it has ended must find the lane closed.
    await leaveHold(records, { releaseId, outcome, summary }, now());
    // With its end, and never after it: of a run that is over nothing more is revoked.
    if (revoke && revocable && !known)
      await records.inventory.revoke(revoke.releaseId, summary.slice(0, 500), revocable);
    const isOrdered = orderOfRollback(releaseId) !== undefined;
    if (!isOrdered) await records.attempts.conclude(releaseId, { outcome, summary, endedAt: now() });
    const kept = await resultOf(records.plans, releaseId);
    if (kept !== undefined && canonicalJson(kept) !== canonicalJson(result))
      throw failure('SLIP-REC-2', `${releaseId} has ended otherwise`);
    if (kept === undefined) await records.plans.keep(releaseId, 'result', result);
    if (report !== undefined) await records.plans.keep(releaseId, 'report', report);
    await tellAboutEnd(
      notifierFor(await recordedTargets({ records, verifier }, releaseId)),
      releaseId,
      outcome,
      summary,
    );
    return { outcome, summary };
  };
}

type End = Pick<ReleaseResult, 'outcome' | 'summary'>;

/** As it is on record already: a very late repetition finds a world that has gone on. */
async function endKnown({ plans, attempts }: Records, releaseId: string): Promise<End | undefined> {
  const [ended, attempt] = await Promise.all([resultOf(plans, releaseId), attempts.find(releaseId)]);
  if (ended) return ended;
  return attempt?.outcome === undefined
    ? undefined
    : { outcome: attempt.outcome, summary: attempt.summary ?? '' };
}

/** What the records bear out of what is told. */
async function endBorneOut(records: Records, { told, ...run }: Ending & { told: End }): Promise<End> {
  const changed = await changedBy(records, run.releaseId);
  return endOnRecord(told, { changed, seen: await seenOfEnd(records, run, changed) });
}

/**
 * Regions in which something is revoked: those that the run has changed to go back, as the engine has chosen, in its own release or in the one that it
 * was ordered to undo. Undefined when it has nothing to do with that release.
 */
async function revocableOf(
  records: Records,
  { releaseId, order, revoke }: Ending & { revoke: { releaseId: string; regions: string[] } },
): Promise<string[] | undefined> {
  const subject = orderOfRollback(releaseId) === undefined ? releaseId : order?.releaseId;
  if (revoke.releaseId !== subject) return undefined;
  const ordered = revoke.regions.filter((region) => order?.regions?.includes(region) ?? true);
  const changed = regionsTouched(await changedBy(records, releaseId));
  const chosen = await Promise.all(ordered.map((region) => chosenTargets(records.plans, releaseId, region)));
  return ordered.filter((region, i) => chosen[i]!.length > 0 && changed.includes(region));
}

/** People who follow a run are not told twice, and the run never waits for a chat that is away. */
async function tellAboutEnd(notifier: Notifier, releaseId: string, outcome: string, summary: string): Promise<void> {
  await notifier
    .notify({
      key: `${releaseId}/end`,
      level: meaningOf(outcome).level,
      title: `${releaseId}: ${outcome}`,
      facts: {
        summary: summary.slice(0, 500),
        ...(meaningOf(outcome).undoable === 'left-behind' && {
          next: `slipway status ${releaseId} --why names the ways on, in order`,
        }),
      },
    })
    .catch((error: unknown) => {
      log.warn('the end of a release could not be told', { releaseId, error: String(error) });
    });
}
