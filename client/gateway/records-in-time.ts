import type { Records } from '../../activities/records/port.ts';
import { inTime } from '../../activities/shared/in-time.ts';
import { Refused } from './errors.ts';

type Group = Record<string, (...asked: unknown[]) => Promise<unknown>>;

/**
 * The same records, which have so long to answer each question: a database that hangs keeps its own limits no more, and whoever asks is told
 * that it is the database. What that question was to write may still be written, as a whole: nothing is called off.
 */
export function recordsInTime(records: Records, limitMs: number): Records {
  const bounded = (group: Group) =>
    new Proxy(group, {
      get(target, name: string) {
        const method = target[name];
        if (typeof method !== 'function') return method;
        return (...asked: unknown[]) => inTime(method.apply(target, asked), limitMs, late);
      },
    });
  return new Proxy(records, {
    get(target, name: keyof Records) {
      const group: unknown = target[name];
      return typeof group === 'object' && group !== null ? bounded(group as Group) : group;
    },
  });
}

function late(words: string): Refused {
  const next =
    'Check the database of the records. What was to be written may be stored all the same: look how it stands before you ask again.';
  return new Refused(503, 'unavailable', `the records (PostgreSQL) do not answer: ${words}`, next);
}
