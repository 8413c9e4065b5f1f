import type { Check } from '../../domain/contract/verdicts.ts';
import { fromEarlierTry, remembering } from '../shared/remembering.ts';

/**
 * What was seen of Jobs of smoke tests, by their names, for the try that comes after this one: that one was at work, which its pod does not show
 * any more once its time is over, or how it has failed. Not that one has passed: whoever can send a sign of life could say so.
 */
type Known = Record<string, 'ran' | Check>;

interface Remembered {
  smoke: Known;
}

export interface SmokeMemory {
  failed(job: string): Check | undefined;
  hasRun(job: string): boolean;
  keep(job: string, what: 'ran' | Check): void;
  forget(job: string): void;
}

/** Does work of which every sign of life carries what was seen of smoke tests, here or in an earlier try. */
export function rememberingSmoke<T>(work: (memory: SmokeMemory) => Promise<T>): Promise<T> {
  const known = new Map(Object.entries(fromEarlierTry<Remembered>().smoke ?? {}));
  const memory: SmokeMemory = {
    failed(job) {
      const found = known.get(job);
      return typeof found === 'object' && found.verdict === 'fail' ? found : undefined;
    },
    hasRun: (job) => known.get(job) === 'ran',
    keep: (job, what) => void known.set(job, what),
    forget: (job) => void known.delete(job),
  };
  return remembering(
    () => ({ smoke: Object.fromEntries(known) }) satisfies Remembered,
    () => work(memory),
  );
}
