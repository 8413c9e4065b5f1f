import type { DecisionKind } from '../../../domain/contract/decisions.ts';

/** What follows where nobody decides until the time is over, and what that means. */
export function ifNobodyDecides(decisions: readonly DecisionKind[]): { what: string; means: string } | undefined {
  if (decisions.includes('approve')) return { what: 'it expires', means: 'and nothing is changed' };
  if (decisions.includes('accept-failure'))
    return { what: 'it stays as it is', means: 'and ends halted: nothing more is changed, and the lane goes on hold' };
  return undefined;
}
