import { activityInfo } from '@temporalio/activity';

/** What a step that looks for long says of itself: what it sees, and for how long (ms) it has looked. */
export interface Looked {
  doing: string;
  lookedMs: number;
}

/**
 * For how long (ms) this step has looked, also in earlier tries, whose workers have died: what was heartbeaten last is remembered. The time
 * in which it waited for a worker is none of it.
 */
export function lookingTime(now: () => number): () => number {
  const began = now();
  const before = earlier(activityInfo().heartbeatDetails);
  return () => before + now() - began;
}

function earlier(details: unknown): number {
  const { lookedMs } = (typeof details === 'object' && details !== null ? details : {}) as Partial<Looked>;
  return typeof lookedMs === 'number' ? lookedMs : 0;
}
