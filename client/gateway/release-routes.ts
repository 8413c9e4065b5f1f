import type { FastifyInstance } from 'fastify';
import type { Attempt } from '../../activities/records/port.ts';
import { concludeLost } from '../../activities/steps/lost-runs.ts';
import type { Decision, SignedDecision } from '../../domain/contract/decisions.ts';
import type { ReleaseRow, ReleaseView, StartedRelease } from '../../domain/contract/gateway.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import type { Identity } from '../../domain/contract/release.ts';
import { explain } from '../../domain/why.ts';
import { accepted, identified } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import * as schemas from './schemas.ts';

export function releaseRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { engine, records } = parts;

  server.post('/v1/releases', async (request, reply): Promise<StartedRelease> => {
    const who = await identified(parts, request);
    const {
      requestKey,
      newAttempt = false,
      images = {},
      downgrade = false,
      ...wanted
    } = accepted(schemas.startRelease, request.body);
    const { service, branch, commit, environment } = wanted;
    // Everything that can be refused is refused here: bad input starts nothing.
    const { spec, repository } = await parts.pipeline.read({
      service,
      branch,
      commit,
      ...(environment && { environment }),
    });
    for (const component of Object.keys(images)) {
      if (!spec.components.some((c) => c.name === component)) {
        throw new Refused(
          400,
          'bad-request',
          `images.${component}: ${spec.environment} has no such component; it has ${spec.components.map((c) => c.name).join(', ')}`,
        );
      }
    }
    const { attempt, created } = await records.attempts.open(
      {
        service,
        environment: spec.environment,
        repository,
        branch,
        commit,
        requestedBy: who,
        requestedAt: parts.now(),
        images,
        downgrade,
      },
      { requestKey, fresh: newAttempt },
    );
    // A recorded attempt without a run is one whose start was interrupted: starting is repeated until it has happened.
    if (attempt.outcome === undefined) await engine.startRelease(attempt.request);
    void reply.status(created ? 201 : 200);
    return started(parts, attempt.releaseId, created);
  });

  server.get('/v1/releases', async (request) => {
    await identified(parts, request);
    const { service, environment, limit } = accepted(schemas.listQuery, request.query);
    const attempts = await records.attempts.list({
      limit,
      ...(service && { service }),
      ...(environment && { environment }),
    });
    return { releases: attempts.map(rowOf) };
  });

  server.get<{ Params: { id: string } }>('/v1/releases/:id', async (request): Promise<ReleaseView> => {
    await identified(parts, request);
    return view(parts, request.params.id);
  });

  server.post<{ Params: { id: string } }>('/v1/releases/:id/decisions', async (request) => {
    const who = await identified(parts, request);
    const { decisionId: id, planHash, ...body } = accepted(schemas.decide, request.body);
    const releaseId = request.params.id;
    const known = await seen(parts, releaseId);
    if (!known.open)
      throw new Refused(409, 'conflict', `${releaseId} has ended${known.outcome ? `: ${known.outcome}` : ''}`);
    if (body.kind === 'approve' && planHash === undefined)
      throw new Refused(400, 'bad-request', 'planHash is needed: an approval is of one plan');
    const inForce = planHash ?? (await engine.status(releaseId))?.planHash ?? '';
    const signed = await storeDecision(parts, {
      id,
      ...body,
      releaseId,
      planHash: inForce,
      by: who,
      decidedAt: parts.now(),
    });
    const answer = await engine.decide(releaseId, signed);
    if (answer.kind === 'refused') throw new Refused(409, 'conflict', answer.reason);
    return {
      decisionId: id,
      accepted: true,
      message: answer.kind === 'taken' ? answer.message : 'stored; it takes effect when a worker is back',
    };
  });

  server.post('/v1/rollbacks', async (request, reply): Promise<StartedRelease> => {
    const who = await identified(parts, request);
    const { releaseId, decisionId: id, regions, ...body } = accepted(schemas.startRollback, request.body);
    const attempt = await records.attempts.find(releaseId);
    if (!attempt) throw new Refused(404, 'not-found', `there is no release ${releaseId}`);
    if (attempt.outcome !== 'verified') {
      throw new Refused(
        409,
        'conflict',
        `${releaseId} ${attempt.outcome ? `ended ${attempt.outcome}` : 'has not ended'}: only a verified release can be rolled back afterwards`,
      );
    }
    const lane = { service: attempt.request.service, environment: attempt.request.environment };
    await mayOrder(parts, who, lane.environment);
    const current = (await records.inventory.current(lane)).filter((row) => !regions || regions.includes(row.region));
    const unknown = regions?.filter((region) => !current.some((row) => row.region === region)) ?? [];
    if (unknown.length > 0) {
      throw new Refused(
        400,
        'bad-request',
        `nothing is verified in ${unknown.join(', ')}: there is nothing to roll back`,
      );
    }
    const newer = current.find((row) => row.releaseId !== releaseId);
    if (newer)
      throw new Refused(
        409,
        'conflict',
        `${newer.region} runs ${newer.releaseId} by now: only what runs can be rolled back`,
      );
    const kept = (await records.plans.kept(releaseId, 'result')) as { planHash?: string } | undefined;
    const decision = await storeDecision(parts, {
      id,
      kind: 'roll-back',
      ...body,
      releaseId,
      planHash: kept?.planHash ?? '',
      by: who,
      decidedAt: parts.now(),
    });
    const { releaseId: run } = await engine.startRollback({
      lane,
      releaseId,
      decision,
      request: attempt.request,
      ...(regions && { regions }),
    });
    void reply.status(201);
    return started(parts, run, true);
  });

  server.get<{ Params: { hash: string } }>('/v1/plans/:hash', async (request) => {
    await identified(parts, request);
    const plan = await records.plans.find(request.params.hash);
    if (!plan) throw new Refused(404, 'not-found', 'there is no such plan');
    return plan;
  });
}

/** Who may order things for an environment whose approval is restricted. Throws 403. */
export async function mayOrder({ pipeline }: GatewayParts, who: Identity, environment: string): Promise<void> {
  const { approval } = await pipeline.floorOf(environment);
  if (approval.required && !who.groups.some((group) => approval.groups.includes(group))) {
    throw new Refused(403, 'forbidden', `${who.id} is in none of the groups ${approval.groups.join(', ')}`);
  }
}

/** Stored and signed before anybody hears of it. A repeat with the same id gets the decision that is stored. */
async function storeDecision({ records, signer, now }: GatewayParts, decision: Decision): Promise<SignedDecision> {
  const find = async () =>
    (await records.decisions.list(decision.releaseId)).find((s) => s.decision.id === decision.id);
  const store = async (made: SignedDecision) => {
    await records.decisions.store(made);
    return made;
  };
  const signed =
    (await find()) ??
    (await store(signer.sign(decision)).catch(async (error: unknown) => {
      // Sent twice at once: the other one was stored first, a moment earlier, and is the decision.
      const other = await find();
      if (!other) throw error;
      return other;
    }));
  const { kind, by, planHash } = signed.decision;
  // The other kinds carry the plan in force, which may have moved between the first time and its repetition.
  const isOfPlan = kind === 'approve' || kind === 'reject';
  if (kind !== decision.kind || by.id !== decision.by.id || (isOfPlan && planHash !== decision.planHash)) {
    throw new Refused(409, 'conflict', `the decision id ${decision.id} was used for another decision`);
  }
  const lane = laneOfRun(decision.releaseId);
  await records.audit.append({
    lane: `${lane?.service ?? ''}/${lane?.environment ?? ''}`,
    key: `decision/${decision.id}`,
    at: now(),
    what: `decision ${decision.kind}`,
    who: decision.by.id,
    facts: {
      releaseId: decision.releaseId,
      planHash: decision.planHash,
      channel: decision.channel,
      reason: decision.reason,
    },
  });
  return signed;
}

async function seen({ engine, records, now }: GatewayParts, releaseId: string) {
  const [found, run] = await Promise.all([records.attempts.find(releaseId), engine.look(releaseId)]);
  const lost = found && run && !run.open && found.outcome === undefined;
  if (lost) await concludeLost(records, releaseId, now());
  const attempt = lost ? await records.attempts.find(releaseId) : found;
  if (!attempt && (!run || !laneOfRun(releaseId)))
    throw new Refused(404, 'not-found', `there is no release ${releaseId}`);
  return { attempt, run, open: run?.open ?? false, outcome: attempt?.outcome };
}

async function view(parts: GatewayParts, releaseId: string): Promise<ReleaseView> {
  const { attempt, run, open } = await seen(parts, releaseId);
  const status = run ? await parts.engine.status(releaseId) : undefined;
  const kept = open
    ? undefined
    : ((await parts.records.plans.kept(releaseId, 'result')) as { outcome?: string; summary?: string } | undefined);
  const row = attempt ? rowOf(attempt) : await rollbackRow(parts, releaseId, kept);
  const temporalUrl = uiUrl(parts, releaseId);
  return {
    ...row,
    open,
    ...(status && { status }),
    why: explain({ open, ...row, ...(status && { status }), pending: run?.pending ?? [] }),
    ...(temporalUrl && { temporalUrl }),
  };
}

function rowOf(attempt: Attempt): ReleaseRow {
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

/** A rollback run is not an attempt of a commit: its row comes from the decision that ordered it. */
async function rollbackRow(
  { records }: GatewayParts,
  rollbackRun: string,
  kept: { outcome?: string; summary?: string } | undefined,
): Promise<ReleaseRow> {
  const lane = laneOfRun(rollbackRun);
  const attempts = lane ? await records.attempts.list({ ...lane, limit: 200 }) : [];
  for (const attempt of attempts) {
    const decisions = await records.decisions.list(attempt.releaseId);
    const order = decisions.find(
      ({ decision }) => decision.kind === 'roll-back' && rollbackRun.endsWith(`/${decision.id}`),
    );
    if (!order) continue;
    const { outcome, summary } = kept ?? {};
    const { endedAt: _ended, outcome: _outcome, summary: _summary, ...row } = rowOf(attempt);
    return {
      ...row,
      releaseId: rollbackRun,
      requestedBy: order.decision.by.id,
      startedAt: order.decision.decidedAt,
      ...(outcome && { outcome }),
      ...(summary && { summary }),
    };
  }
  throw new Refused(404, 'not-found', `there is no release ${rollbackRun}`);
}

function started(parts: GatewayParts, releaseId: string, created: boolean): StartedRelease {
  const temporalUrl = uiUrl(parts, releaseId);
  return { releaseId, created, ...(temporalUrl && { temporalUrl }) };
}

function uiUrl({ temporal: { uiUrl: base, namespace } }: GatewayParts, workflowId: string): string | undefined {
  return base && `${base}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}
