import {
  allHandlersFinished,
  CancellationScope,
  condition,
  makeContinueAsNewFunc,
  workflowInfo,
} from '@temporalio/workflow';
import type { RegionPhase, RegionStatus } from '../domain/contract/status.ts';
import { isFor } from '../domain/run-kinds.ts';
import { ofRun, weigh } from '../domain/weight.ts';
import type { Run } from './run.ts';
import type { RunState } from './run-state.ts';
import { changing } from './steps.ts';
import { stopIfCancelled } from './stop-if-cancelled.ts';

/** How long a run waits at most without looking whether a newer engine is there, ms. Whoever makes one current also wakes those that wait. */
const longestNap = 3_600_000;
/** A move that did not bring the run to the newer version is not tried again at once, ms. */
const settled = 60_000;

/** So long a step takes that is not in trouble, ms. */
const atOnce = 5_000;

/**
 * A safe point: nothing is under way, and the state says all there is to say. When the history has grown, or a newer engine is current,
 * the run goes on in a new run from here: waits of weeks never keep an old worker.
 */
export async function checkpoint(run: Run): Promise<void> {
  if (!shouldMove(run)) return;
  await CancellationScope.nonCancellable(() => move(run));
  // It was stopped while it waited to move: that is concluded here.
  await stopIfCancelled();
}

/**
 * Moves a run that is held, as `checkpoint` would, once all that it does rests: the fault may be mended by the newer engine, and nobody shall
 * keep an old one for it. Never resolves. What is not over is begun again there: each step reads before it writes.
 */
export function moveWhileHeld(run: Run): Promise<never> {
  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      await condition(() => rests(run) && untilMove(run) !== undefined);
      const soon = untilMove(run) ?? 0;
      if (soon > 0) await condition(() => !rests(run), soon, { summary: 'before it moves again' });
      await move(run, () => rests(run) && shouldMove(run));
    }
  });
}

/** Where a failure has begun to be undone, and is not being concluded yet, the next run would not know it: it would go forward again. */
function rests({ id, patient, resting, restedAt, state }: Run): boolean {
  // What a person has decided since may have ended a pause, whose step has not gone on yet.
  if (state.decisions.length !== restedAt) return false;
  const goesForward = isFor(id, 'deploy') && state.concluding === undefined;
  return patient > 0 && resting === patient && !(goesForward && state.status.regions.some(hasFailed));
}

const wellSoFar: ReadonlySet<RegionPhase> = new Set(['pending', 'deploying', 'deployed', 'verified', 'unproven']);

function hasFailed({ phase, components }: RegionStatus): boolean {
  return [phase, ...components.map((component) => component.phase)].some((one) => !wellSoFar.has(one));
}

/** Somebody has stopped it, and nothing of that is in its state yet: the next run would not know, and would go forward. */
function isStopped({ forward, state }: Run): boolean {
  return forward.consideredCancelled && state.concluding === undefined;
}

async function move(run: Run, still = () => true): Promise<void> {
  // What is just being written down need not be written again. Where the records are away it is carried on.
  if (run.telling) await condition(() => !run.telling, atOnce);
  // A decision that is being judged belongs to the run that took it.
  await condition(allHandlersFinished);
  if (isStopped(run) || !still()) return;
  const { workflowType, typedSearchAttributes } = workflowInfo();
  const goOn = makeContinueAsNewFunc<(input: unknown, carried: RunState) => Promise<unknown>>({
    workflowType,
    typedSearchAttributes,
    initialVersioningBehavior: 'AUTO_UPGRADE',
  });
  await goOn(run.input, { ...run.state, movedAt: Date.now() });
}

function shouldMove(run: Run): boolean {
  return untilMove(run) === 0;
}

/** In how many ms it should move, 0 for now; undefined while there is nothing to move to, or where the next run would not take what this one knows. */
function untilMove({ input, state }: Run): number | undefined {
  const { continueAsNewSuggested, targetWorkerDeploymentVersionChanged } = workflowInfo();
  if (!continueAsNewSuggested && !targetWorkerDeploymentVersionChanged) return undefined;
  if (weigh([input, state], ofRun) !== undefined) return undefined;
  if (continueAsNewSuggested) return 0;
  const { movedAt } = state;
  return movedAt === undefined ? 0 : Math.max(0, movedAt + settled - Date.now());
}

/** Waits until `done`, or until the time `until`, and moves on the way when it should. False when time ran out. */
export async function waitFor(
  run: Run,
  done: () => boolean,
  { until, summary }: { until?: number; summary: string },
): Promise<boolean> {
  for (;;) {
    if (done()) return true;
    const left = until === undefined ? longestNap : until - Date.now();
    if (left <= 0) return false;
    await checkpoint(run);
    // Whoever is told of another version right after a move does not go to sleep over it.
    const soon = untilMove(run);
    const hears = () => done() || shouldMove(run) || (soon === undefined && untilMove(run) !== undefined);
    await condition(hears, Math.min(left, soon ?? longestNap), { summary });
  }
}

/** The first thing a run does that goes on for another, whoever stops it: from now on its steps act in the other's name. */
export async function takeOver(run: Run): Promise<void> {
  const from = workflowInfo().continuedFromExecutionRunId;
  if (!run.state.touched || from === undefined) return;
  await CancellationScope.nonCancellable(() =>
    changing.engine.takeOver.executeWithOptions({ summary: 'go on for the run before this one' }, [
      { releaseId: run.id, from },
    ]),
  );
}
