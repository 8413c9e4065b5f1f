import { durationMs } from './duration.ts';
import type { Finding, Path } from './problem.ts';

/** When what is asked of an approval comes, as a file says it. */
export interface ApprovalTimes {
  remind?: string | undefined;
  escalate?: { after: string } | undefined;
  expires: string;
}

/** What would never come: nobody would be told, or let approve, before the wait is over. `path`: of the approval. */
export function approvalTimes({ remind, escalate, expires }: ApprovalTimes, path: Path): Finding[] {
  const isLate = (one: string, other: string) => durationMs(one) >= durationMs(other);
  const over = (what: string, at: string) =>
    `${what} after ${at}, and the wait is over after ${expires}: it must be less than \`expires\``;
  if (escalate && isLate(escalate.after, expires))
    return [{ path: [...path, 'escalate', 'after'], message: over('others may approve', escalate.after) }];
  if (remind === undefined) return [];
  if (isLate(remind, expires)) return [{ path: [...path, 'remind'], message: over('people are reminded', remind) }];
  if (!escalate || !isLate(remind, escalate.after)) return [];
  const message = `people are reminded after ${remind}, and no more once others may approve, after ${escalate.after}: it must be less than \`escalate.after\``;
  return [{ path: [...path, 'remind'], message }];
}
