import { allHandlersFinished, isCancellation } from '@temporalio/workflow';
import type { PlanOutline } from '../../domain/contract/outline.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { failureDetails } from '../../domain/errors/catalogue.ts';
import type { FailureDetails } from '../../domain/errors/failure.ts';
import { courseAfter, hasNotBegun, isReleasesOwn, isWantedBack } from '../../domain/failure-course.ts';
import { regionsToRollBack } from '../../domain/rollback.ts';
import { inSentences } from '../../domain/whole-text.ts';
import { waitFor } from '../checkpoint.ts';
import { failureOf } from '../failures.ts';
import type { Run } from '../run.ts';
import { record } from './record-verified.ts';
import { backInWords, rollBackRegions, untilOrdered } from './roll-back-regions.ts';
import { tellPeople } from './tell-people.ts';

/** What follows a failure inside the lane, as the plan declares it: hold, confirm, roll back, or halt. Never leaves without an outcome. */
export async function concludeFailure(run: Run, plan: PlanOutline, problem?: unknown): Promise<ReleaseResult> {
  const { failure } = (run.state.concluding ??= { failure: causeOf(run, problem) });
  const { title, detail } = (run.status.failure = failure);
  run.failing = false;
  // What was held goes forward no more.
  if (problem !== undefined) run.state.held = {};
  const touched = run.status.regions.filter((r) => r.phase !== 'pending').map((r) => r.region);
  if (touched.length === 0)
    return run.result('halted', inSentences([`${title}: ${detail}`, whatWasChanged(run, plan, failure)]));
  await run.once('told of the failure', () => {
    run.say(`${title}: ${detail}`);
    tellPeople(run, { message: 'failed', code: failure.code });
    return Promise.resolve();
  });
  const course = courseAfter(failure, plan.onFailure, {
    asked: run.state.rollbackAsked !== undefined,
    gaveUp: run.state.gaveUp,
  });
  if (course === 'stop' || (course === 'ask' && !(await confirmRollback(run)))) {
    return run.result('halted', inSentences([`${title}: ${detail}`, 'it was held, and no rollback was ordered']));
  }
  run.state.gaveUp = false;
  await rollBack(run, plan, touched);
  return resultOf(run, touched, failure);
}

/** Where no region was: the databases. A migration that never began is no change, and those before it are. */
function whatWasChanged(run: Run, plan: PlanOutline, failure: FailureDetails): string {
  const done = plan.migrations.filter(({ database }) => run.isDone(`migrate ${database}`));
  if (!hasNotBegun(failure)) return 'no region was changed, but a database was, or may have been';
  if (done.length === 0) return 'nothing was changed';
  return `no region was changed, but ${done.map(({ database }) => database).join(', ')} was migrated`;
}

function causeOf(run: Run, problem: unknown): FailureDetails {
  if (!isCancellation(problem)) return failureOf(problem);
  const asked = run.state.rollbackAsked?.decision;
  return failureDetails('SLIP-REL-7', asked ? `${asked.by.id}: ${asked.reason}` : 'the run was cancelled in Temporal');
}

/** Waits for a person, with a deadline: `roll-back` or `accept-failure`. */
async function confirmRollback(run: Run): Promise<boolean> {
  const { state } = run;
  // Set once: a run that moves to a newer engine meanwhile waits no longer.
  const until = (state.concluding!.until ??= Date.now() + run.holdMs);
  run.enter('held', 'waiting for a person: roll back, or accept the failure', {
    what: 'rollback decision',
    who: run.deciders,
    until,
    decisions: ['roll-back', 'accept-failure'],
  });
  const accepted = () => run.state.decisions.some(({ decision }) => decision.kind === 'accept-failure');
  await waitFor(run, () => run.state.rollbackAsked !== undefined || accepted(), {
    until,
    summary: `rollback decision by ${run.deciders}`,
  });
  await waitFor(run, allHandlersFinished, { summary: 'decisions that are being judged' });
  return run.state.rollbackAsked !== undefined;
}

/** As the policy says. A person who asks for it means all that was touched, also when they ask while the hurt regions alone go back. */
async function rollBack(run: Run, plan: PlanOutline, touched: string[]): Promise<void> {
  let isWanted = isWantedBack(run.state.concluding!.failure);
  const asked = () => isWanted || run.state.rollbackAsked !== undefined;
  if (!asked()) {
    const hurt = touched.filter((region) => run.region(region).phase === 'failed' || isLeaving(run, region));
    await untilOrdered(run, goBack(run, plan, regionsToRollBack(plan.onFailure.partial, touched, hurt)));
    if (!asked()) isWanted = await recordStaying(run, plan, touched);
  }
  if (asked()) await goBack(run, plan, touched);
}

/** None of them may go: that is each region's own reason, told in the result. */
async function goBack(run: Run, plan: PlanOutline, wanted: string[]): Promise<void> {
  const regions = wanted.filter((region) => !isLeaving(run, region) || run.region(region).phase === 'unknown');
  if (regions.length === 0) return;
  try {
    await rollBackRegions(run, plan, regions);
  } catch (error) {
    const { title, detail } = failureOf(error);
    for (const region of regions) if (!run.region(region).note) run.markWhy(region, 'failed', `${title}: ${detail}`);
  }
}

function isLeaving(run: Run, region: string): boolean {
  return ['rolled-back', 'partly-back', 'unknown'].includes(run.region(region).phase);
}

/** The cause, then what came of it. `halted` names only what is not back. What stays on the new release by the policy, and is recorded, is neither. */
function resultOf(run: Run, touched: string[], cause: FailureDetails): ReleaseResult {
  const staying = touched.filter((region) => run.region(region).phase === 'verified');
  const going = touched.filter((region) => !staying.includes(region));
  const { isBack, words } = backInWords(run, going, 'back on the last verified release');
  const stays =
    staying.length > 0 ? [`${staying.join(', ')} ${staying.length > 1 ? 'keep' : 'keeps'} the new release`] : [];
  const summary = inSentences([`${cause.title}: ${cause.detail}`, ...words, ...stays]);
  return run.result(isBack ? 'rolled-back' : 'halted', summary);
}

/** True where it is wanted back by now, whether the run has heard of that or not: its steps say so. */
async function recordStaying(run: Run, plan: PlanOutline, touched: string[]): Promise<boolean> {
  const verified = touched.filter((region) => run.region(region).phase === 'verified');
  run.recordsStaying = true;
  try {
    // Each for itself: one that has not baked is not recorded, and keeps no other from it. Nobody waits for a bake here, which may take days.
    for (const region of verified) if (await recordStayingIn(run, plan, region)) return true;
    return false;
  } finally {
    run.recordsStaying = false;
  }
}

async function recordStayingIn(run: Run, plan: PlanOutline, region: string): Promise<boolean> {
  try {
    await record(run, plan, { regions: [region], name: `record what stays in ${region}`, bakes: false });
  } catch (error) {
    const failure = failureOf(error);
    if (isWantedBack(failure)) return true;
    const why = `keeps the new release, and is not recorded as verified: ${failure.title}: ${failure.detail}`;
    run.markWhy(region, isReleasesOwn(failure) ? 'failed' : 'unproven', why);
    run.say(`${region} ${why}`);
  }
  return false;
}
