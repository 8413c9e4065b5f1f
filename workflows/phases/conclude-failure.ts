import { allHandlersFinished, condition, isCancellation } from '@temporalio/workflow';
import type { ReleasePlan } from '../../domain/contract/release.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { failureDetails } from '../../domain/errors/catalogue.ts';
import { regionsToRollBack } from '../../domain/rollback.ts';
import { failureOf } from '../failures.ts';
import type { Run } from '../run.ts';
import { changing } from '../steps.ts';
import { rollBackRegions } from './roll-back-regions.ts';
import { tellPeople } from './tell-people.ts';

/** What follows a failure inside the lane, as the plan declares it: hold, confirm, roll back, or halt. Never leaves without an outcome. */
export async function concludeFailure(run: Run, plan: ReleasePlan, problem: unknown): Promise<ReleaseResult> {
  const asked = run.rollbackAsked;
  run.status.failure = isCancellation(problem)
    ? failureDetails(
        'SLIP-REL-7',
        asked ? `${asked.decision.by.id}: ${asked.decision.reason}` : 'the run was cancelled in Temporal',
      )
    : failureOf(problem);
  const { title, detail } = run.status.failure;
  run.say(`${title}: ${detail}`);
  const touched = run.status.regions.filter((r) => r.phase !== 'pending').map((r) => r.region);
  if (touched.length === 0)
    return run.result('halted', `no region was changed, but a database was, or may have been: ${title}`);
  await tellPeople(run, 'tell people about the failure', {
    key: `${run.id}/failure`,
    level: 'problem',
    title: `${plan.service} → ${plan.environment}: ${title}`,
    facts: { release: run.id, detail: detail.slice(0, 500), policy: plan.onFailure.partial },
  });
  const { partial, confirm } = plan.onFailure;
  if (!asked && (partial === 'hold' || confirm) && !(await confirmRollback(run, plan))) {
    return run.result('halted', `held, and no rollback was ordered: ${title}: ${detail}`);
  }
  const failed = run.status.regions.filter((r) => r.phase === 'failed').map((r) => r.region);
  // A person who asks for a rollback, and a hold that ends in one, mean all that was touched.
  const going =
    partial === 'roll-back-region' && !run.rollbackAsked ? regionsToRollBack(partial, touched, failed) : touched;
  return rollBack(run, plan, going, touched);
}

/** Waits for a person, with a deadline: `roll-back` or `accept-failure`. */
async function confirmRollback(run: Run, plan: ReleasePlan): Promise<boolean> {
  const until = Date.now() + plan.onFailure.holdMs;
  const who = plan.approval.groups.join(', ') || run.request.requestedBy.id;
  run.enter('held', 'waiting for a person: roll back, or accept the failure', {
    what: 'rollback decision',
    who,
    until,
  });
  const accepted = () => run.decisions.some(({ decision }) => decision.kind === 'accept-failure');
  await condition(() => run.rollbackAsked !== undefined || accepted(), plan.onFailure.holdMs, {
    summary: `rollback decision by ${who}`,
  });
  await condition(allHandlersFinished);
  return run.rollbackAsked !== undefined;
}

async function rollBack(run: Run, plan: ReleasePlan, going: string[], touched: string[]): Promise<ReleaseResult> {
  const cause = run.status.failure;
  const back: string[] = [];
  let staying = touched;
  let next = going;
  while (next.length > 0) {
    try {
      await rollBackRegions(run, plan, next);
    } catch (problem) {
      const why = failureOf(problem);
      return run.result('halted', `the rollback failed too: ${why.title}: ${why.detail}`);
    }
    back.push(...next);
    staying = touched.filter((region) => !back.includes(region));
    if (!run.rollbackAsked) await recordStaying(run, staying);
    // Somebody may have ordered a rollback while the hurt region alone went back: they mean all that was touched.
    next = run.rollbackAsked ? staying : [];
  }
  const stays = staying.length > 0 ? `; ${staying.join(', ')} keeps the new release` : '';
  return run.result(
    'rolled-back',
    `${back.join(', ')}: back on the last verified release${stays}. Cause: ${cause?.title}: ${cause?.detail}`,
  );
}

async function recordStaying(run: Run, regions: string[]): Promise<void> {
  const verified = regions.filter((region) => run.region(region).phase === 'verified');
  if (verified.length === 0) return;
  await changing.engine.recordVerified.executeWithOptions({ summary: `record what stays in ${verified.join(', ')}` }, [
    { authority: run.authority(), regions: verified },
  ]);
}
