import { authorsOf } from '../../activities/steps/authors.ts';
import { askerOf, orderOfRun } from '../../activities/steps/order-of-run.ts';
import { planHashOf } from '../../activities/steps/recorded-result.ts';
import { verifiedRequest } from '../../activities/steps/verified-request.ts';
import { voidBy } from '../../activities/steps/void-decision.ts';
import { waitedMs } from '../../activities/steps/waited.ts';
import { refuseDecider } from '../../domain/approval.ts';
import type { Decision, SignedDecision } from '../../domain/contract/decisions.ts';
import { laneOfRun } from '../../domain/contract/names.ts';
import { decidersBy } from '../../domain/deciders.ts';
import { ofDecision } from '../../domain/weight.ts';
import { head } from '../../domain/whole-text.ts';
import type { GatewayParts } from './calls.ts';
import { refuseTooMany } from './decision-bounds.ts';
import { Refused } from './errors.ts';
import { requireRead } from './what-readers-take.ts';

/** Of the release that this run is about, by the records: not what the run says of itself. Undefined before there is one. */
export async function planInForce(parts: GatewayParts, runId: string): Promise<string | undefined> {
  const order = await orderOfRun(parts, runId);
  return planHashOf(parts.records.plans, order?.releaseId ?? runId);
}

/**
 * Stored and signed before anybody hears of it, if this person may decide it. The run asks the same again, and each step does of a yes, by the
 * policy on their own disk; a no that is signed is one for every step, so that nothing may be signed that was not judged here. A repeat with the same id gets the decision that is stored. Throws 403, and 409 for an id that was used otherwise, for one
 * that is void, and for the approval of another plan than the one in force.
 */
export async function storeDecision(
  parts: GatewayParts,
  decision: Decision,
  inForce: string | undefined,
): Promise<SignedDecision> {
  const { records, signer } = parts;
  await refuseUnlessAllowed(parts, decision, inForce);
  const store = async (made: SignedDecision) => {
    await records.decisions.store(made);
    parts.measures?.stored(decision.kind);
    return made;
  };
  const before = await records.decisions.find(decision.id);
  if (!before) {
    refuseOtherPlan(decision, inForce);
    await refuseTooMany(parts, decision);
  }
  const signed =
    before ??
    (await store(requireRead(signer.sign(decision), ofDecision)).catch(async (error: unknown) => {
      // Sent twice at once: the other one was stored first, a moment earlier, and is the decision.
      const other = await records.decisions.find(decision.id);
      if (!other) throw error;
      return other;
    }));
  requireSame(signed.decision, decision);
  if (before) await refuseVoid(parts, decision);
  await audit(parts, `decision/${decision.id}`, `decision ${decision.kind}`, signed.decision);
  return signed;
}

/** Throws 409 when the id stands for another decision: by somebody else, of another kind, or about something else. */
export function requireSame(stored: Decision, sent: Decision): void {
  const { kind, by, releaseId, planHash, regions, run } = stored;
  // The other kinds carry the plan in force, which may have moved between the first time and its repetition; a no is one to every plan.
  const isOfPlan = kind === 'approve';
  const same =
    kind === sent.kind &&
    by.id === sent.by.id &&
    releaseId === sent.releaseId &&
    run === sent.run &&
    [...(regions ?? [])].sort().join() === [...(sent.regions ?? [])].sort().join() &&
    (!isOfPlan || planHash === sent.planHash);
  if (!same) throw new Refused(409, 'conflict', `the decision id ${sent.id} was used for another decision`);
}

/** What the run did not take is void for good: no step hears of it, whatever the run says when it is sent again. */
async function refuseVoid({ records }: GatewayParts, { id, releaseId }: Decision): Promise<void> {
  const refused = await voidBy(records.decisions, { id, releaseId });
  if (refused !== undefined) throw new Refused(409, 'conflict', refused, 'Decide again: that is another decision.');
}

/** Nothing would come of it but a signature on a plan that nobody is asked about. A no is never refused for that. */
function refuseOtherPlan({ kind, planHash, releaseId }: Decision, inForce: string | undefined): void {
  if (kind !== 'approve' || planHash === inForce) return;
  const now = inForce === undefined ? 'has no plan yet' : `now has plan ${inForce}`;
  const next = `Look at what would change now: slipway plan ${releaseId}`;
  throw new Refused(409, 'conflict', `${releaseId} ${now}, and not ${planHash}: nothing was stored`, next);
}

/** Throws 403 where this person may not decide that, which is on record then, with the reason. */
export async function refuseUnlessAllowed(
  parts: GatewayParts,
  decision: Decision,
  inForce: string | undefined,
): Promise<void> {
  const refused = await whyRefused(parts, decision, inForce);
  if (refused === undefined) return;
  const code = 'forbidden';
  const key = `refused/${decision.id}/${decision.by.id}`;
  await audit(parts, key, `decision ${decision.kind} refused`, decision, { code, refused: head(refused, mostRefused) });
  throw new Refused(403, code, refused);
}

/** Groups are as many as a policy has. */
const mostRefused = 500;

/** Why this person may not decide that; undefined when they may. */
export async function whyRefused(
  parts: GatewayParts,
  decision: Pick<Decision, 'kind' | 'releaseId' | 'planHash' | 'by'>,
  inForce: string | undefined,
): Promise<string | undefined> {
  const refuse = await judgeOf(parts, decision.releaseId, inForce);
  return refuse(decision);
}

export type Refuse = (decision: Pick<Decision, 'kind' | 'releaseId' | 'planHash' | 'by'>) => string | undefined;

/** By what is on record of a run, and by the policy, as they are now: why somebody may not decide something about it. Throws 404 of one that is not there. */
export async function judgeOf(parts: GatewayParts, runId: string, inForce: string | undefined): Promise<Refuse> {
  const { records, pipeline } = parts;
  const order = await orderOfRun(parts, runId);
  const attempt = await records.attempts.find(order?.releaseId ?? runId);
  if (!attempt) throw new Refused(404, 'not-found', `there is no release ${runId}`);
  const request = verifiedRequest(attempt, parts.verifier);
  const requestedBy = askerOf(order, request);
  const floor = await pipeline.floorOf(request.environment);
  const plan = inForce === undefined ? undefined : await records.plans.find(inForce);
  const authors = await authorsOf(records.plans, attempt.releaseId);
  const deciders = decidersBy(floor, request.service, plan);
  const asked = inForce !== undefined && {
    releaseId: attempt.releaseId,
    planHash: inForce,
    policies: deciders.policies,
  };
  const waited = asked ? await waitedMs(records, asked) : undefined;
  return (decision) => refuseDecider({ decision, requestedBy, authors, waitedMs: waited, ...deciders });
}

async function audit(
  { records, now }: GatewayParts,
  key: string,
  what: string,
  { releaseId, planHash, channel, reason, by }: Decision,
  why: { code: string; refused: string } | undefined = undefined,
): Promise<void> {
  const lane = laneOfRun(releaseId);
  await records.audit.append({
    lane: `${lane?.service ?? ''}/${lane?.environment ?? ''}`,
    key,
    at: now(),
    what,
    who: by.id,
    facts: { releaseId, planHash, channel, reason, ...why },
  });
}
