import type { DecisionKind } from '../../../domain/contract/decisions.ts';

/** What follows where nobody decides until the time is over, and what that means. */
export function ifNobodyDecides(decisions: readonly DecisionKind[]): { what: string; means: string } | undefined {
  if (decisions.includes('approve')) return { what: 'it expires', means: 'and nothing is changed' };
  if (isLookedAtAgain(decisions))
    return { what: 'it is looked at again until then', means: 'and counts as failed where that has not helped' };
  if (decisions.includes('accept-failure'))
    return { what: 'it stays as it is', means: 'and ends halted: nothing more is changed, and the lane goes on hold' };
  return undefined;
}

/** Whether a run that is held goes on to try, or to look, by itself: then somebody may order that at once, too. */
export function isLookedAtAgain(decisions: readonly DecisionKind[]): boolean {
  return decisions.includes('retry');
}
