import { chainOf } from './audit-chain.ts';
import type { ChainedEntry } from './audit-chain.ts';
import type { Decision } from './contract/decisions.ts';
import { visible } from './visible.ts';
import { head } from './whole-text.ts';

const longestName = 300;

/** As whom the steps of a run write their rows of the audit. */
export function auditedAs(workflowId: string): string {
  return visible(head(workflowId, longestName));
}

const decisionKey = 'decision/';

/** The key of the row that says that this was decided. */
export function keyOfDecision({ id }: Pick<Decision, 'id'>): string {
  return `${decisionKey}${id}`;
}

/** The last row that a run writes of itself. */
export const endRecorded = 'recordEnd done';

/** By what the rows about a run are known: its steps' own, and those of what was decided about it. */
export interface AuditedRun {
  id: string;
  who: string;
}

export function auditedRun(workflowId: string): AuditedRun {
  return { id: workflowId, who: auditedAs(workflowId) };
}

export function isAbout(run: AuditedRun, row: ChainedEntry): boolean {
  return row.who === run.who || decisionIn(row)?.releaseId === run.id;
}

/** What a row says that somebody has decided; undefined for every other, and for what was refused before it was one. */
export function decisionIn({ key, what, who, facts }: ChainedEntry): DecisionInRow | undefined {
  const [, kind] = /^decision ([a-z-]+)$/.exec(what) ?? [];
  const { releaseId, planHash } = facts;
  if (kind === undefined || !key.startsWith(decisionKey) || typeof releaseId !== 'string') return undefined;
  return { id: key.slice(decisionKey.length), kind, by: who, releaseId, planHash };
}

interface DecisionInRow {
  id: string;
  kind: string;
  by: string;
  releaseId: string;
  planHash: unknown;
}

/** Whether people's decisions are written there: by the gateway, or by all who write where they have one login. */
export function isOfPeople(lane: string, chain: string): boolean {
  return chain === lane || chain === chainOf(lane, 'gateway');
}
