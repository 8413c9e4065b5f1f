import type { Records } from '../records/port.ts';
import { resultOf } from './recorded-result.ts';

/**
 * How a run that is closed has ended. It records its outcome before it closes: one without an outcome was ended from outside (terminated,
 * or its history deleted), so that nobody knows what it left behind, and that is what is recorded. Undefined for a run that has no record
 * to write it to: a rollback that was ended from outside.
 */
export async function concludeLost(
  records: Pick<Records, 'attempts' | 'plans'>,
  releaseId: string,
  now: number,
): Promise<string | undefined> {
  const attempt = await records.attempts.find(releaseId);
  if (!attempt) return (await resultOf(records.plans, releaseId))?.outcome;
  if (attempt.outcome !== undefined) return attempt.outcome;
  const summary = 'its run was ended from outside: look at what it left behind';
  await records.attempts.conclude(releaseId, { outcome: 'halted', summary, endedAt: now });
  return 'halted';
}
