import { createHash } from 'node:crypto';
import type { Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import type { Records } from '../activities/records/port.ts';
import { laneOfLane, laneOfRun } from '../domain/contract/names.ts';

export interface AuditedIn {
  audit: Pick<Records['audit'], 'append'>;
}

/** Steps that change something outside, or decide about it: each leaves one row in the audit of its lane. */
const audited = new Set([
  'buildImage',
  'planRelease',
  'consumeApproval',
  'tagImages',
  'startMigration',
  'watchMigration',
  'applyComponent',
  'watchRollout',
  'recordVerified',
  'recordEnd',
  'recordLane',
]);

/**
 * Writes the audit beside the effect, without a single event in the history. The key is the step's own, so that a repetition adds
 * nothing; a row that cannot be written fails the step, which then repeats: an effect without its row does not stay.
 */
export function auditInterceptor(context: Context, records: AuditedIn): ActivityInboundCallsInterceptor {
  return {
    async execute(input, next) {
      const { activityType, activityId, workflowExecution, attempt } = context.info;
      if (!audited.has(activityType) || !workflowExecution) return next(input);
      const write = (result: 'done' | 'failed', facts: Record<string, unknown>) =>
        records.audit.append({
          lane: laneNameOf(workflowExecution.workflowId),
          key: `${workflowExecution.workflowId}/${workflowExecution.runId}/${activityId}/${activityType}-${contentOf(input.args)}/${result}`,
          at: Date.now(),
          what: `${activityType} ${result}`,
          who: workflowExecution.workflowId,
          facts: { attempt, ...facts },
        });
      try {
        const output = await next(input);
        await write('done', isRefused(output) ? {} : factsOf(input.args[0]));
        return output;
      } catch (error) {
        await write('failed', { ...factsOf(input.args[0]), error: String(error).slice(0, 300) }).catch(() => undefined);
        throw error;
      }
    },
  };
}

/** Whoever schedules steps chooses their ids: two changes by one id are two rows. */
function contentOf(args: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(args)).digest('hex').slice(0, 16);
}

/** A lane that wrote nothing has not done what it said. */
function isRefused(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'written' in output && output.written === false;
}

/** The same for the lane itself and for every run in it. */
function laneNameOf(workflowId: string): string {
  const { service = '', environment = '' } = laneOfRun(workflowId) ?? laneOfLane(workflowId) ?? {};
  return `${service}/${environment}`;
}

/** Only what names the effect: inputs may be large, and an audit row is for people. */
function factsOf(input: unknown): Record<string, unknown> {
  if (typeof input !== 'object' || input === null) return {};
  const known = input as Record<string, unknown>;
  const kept = [
    'region',
    'component',
    'image',
    'purpose',
    'database',
    'planHash',
    'releaseId',
    'decisionIds',
    'holder',
    'closures',
  ];
  return Object.fromEntries(kept.filter((name) => known[name] !== undefined).map((name) => [name, known[name]]));
}
