import type { Attempt } from '../../activities/records/port.ts';
import { orderOfRun } from '../../activities/steps/order-of-run.ts';
import type { OrderOfRun } from '../../activities/steps/order-of-run.ts';
import type { ReleaseRow } from '../../domain/contract/gateway.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** A release as one line of a list. */
export function rowOf(attempt: Attempt): ReleaseRow {
  const { releaseId, number, request, startedAt, endedAt, outcome, summary } = attempt;
  const { service, environment, commit, branch, requestedBy } = request;
  return {
    releaseId,
    number,
    service,
    environment,
    commit,
    branch,
    attempt: request.attempt,
    requestedBy: requestedBy.id,
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
  return rowOfRollback(run, { order, attempt, kept });
}

/** `kept`: how it has ended; `attempt`: what it puts back. */
export function rowOfRollback(
  run: string,
  { order, attempt, kept }: { order: OrderOfRun; attempt: Attempt; kept: ReleaseResult | undefined },
): ReleaseRow {
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
      ...(regions && { regions }),
      ...(reason && { reason }),
    },
    ...(endedAt !== undefined && { endedAt }),
    ...(outcome && { outcome }),
    ...(summary && { summary }),
  };
}
