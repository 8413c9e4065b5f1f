import { log } from '@temporalio/activity';
import { canonicalJson } from '../../domain/canonical.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import type { ReleaseSpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { regionsTouched } from '../../domain/left-behind.ts';
import { endOnRecord, meaningOf } from '../../domain/outcomes.ts';
import { mayBeUnproven } from '../../domain/wave-order.ts';
import type { Notifier } from '../notify/port.ts';
import type { Records } from '../records/port.ts';
import type { Verifier } from '../shared/signatures.ts';
import { chosenTargets } from './chosen-way-back.ts';
import { leaveHold } from './lane-closings.ts';
import { orderOfRun } from './order-of-run.ts';
import { planHashOf, resultOf } from './recorded-result.ts';
import { recordedTargets } from './recorded-targets.ts';
import { requireOwnRun } from './release-record.ts';
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
    const changed = (await records.touched.find(releaseId))?.what;
    const result = { ...told, ...endOnRecord(told, { changed, seen: await seenOf(records, releaseId) }) };
    const { outcome, summary } = result;
    // First of all: whoever reads that it has ended must find the lane closed.
    await leaveHold(records, { releaseId, outcome, summary }, now());
    const isOrdered = orderOfRollback(releaseId) !== undefined;
    if (!isOrdered) await records.attempts.conclude(releaseId, { outcome, summary, endedAt: now() });
    const kept = await resultOf(records.plans, releaseId);
    if (kept !== undefined && canonicalJson(kept) !== canonicalJson(result))
      throw failure('SLIP-REC-2', `${releaseId} has ended otherwise`);
    if (kept === undefined) await records.plans.keep(releaseId, 'result', result);
    if (revoke) {
      if (meaningOf(outcome).proven) throw nothingToRevoke(releaseId, outcome);
      await requireGoingBack({ records, verifier }, releaseId, revoke);
      // Where nothing was changed the release runs on: an order that no step would carry out, void or too old, revokes nothing either.
      const back = revoke.regions.filter((region) => regionsTouched(changed ?? []).includes(region));
      if (back.length > 0) await records.inventory.revoke(revoke.releaseId, summary.slice(0, 500), back);
    }
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

/** What the records know of a release that says that it is well everywhere. */
async function seenOf(
  { plans, inventory }: Pick<Records, 'plans' | 'inventory'>,
  releaseId: string,
): Promise<{ isVerified: boolean; mayBeUnproven: boolean }> {
  const hash = orderOfRollback(releaseId) === undefined ? await planHashOf(plans, releaseId) : undefined;
  const plan = hash === undefined ? undefined : await plans.find(hash);
  if (!plan) return { isVerified: false, mayBeUnproven: false };
  const rows = await inventory.current(plan);
  const isVerified = plan.regions.every(({ name: region }) =>
    plan.components.every(({ name }) =>
      rows.some((row) => row.releaseId === releaseId && row.region === region && row.component === name),
    ),
  );
  return { isVerified, mayBeUnproven: mayBeUnproven(plan) };
}

/**
 * What is revoked is what the run went back from: its own release, or the one that it was ordered to undo, where the engine has chosen
 * something to go back to. Throws SLIP-REL-1 (terminal).
 */
async function requireGoingBack(
  { records, verifier }: Pick<EndDependencies, 'records' | 'verifier'>,
  releaseId: string,
  revoke: { releaseId: string; regions: string[] },
): Promise<void> {
  const order = await orderOfRun({ records, verifier }, releaseId);
  const subject = orderOfRollback(releaseId) === undefined ? releaseId : order?.releaseId;
  const chosen = await Promise.all(revoke.regions.map((region) => chosenTargets(records.plans, releaseId, region)));
  const isOrdered = revoke.regions.every((region) => order?.regions?.includes(region) ?? true);
  if (revoke.releaseId !== subject || !isOrdered || chosen.some((targets) => targets.length === 0))
    throw nothingToRevoke(releaseId, `whose subject is ${subject ?? 'nothing'}`);
}

function nothingToRevoke(releaseId: string, which: string): Failure {
  return failure('SLIP-REL-1', `${releaseId}, ${which}, has nothing to revoke of what it names`);
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
