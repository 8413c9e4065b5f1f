import type { Records } from '../records/port.ts';

/**
 * A run records its outcome before it closes. One that is closed without an outcome was ended from outside (terminated, or its history
 * deleted): nobody knows what it left behind, and that is what is recorded. Does nothing for a run that has its outcome.
 */
export async function concludeLost(records: Pick<Records, 'attempts'>, releaseId: string, now: number): Promise<void> {
  const attempt = await records.attempts.find(releaseId);
  if (!attempt || attempt.outcome !== undefined) return;
  const summary = 'its run was ended from outside: look at what it left behind';
  await records.attempts.conclude(releaseId, { outcome: 'halted', summary, endedAt: now });
}
