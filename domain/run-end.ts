import { orderOfRollback } from './contract/names.ts';
import type { NoticeEvent, NoticeLevel } from './contract/notices.ts';
import { meaningOf, outcomes } from './outcomes.ts';
import type { Outcome } from './outcomes.ts';

/** Whether a run has done what it was there for: of a release that it is well everywhere, of one that was ordered to put something back that it is back. */
export function endedWell(runId: string, outcome: string | undefined): boolean {
  const { level, back } = meaningOf(outcome);
  return orderOfRollback(runId) === undefined ? level === 'info' : back;
}

/** As what people are told of it. */
export function noticeOfEnd(runId: string, outcome: string | undefined): { event: NoticeEvent; level: NoticeLevel } {
  if (endedWell(runId, outcome)) return { event: 'ended-well', level: 'info' };
  const { level } = meaningOf(outcome);
  // What is well of a release is not what a rollback was there for.
  return { event: 'ended-otherwise', level: level === 'info' ? 'attention' : level };
}

/** What a program is told by how a run has ended: 0 where it has done what it was there for. */
export function exitCodeOfRun(runId: string, outcome: Outcome): number {
  return endedWell(runId, outcome) ? outcomes.verified.exitCode : outcomes[outcome].exitCode;
}

/** An outcome in words, as it is meant of this run. */
export function endInWords(runId: string, outcome: Outcome): string {
  const isOrderedBack = orderOfRollback(runId) !== undefined && outcomes[outcome].back;
  return isOrderedBack ? 'what was ordered back is back' : outcomes[outcome].says;
}
