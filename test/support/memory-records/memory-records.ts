import type { Records } from '../../../activities/records/port.ts';
import { memoryAudit } from './audit.ts';
import { memoryBreaches, memoryDecisions } from './decisions.ts';
import { memoryInventory, memorySchema } from './inventory.ts';
import { memoryClosings, memoryLanes } from './lanes.ts';
import { memoryPlans } from './plans.ts';
import { memoryAttempts, memoryTouched } from './runs.ts';

/**
 * Records for tests that need thousands of them. Kept to what PostgreSQL does by the same contract suite; what only the gateway writes about
 * the ends of the audit is not in it.
 */
export function createMemoryRecords(): Records {
  let ticks = Date.now();
  const clock = () => (ticks += 1);
  const touched = memoryTouched(clock);
  const attempts = memoryAttempts();
  return {
    attempts,
    decisions: memoryDecisions(clock, touched.beganAt),
    breaches: memoryBreaches(),
    inventory: memoryInventory(attempts.outcomeOf),
    schema: memorySchema(),
    touched,
    lanes: memoryLanes(clock),
    closings: memoryClosings(clock),
    plans: memoryPlans(),
    audit: memoryAudit(),
    chainEnds: { add: () => Promise.reject(new Error('not kept here')), shipNext: () => Promise.resolve(false) },
    close: () => Promise.resolve(),
  };
}
