import type { Records } from '../../../activities/records/port.ts';
import type { Event } from './events.ts';

/** What one step has left behind. */
export interface Left {
  /** Which step of whom, and with what: it must be the same one that is left out. */
  of: string;
  writes: { store: string; method: string; args: unknown[] }[];
  told: { event: Event; now: number }[];
  /** Images that it has put into places. */
  put: [place: string, image: string][];
  answer: unknown;
}

/**
 * The steps with which each of thousands of worlds begins, and what they have left: the first world runs them, the others have what they left,
 * and do without. Of no step that is judged.
 */
export interface Remembered {
  steps: Left[];
  isWhole: boolean;
}

export const nothingYet = (): Remembered => ({ steps: [], isWhole: false });

const reads = new Set(['find', 'kept', 'keptAmong', 'list', 'holder', 'history', 'of', 'weigh', 'now']);

type Method = (...args: unknown[]) => unknown;
type Stores = Record<string, Record<string, Method>>;
const storesOf = (records: Records) => records as unknown as Stores;

/** Records that tell each write. What is read may be told as well: it does no harm to read it again. */
export function tellingWrites(records: Records, tell: (write: Left['writes'][number]) => void): Records {
  const telling: Stores = {};
  for (const [store, methods] of Object.entries(storesOf(records))) {
    telling[store] = { ...methods };
    for (const [method, call] of Object.entries(methods)) {
      if (reads.has(method)) continue;
      telling[store][method] = (...args) => {
        tell({ store, method, args });
        return call(...args);
      };
    }
  }
  return { ...records, ...telling, close: records.close };
}

export async function writeAgain(records: Records, { writes }: Left): Promise<void> {
  for (const { store, method, args } of writes) await storesOf(records)[store]![method]!(...args);
}
