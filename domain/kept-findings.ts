import type { ExcusedFinding, ScanFinding, ScanJudgement } from './scan.ts';
import { head } from './whole-text.ts';

/** Of what a gate has found: what people are shown, and no more. */
export interface KeptFindings {
  findings: ShownFinding[];
  counted: number;
  excused: (ShownFinding & { by: { reason: string; expires: string } })[];
}

type ShownFinding = Pick<ScanFinding, 'id' | 'severity' | 'where' | 'fixedIn'>;

/** Findings of a kind, and characters of each of their texts. */
export const mostOfFindings = { shown: 50, id: 300, where: 500, fixedIn: 200, reason: 500, expires: 20 } as const;

/**
 * Cut as it is shown: a scanner that names one thing by a thousand names, or a file by a path without end, must not make of a verdict a document
 * that the records refuse.
 */
export function keptFindings({ findings, counted, excused }: Omit<ScanJudgement, 'verdict' | 'summary'>): KeptFindings {
  const { shown } = mostOfFindings;
  return {
    findings: findings.slice(0, shown).map(shownOf),
    counted,
    excused: excused.slice(0, shown).map((one) => ({ ...shownOf(one), by: exceptionOf(one) })),
  };
}

function shownOf({ id, severity, where, fixedIn }: ScanFinding): ShownFinding {
  const most = mostOfFindings;
  const texts = { id: head(id, most.id), severity, where: head(where, most.where) };
  return { ...texts, ...(fixedIn !== undefined && { fixedIn: head(fixedIn, most.fixedIn) }) };
}

function exceptionOf({ by: { reason, expires } }: ExcusedFinding): { reason: string; expires: string } {
  return { reason: head(reason, mostOfFindings.reason), expires: head(expires, mostOfFindings.expires) };
}
