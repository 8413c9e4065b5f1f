import type { Attempt } from '../../activities/records/port.ts';
import { orderOfRun } from '../../activities/steps/order-of-run.ts';
import type { OrderOfRun } from '../../activities/steps/order-of-run.ts';
import type { SignedDecision } from '../../domain/contract/decisions.ts';
import type { ReleaseRow } from '../../domain/contract/gateway.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** A release as one line of a list. */
export function rowOf(attempt: Attempt): ReleaseRow {
  const { releaseId, number, request, startedAt, endedAt, outcome, summary } = attempt;
  const { service, environment, commit, branch, requestedBy, byItself } = request;
  return {
    releaseId,
    number,
    service,
    environment,
    commit,
    branch,
    attempt: request.attempt,
    requestedBy: requestedBy.id,
    ...(byItself && { byItself }),
    startedAt,
    ...(endedAt !== undefined && { endedAt }),
    ...(outcome && { outcome }),
    ...(summary && { summary }),
  };
}

/** A rollback run is not an attempt of a commit: its row comes from the order that it carries out. Throws 404 where nobody has given that. */
export async function rollbackRow(
  parts: GatewayParts,
  run: string,
  kept: ReleaseResult | undefined,
): Promise<ReleaseRow> {
  const order = await orderOfRun(parts, run);
  const attempt = order && (await parts.records.attempts.find(order.releaseId));
  if (!attempt) throw new Refused(404, 'not-found', `there is no release ${run}`);
  const nth = nthAmong(await parts.records.decisions.list(order.releaseId), run);
  return rowOfRollback(run, { order, attempt, kept, nth });
}

/** Which of the rollbacks that were ordered of a release it is, from 1. `decisions`: about that release, in order. */
export function nthAmong(decisions: readonly SignedDecision[], run: string): number | undefined {
  const runs = decisions.flatMap(({ decision }) =>
    decision.kind === 'roll-back' && decision.run ? [decision.run] : [],
  );
  return runs.indexOf(run) + 1 || undefined;
}

interface OnRecord {
  order: OrderOfRun;
  /** What it puts back. */
  attempt: Attempt;
  /** How it has ended. */
  kept: ReleaseResult | undefined;
  nth: number | undefined;
}

/** Of a run that puts something back. */
export function rowOfRollback(run: string, { order, attempt, kept, nth }: OnRecord): ReleaseRow {
  const { endedAt: _ended, outcome: _outcome, summary: _summary, number, ...row } = rowOf(attempt);
  const { outcome, summary, timings = [] } = kept ?? {};
  const { releaseId, regions, reason, by, at } = order;
  // It enters its last stage when it writes down how it has ended.
  const endedAt = timings.findLast(({ stage }) => stage === 'done')?.startedAt;
  return {
    ...row,
    releaseId: run,
    requestedBy: by,
    startedAt: at,
    undoes: {
      releaseId,
      ...(number !== undefined && { number }),
      ...(nth !== undefined && { nth }),
      ...(regions && { regions }),
      ...(reason && { reason }),
    },
    ...(endedAt !== undefined && { endedAt }),
    ...(outcome && { outcome }),
    ...(summary && { summary }),
  };
}
