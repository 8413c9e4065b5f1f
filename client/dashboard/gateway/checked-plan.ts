import { canonicalJson } from '../../../domain/canonical.ts';
import type { PlanView } from '../../../domain/contract/gateway.ts';
import { ask, part, Refusal } from './ask.ts';

/** `isChecked`: its hash was made anew on this page, and is the one that it was asked by. Not where the page came in the open. */
export interface CheckedPlan {
  plan: PlanView;
  isChecked: boolean;
}

/** What is signed is what is shown: throws Refusal for a plan that is not what its hash says. */
export async function checkedPlan(hash: string): Promise<CheckedPlan> {
  const plan = await ask<PlanView>(`/v1/plans/${part(hash)}`);
  // Browsers compute nothing for pages that anybody on the way could have changed.
  if (!window.isSecureContext) return { plan, isChecked: false };
  const made = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(plan)));
  if (hexOf(made) !== hash) throw new Refusal(409, otherPlan(hash));
  return { plan, isChecked: true };
}

const otherPlan = (hash: string) => ({
  code: 'conflict',
  message: `what the gateway shows for plan ${hash} is another one: its sha256 is not that`,
  next: 'Approve nothing, and ask who runs this installation.',
});

function hexOf(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
