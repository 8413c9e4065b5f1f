import { unplanned } from '../../../domain/migration-plan.ts';

/** What will be done to a schema. `*`: nobody could tell before it is applied. */
export function pendingInWords(pending: readonly string[]): string {
  if (pending.includes(unplanned)) return 'what it will do could not be told before the approval';
  return pending.length > 0 ? pending.join(', ') : 'nothing pending';
}
