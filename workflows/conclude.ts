import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  ContinueAsNew,
  isCancellation,
  TemporalFailure,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { searchAttributes } from '../domain/contract/names.ts';
import type { ReleaseResult } from '../domain/contract/status.ts';
import { meaningOf } from '../domain/outcomes.ts';
import { moveWhileHeld } from './checkpoint.ts';
import { Ended } from './ended.ts';
import { failureOf } from './failures.ts';
import { leaveLane } from './phases/lane.ts';
import { tellOn } from './phases/tell-people.ts';
import type { Run } from './run.ts';
import { changing } from './steps.ts';

const outcomeKey = defineSearchAttributeKey(searchAttributes.outcome, SearchAttributeType.KEYWORD);
const cancelled = new Ended('aborted', 'cancelled in Temporal before anything was changed');

/** Runs the story and makes sure that it has an end that is recorded, whatever happens in it. Only going on in a new run is no end. */
export async function conclude(run: Run, story: () => Promise<ReleaseResult>): Promise<ReleaseResult> {
  let result: ReleaseResult;
  let error: unknown;
  tellOn(run);
  try {
    // One loser, and it ends with the run.
    // eslint-disable-next-line no-restricted-properties
    result = await Promise.race([run.forward.run(story), moveWhileHeld(run)]);
  } catch (caught) {
    if (caught instanceof ContinueAsNew) throw caught;
    error = caught;
    result = endOf(run, caught);
  }
  result = await CancellationScope.nonCancellable(() => close(run, result));
  if (meaningOf(result.outcome).close === 'failed') {
    throw ApplicationFailure.create({
      message: result.summary,
      type: result.outcome,
      nonRetryable: true,
      details: [result],
      // Of a defect, where it is. What a step failed by is in the history, nested as deep as whoever answered for it liked.
      ...(error instanceof Error && !(error instanceof TemporalFailure) && { cause: error }),
    });
  }
  return result;
}

function endOf(run: Run, error: unknown): ReleaseResult {
  // A step that fails while it is being stopped must not hide that a person stopped it.
  const stopped = run.state.touched ? undefined : run.ending;
  const ended = error instanceof Ended ? error : (stopped ?? (isCancellation(error) ? cancelled : undefined));
  if (ended) return run.result(ended.outcome, ended.message);
  const failure = (run.status.failure = failureOf(error));
  return run.result(run.state.touched ? 'halted' : 'failed', `${failure.title}: ${failure.detail}`);
}

/** The records have the last word on how it ended: they know what an earlier run under this id had changed. */
async function close(run: Run, result: ReleaseResult): Promise<ReleaseResult> {
  run.enter('done', result.summary);
  // What cannot be recorded is not believed: not even by the lane.
  const unrecorded = 'its end could not be recorded, and it has changed something';
  let recorded = run.state.touched ? run.result('halted', `${unrecorded}: ${result.summary}`) : result;
  try {
    const { outcome, summary } = await changing.engine.recordEnd.executeWithOptions(
      { summary: `record: ${result.outcome}` },
      [
        {
          releaseId: run.id,
          result: { ...result, timings: run.status.timings },
          notify: run.state.read?.notify ?? [],
          report: { log: run.status.log, checks: run.status.checks },
          ...(run.state.untold && { untold: [...run.state.untold] }),
          ...(run.state.revoked && { revoke: run.state.revoked }),
        },
      ],
    );
    recorded = { ...result, outcome, summary };
  } finally {
    upsertSearchAttributes([{ key: outcomeKey, value: recorded.outcome }]);
    // Also when the records refuse the outcome: others wait for the lane.
    await leaveLane(run, recorded);
    await condition(allHandlersFinished);
  }
  return recorded;
}
