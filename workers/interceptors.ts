import type { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import type { Records } from '../activities/records/port.ts';
import { hearing } from '../activities/shared/saying.ts';
import type { Facts } from '../activities/shared/saying.ts';
import { inBoundary } from '../activities/steps/boundary.ts';
import { laneOfLane, laneOfRun } from '../domain/contract/names.ts';
import type { LaneKey } from '../domain/contract/names.ts';
import { entryOf } from '../domain/errors/catalogue.ts';
import type { StepName } from '../domain/run-kinds.ts';
import { visible } from '../domain/visible.ts';
import { numberOfStep } from './step-number.ts';
import { head } from '../domain/whole-text.ts';

export interface AuditedIn {
  audit: Pick<Records['audit'], 'append'>;
  attempts: Pick<Records['attempts'], 'list'>;
}

/** Every step, and whether it changes something outside or decides about it: a new one is missed by the compiler. */
const isAudited: Record<StepName, boolean> = {
  readRelease: false,
  joinLane: false,
  takeOver: true,
  checkDecision: false,
  verifySignature: false,
  announce: false,
  buildImage: true,
  scanImages: false,
  scanSource: false,
  runTests: false,
  runGate: false,
  lookAtRegions: false,
  planMigration: true,
  planRelease: true,
  judgePlanDrift: false,
  consumeApproval: true,
  tagImages: true,
  startMigration: true,
  watchMigration: true,
  verifyMigration: true,
  applyComponent: true,
  watchRollout: true,
  verifyRegion: true,
  observeRegion: false,
  chooseRollbacks: true,
  recordVerified: true,
  recordEnd: true,
  findRelease: false,
  beginLane: false,
  recordLane: true,
  lookAtHolder: false,
  verifyOrder: false,
};

/** Whatever goes wrong in a worker, in its own interceptors as well, leaves as a failure with a code, and redacted. */
export const boundaryInterceptor: ActivityInboundCallsInterceptor = {
  execute: (input, next) => inBoundary(() => next(input)),
};

/** Rows of those whose lane nobody has ever asked for a release in: no lane is called so. */
const elsewhere = 'other';
const longestName = 300;

/**
 * Writes the audit around the effect, without a single event in the history. That a step was begun is on record before it does anything: no
 * row, no effect. How it ended follows, with what the step has said of itself, and nothing of what its caller has. One that cannot be
 * written fails the step, which then repeats. The keys are numbered by Temporal's server, so that a repetition adds nothing, and nobody
 * chooses one that is taken.
 */
export function auditIn(records: AuditedIn): (context: Pick<Context, 'info'>) => ActivityInboundCallsInterceptor {
  const laneOf = lanesKnownTo(records);
  return ({ info: { activityType, workflowExecution, taskToken, attempt } }) => ({
    async execute(input, next) {
      if (isAudited[activityType as StepName] === false || !workflowExecution) return next(input);
      const { workflowId } = workflowExecution;
      const lane = await laneOf(workflowId);
      const write = (how: 'begun' | 'done' | 'failed', facts: Facts) =>
        records.audit.append({
          lane,
          key: `${numberOfStep(taskToken)}/${how}`,
          at: Date.now(),
          what: `${activityType} ${how}`,
          who: visible(head(workflowId, longestName)),
          facts: { attempt, ...facts },
        });
      const heard: Facts = {};
      await write('begun', {});
      const output = await hearing(heard, async () => next(input)).catch(async (error: unknown) => {
        // That it was begun is there: what went wrong is what its caller has to hear, not that it could not be written.
        await write('failed', { ...heard, code: codeOf(error) }).catch(() => undefined);
        throw error;
      });
      await write('done', heard);
      return output;
    },
  });
}

/** The same for the lane itself and for every run in it. One that is known is not asked for again: no attempt is ever removed. */
function lanesKnownTo({ attempts }: AuditedIn): (workflowId: string) => Promise<string> {
  const known = new Set<string>();
  const isOnRecord = async (lane: LaneKey) => (await attempts.list({ ...lane, limit: 1 })).length > 0;
  return async (workflowId) => {
    const lane = workflowId.includes('\0') ? undefined : (laneOfRun(workflowId) ?? laneOfLane(workflowId));
    if (!lane) return elsewhere;
    const name = `${lane.service}/${lane.environment}`;
    if (!known.has(name)) {
      if (!(await isOnRecord(lane))) return elsewhere;
      known.add(name);
    }
    return name;
  };
}

/** Of what was refused, or went wrong, only the code: words may be a stranger's. */
function codeOf(error: unknown): string {
  if (error instanceof CancelledFailure) return 'cancelled';
  const { type } = error instanceof ApplicationFailure ? error : {};
  return typeof type === 'string' && entryOf(type) ? type : 'SLIP-REL-5';
}
