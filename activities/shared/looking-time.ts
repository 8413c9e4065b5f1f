import { fromEarlierTry } from './remembering.ts';

/** What a step that looks for long remembers: for how long (ms) it has looked. */
export interface Looked {
  lookedMs: number;
}

/**
 * For how long (ms) this step has looked, also in earlier tries, whose workers have died: what was heartbeaten last is remembered. The time
 * in which it waited for a worker is none of it.
 */
export function lookingTime(now: () => number): () => number {
  const began = now();
  const { lookedMs } = fromEarlierTry<Looked>();
  const before = typeof lookedMs === 'number' ? lookedMs : 0;
  return () => before + now() - began;
}
