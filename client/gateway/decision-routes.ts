import type { FastifyInstance } from 'fastify';
import { verifiedRequest } from '../../activities/steps/verified-request.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import type { DecisionTaken, RollbackPreview, StartedRelease } from '../../domain/contract/gateway.ts';
import { rollbackId } from '../../domain/contract/names.ts';
import { unknownInWords } from '../../domain/not-begun.ts';
import { begun } from './begun.ts';
import { accepted, usualAnswerMs } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { tellAnswer } from './decision-answers.ts';
import { planInForce, refuseUnlessAllowed, requireSame, storeDecision, whyRefused } from './decisions.ts';
import { delivered } from './delivered.ts';
import { Refused } from './errors.ts';
import { oneAfterAnother } from './one-after-another.ts';
import { seen, started } from './release-view.ts';
import { askingOfRun, noRelease } from './rights.ts';
import { previewRollback } from './rollback-preview.ts';
import * as schemas from './schemas.ts';
import { requireUndoable } from './undoable.ts';

/** What people decide about a run, and the order to roll back one that has ended. */
export function decisionRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { engine, records, now } = parts;
  const inOrder = oneAfterAnother(parts.limits?.answerMs ?? usualAnswerMs);
  const stored = (decision: Decision, inForce: string | undefined) =>
    inOrder(`${decision.releaseId} ${decision.by.id}`, () => storeDecision(parts, decision, inForce));

  server.post<{ Params: { id: string } }>('/v1/releases/:id/decisions', async (request, reply) => {
    const releaseId = request.params.id;
    const by = await askingOfRun(parts, request, 'decide', releaseId);
    const { decisionId: id, planHash, ...body } = accepted(schemas.decide, request.body);
    const known = await seen(parts, releaseId);
    if (known.unknown)
      throw new Refused(
        409,
        'conflict',
        `nothing can be decided about ${releaseId}: ${unknownInWords(known.unknown)}`,
        `What moves it: slipway status ${releaseId} --why`,
      );
    if (!known.open)
      throw new Refused(409, 'conflict', `${releaseId} has ended${known.outcome ? `: ${known.outcome}` : ''}`);
    if (body.kind === 'approve' && planHash === undefined)
      throw new Refused(400, 'bad-request', 'planHash is needed: an approval is of one plan');
    const inForce = await planInForce(parts, releaseId);
    const isOfPlan = body.kind === 'approve' || body.kind === 'reject';
    const about = (isOfPlan ? planHash : undefined) ?? inForce ?? '';
    const decision: Decision = { id, ...body, releaseId, planHash: about, by, decidedAt: now() };
    const signed = await stored(decision, inForce);
    const told = takenAs(await tellAnswer(parts, signed.decision, await delivered(parts, signed)));
    if (told.answer === 'counts') void reply.status(202);
    const message = [told.message, ...ofAnotherPlan(signed.decision, inForce)].join('; ');
    return { ...told, decisionId: id, accepted: true, message } satisfies DecisionTaken;
  });

  server.get('/v1/rollbacks/preview', async (request): Promise<RollbackPreview> => {
    const { release: releaseId, region } = accepted(schemas.previewQuery, request.query);
    const by = await askingOfRun(parts, request, 'look', releaseId);
    const preview = await previewRollback(parts, { releaseId, regions: region });
    const inForce = await planInForce(parts, releaseId);
    const order = { kind: 'roll-back', releaseId, planHash: inForce ?? '', by } as const;
    const refused = await whyRefused(parts, order, inForce);
    return { ...preview, ...(refused !== undefined && { refused }) };
  });

  server.post('/v1/rollbacks', async (request, reply): Promise<StartedRelease> => {
    const { releaseId, decisionId: id, regions, ...body } = accepted(schemas.startRollback, request.body);
    const by = await askingOfRun(parts, request, 'decide', releaseId);
    const attempt = await records.attempts.find(releaseId);
    if (!attempt) throw noRelease(releaseId);
    const asked = verifiedRequest(attempt, parts.verifier);
    const { service, environment } = asked;
    const lane = { service, environment };
    const decidedAt = now();
    const inForce = await planInForce(parts, releaseId);
    const { approval } = await parts.pipeline.floorOf(environment);
    const order: Decision = {
      id,
      kind: 'roll-back',
      ...body,
      releaseId,
      planHash: inForce ?? '',
      by,
      decidedAt,
      ...(regions && { regions }),
      run: rollbackId(lane, id),
      expiresAt: decidedAt + approval.expiresMs,
    };
    const ordered = await records.decisions.find(id);
    // The order may have been carried out since it was first sent: then nothing is as it was, and its run is the answer.
    if (ordered) requireSame(ordered.decision, order);
    else {
      // First: whoever may not order it is told so without a look at all that is on record of the lane.
      await refuseUnlessAllowed(parts, order, inForce);
      await requireUndoable(parts, { lane, attempt, regions });
    }
    const decision = ordered ?? (await stored(order, inForce));
    const { releaseId: run } = await begun(parts, { what: 'the order', run: rollbackId(lane, id) }, () =>
      engine.startRollback({ lane, releaseId, decision, request: asked }),
    );
    void reply.status(201);
    return started(parts, run, true);
  });
}

type Told = Pick<DecisionTaken, 'answer' | 'message'>;

const takenAs = (told: string | Told): Told => (typeof told === 'string' ? { message: told } : told);

/** Said to whoever was shown another plan: what they meant by their no is as it is. */
function ofAnotherPlan({ kind, planHash }: Decision, inForce: string | undefined): string[] {
  if (kind !== 'reject' || planHash === (inForce ?? '')) return [];
  return ['it was made for another plan than the one in force, and counts: a no to one plan is a no to the release'];
}
