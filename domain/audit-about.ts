import type { ChainedEntry } from './audit-chain.ts';
import type { Decision } from './contract/decisions.ts';
import { visible } from './visible.ts';
import { head } from './whole-text.ts';

const longestName = 300;

/** As whom the steps of a run write their rows of the audit. */
export function auditedAs(workflowId: string): string {
  return visible(head(workflowId, longestName));
}

/** The key of the row that says that this was decided. */
export function keyOfDecision({ id }: Pick<Decision, 'id'>): string {
  return `decision/${id}`;
}

/** The last row that a run writes of itself. */
export const endRecorded = 'recordEnd done';

/** By what the rows about a run are known: its steps' own, and those of what was decided about it. */
export interface AuditedRun {
  who: string;
  keys: readonly string[];
}

/** What was ordered after its end has a run of its own, and rows that may lie years behind. */
export function auditedRun(workflowId: string, decisions: readonly Decision[]): AuditedRun {
  return { who: auditedAs(workflowId), keys: decisions.filter(({ run }) => run === undefined).map(keyOfDecision) };
}

export function isAbout({ who, keys }: AuditedRun, row: Pick<ChainedEntry, 'who' | 'key'>): boolean {
  return row.who === who || keys.includes(row.key);
}
