import { canonicalJson } from '../../../domain/canonical.ts';
import type { PlanView, VerifiedBeside } from '../../../domain/contract/gateway.ts';
import { ask, part, Refusal } from './ask.ts';
import { sha256 } from './hashes.ts';

/** What is signed is what is shown: its hash was made anew on this page. Throws Refusal for a plan that is not what its hash says. */
export async function checkedPlan(hash: string): Promise<PlanView> {
  const plan = await ask<PlanView>(`/v1/plans/${part(hash)}`);
  await requireHash(plan, hash);
  return plan;
}

/** The same of what a plan is compared with: nothing can be made to look as if it had been there before. */
export async function checkedBeside(hash: string, release: string): Promise<VerifiedBeside> {
  const beside = await ask<VerifiedBeside>(`/v1/plans/${part(hash)}/verified?release=${part(release)}`);
  const { verified } = beside;
  if (verified?.plan) await requireHash(verified.plan, verified.planHash);
  return beside;
}

async function requireHash(plan: PlanView, hash: string): Promise<void> {
  if ((await sha256(canonicalJson(plan))) === hash) return;
  throw new Refusal(409, {
    code: 'conflict',
    message: `what the gateway shows for plan ${hash} is another one: its sha256 is not that`,
    next: 'Approve nothing, and ask who runs this installation.',
  });
}
