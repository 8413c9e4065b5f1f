import type { Records } from '../../../activities/records/port.ts';
import { readTold } from './read-runs.ts';
import type { Told } from './read-runs.ts';

/** How runs have ended, for whoever counts them. */
export interface EndedRuns {
  of(runIds: readonly string[]): Promise<Map<string, Told>>;
}

/** Of those that were asked about last: a kilobyte each. */
const mostKept = 10_000;

/** What is on record of an end never changes (schema-guards.ts): each is read once. */
export function endedRuns({ plans }: Pick<Records, 'plans'>): EndedRuns {
  const known = new Map<string, Told>();
  return {
    async of(runIds) {
      const missing = runIds.filter((id) => id !== '' && !known.has(id));
      const read = await readTold(plans, missing);
      const answer = new Map(
        runIds.flatMap((id) => {
          const told = read.get(id) ?? known.get(id);
          return told ? [[id, told] as const] : [];
        }),
      );
      for (const [id, told] of answer) {
        known.delete(id);
        known.set(id, told);
      }
      while (known.size > mostKept) known.delete(known.keys().next().value!);
      return answer;
    },
  };
}
