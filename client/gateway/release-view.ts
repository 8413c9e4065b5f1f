import type { Attempt } from '../../activities/records/port.ts';
import { concludeLost } from '../../activities/steps/lost-runs.ts';
import { orderOfRun } from '../../activities/steps/order-of-run.ts';
import { resultOf } from '../../activities/steps/recorded-result.ts';
import type { ReleaseRow, ReleaseView, StartedRelease } from '../../domain/contract/gateway.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { ReleaseResult } from '../../domain/contract/status.ts';
import { explain } from '../../domain/why.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';

/** What the records and Temporal know about a run: throws 404 when neither knows it. */
export async function seen({ engine, records, now }: GatewayParts, releaseId: string) {
  const [found, run] = await Promise.all([records.attempts.find(releaseId), engine.look(releaseId)]);
  const lost = found && run && !run.open && found.outcome === undefined;
  if (lost) await concludeLost(records, releaseId, now());
  const attempt = lost ? await records.attempts.find(releaseId) : found;
  if (!attempt && (!run || !laneOfRun(releaseId)))
    throw new Refused(404, 'not-found', `there is no release ${releaseId}`);
  return { attempt, run, open: run?.open ?? false, outcome: attempt?.outcome };
}

/** A run as people see it: as far as it is, or as it ended. */
export async function view(parts: GatewayParts, releaseId: string): Promise<ReleaseView> {
  const { attempt, run, open } = await seen(parts, releaseId);
  const status = run ? await parts.engine.status(releaseId) : undefined;
  const version = open && !status ? await parts.engine.versionOf(releaseId) : undefined;
  const kept = open ? undefined : await resultOf(parts.records.plans, releaseId);
  const row = attempt ? rowOf(attempt) : await rollbackRow(parts, releaseId, kept);
  const temporalUrl = uiUrl(parts, releaseId);
  return {
    ...row,
    open,
    ...(status && { status }),
    why: explain({ open, ...row, ...(status && { status }), ...(version && { version }), pending: run?.pending ?? [] }),
    ...(temporalUrl && { temporalUrl }),
  };
}

export function rowOf(attempt: Attempt): ReleaseRow {
  const { releaseId, request, startedAt, endedAt, outcome, summary } = attempt;
  const { service, environment, commit, branch, requestedBy } = request;
  return {
    releaseId,
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

/** A rollback run is not an attempt of a commit: its row comes from the order that it carries out. */
async function rollbackRow(
  { records }: GatewayParts,
  rollbackRun: string,
  kept: ReleaseResult | undefined,
): Promise<ReleaseRow> {
  const order = await orderOfRun(records, rollbackRun);
  const attempt = order && (await records.attempts.find(order.releaseId));
  if (!attempt) throw new Refused(404, 'not-found', `there is no release ${rollbackRun}`);
  const { endedAt: _ended, outcome: _outcome, summary: _summary, ...row } = rowOf(attempt);
  const { outcome, summary } = kept ?? {};
  return {
    ...row,
    releaseId: rollbackRun,
    requestedBy: order.by,
    startedAt: order.at,
    ...(outcome && { outcome }),
    ...(summary && { summary }),
  };
}

export function started(parts: GatewayParts, releaseId: string, created: boolean): StartedRelease {
  const temporalUrl = uiUrl(parts, releaseId);
  return { releaseId, created, ...(temporalUrl && { temporalUrl }) };
}

function uiUrl({ temporal: { uiUrl: base, namespace } }: GatewayParts, workflowId: string): string | undefined {
  return base && `${base}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}
