import type { z } from 'zod';
import { verifiedRequest } from '../../activities/steps/verified-request.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import type { DecisionTaken, RollbackPreview, StartedRelease } from '../../domain/contract/gateway.ts';
import { rollbackId } from '../../domain/contract/names.ts';
import type { Identity } from '../../domain/contract/release.ts';
import { unknownInWords } from '../../domain/not-begun.ts';
import { begun } from './begun.ts';
import { usualAnswerMs } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { tellAnswer } from './decision-answers.ts';
import { planInForce, refuseUnlessAllowed, requireSame, storeDecision, whyRefused } from './decisions.ts';
import { delivered } from './delivered.ts';
import { Refused } from './errors.ts';
import { oneAfterAnother } from './one-after-another.ts';
import { seen, started } from './release-view.ts';
import { noRelease } from './rights.ts';
import { previewRollback } from './rollback-preview.ts';
import type * as schemas from './schemas.ts';
import { requireUndoable } from './undoable.ts';

/** What people say, checked by the schemas of the gateway, whatever door it comes by. */
type Said<Schema extends z.ZodType> = z.infer<Schema>;

/** The one way in which anybody decides: every door goes it, so that no rule is there twice. */
export interface Deciding {
  /** What somebody decides about an open run. Throws Refused as the HTTP API answers. */
  decide(releaseId: string, by: Identity, said: Said<typeof schemas.decide>): Promise<DecisionTaken>;
  /** Orders the rollback of a release that has ended. */
  rollBack(by: Identity, said: Said<typeof schemas.startRollback>): Promise<StartedRelease>;
  /** What such an order would do, and whether this person may give it. */
  preview(by: Identity, said: Said<typeof schemas.previewQuery>): Promise<RollbackPreview>;
}

/** For all doors together: of one person one decision about a run is stored after another. */
export function decidingBy(parts: GatewayParts): Deciding {
  const inOrder = oneAfterAnother(parts.limits?.answerMs ?? usualAnswerMs);
  const stored = (decision: Decision, inForce: string | undefined) =>
    inOrder(`${decision.releaseId} ${decision.by.id}`, () => storeDecision(parts, decision, inForce));
  return {
    decide: (releaseId, by, said) => decideBy(parts, stored, { releaseId, by, said }),
    rollBack: (by, said) => rollBackBy(parts, stored, { by, said }),
    async preview(by, { release: releaseId, region }) {
      const preview = await previewRollback(parts, { releaseId, regions: region });
      const inForce = await planInForce(parts, releaseId);
      const order = { kind: 'roll-back', releaseId, planHash: inForce ?? '', by } as const;
      const refused = await whyRefused(parts, order, inForce);
      return { ...preview, ...(refused !== undefined && { refused }) };
    },
  };
}

type Stored = (decision: Decision, inForce: string | undefined) => ReturnType<typeof storeDecision>;

async function decideBy(
  parts: GatewayParts,
  stored: Stored,
  { releaseId, by, said }: { releaseId: string; by: Identity; said: Said<typeof schemas.decide> },
): Promise<DecisionTaken> {
  const { decisionId: id, planHash, ...body } = said;
  await requireOpen(parts, releaseId);
  if (body.kind === 'approve' && planHash === undefined)
    throw new Refused(400, 'bad-request', 'planHash is needed: an approval is of one plan');
  const inForce = await planInForce(parts, releaseId);
  const isOfPlan = body.kind === 'approve' || body.kind === 'reject';
  const about = (isOfPlan ? planHash : undefined) ?? inForce ?? '';
  const decision: Decision = { id, ...body, releaseId, planHash: about, by, decidedAt: parts.now() };
  const signed = await stored(decision, inForce);
  const told = await tellAnswer(parts, signed.decision, await delivered(parts, signed));
  const message = [told.message, ...ofAnotherPlan(signed.decision, inForce)].join('; ');
  return { ...told, decisionId: id, accepted: true, message };
}

async function requireOpen(parts: GatewayParts, releaseId: string): Promise<void> {
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
}

async function rollBackBy(
  parts: GatewayParts,
  stored: Stored,
  { by, said }: { by: Identity; said: Said<typeof schemas.startRollback> },
): Promise<StartedRelease> {
  const { engine, records } = parts;
  const { releaseId, decisionId: id, regions, ...body } = said;
  const attempt = await records.attempts.find(releaseId);
  if (!attempt) throw noRelease(releaseId);
  const asked = verifiedRequest(attempt, parts.verifier);
  const { service, environment } = asked;
  const lane = { service, environment };
  const decidedAt = parts.now();
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
  return started(parts, run, true);
}

/** Said to whoever was shown another plan: what they meant by their no is as it is. */
function ofAnotherPlan({ kind, planHash }: Decision, inForce: string | undefined): string[] {
  if (kind !== 'reject' || planHash === (inForce ?? '')) return [];
  return ['it was made for another plan than the one in force, and counts: a no to one plan is a no to the release'];
}
