import { AsyncLocalStorage } from 'node:async_hooks';
import { activityInfo, heartbeat } from '@temporalio/activity';

const remembered = new AsyncLocalStorage<() => object>();

/**
 * Does work of which every sign of life carries what must not be forgotten when its worker is lost, as it is at that moment: the last
 * heartbeat is all that a later try is given, whoever in the step has sent it.
 */
export function remembering<T>(what: () => object, work: () => Promise<T>): Promise<T> {
  return remembered.run(what, work);
}

/** Says that the step lives, and what it is doing. */
export function sayAlive(doing: string): void {
  const what = remembered.getStore();
  heartbeat(what ? { doing, ...what() } : doing);
}

/** What an earlier try of this step has remembered; nothing of it is certain to be there, or to be of this version. */
export function fromEarlierTry<T extends object>(): Partial<T> {
  const details: unknown = activityInfo().heartbeatDetails;
  return typeof details === 'object' && details !== null ? details : {};
}
