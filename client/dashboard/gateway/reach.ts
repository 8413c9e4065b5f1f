import { useSyncExternalStore } from 'react';

/** Whether the gateway has answered when it was asked last. `since`: when it answered last before it was away, ms. */
export type Reach = { isHere: true } | { isHere: false; since: number | undefined };

const here: Reach = { isHere: true };
const listeners = new Set<() => void>();
let reach: Reach = here;
let lastAnswer: number | undefined;

function becomes(next: Reach): void {
  if (next.isHere === reach.isHere) return;
  reach = next;
  for (const listener of listeners) listener();
}

/** It has answered, whatever it said. */
export function hasAnswered(): void {
  lastAnswer = Date.now();
  becomes(here);
}

export function doesNotAnswer(): void {
  becomes({ isHere: false, since: lastAnswer });
}

export function useReach(): Reach {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => reach,
  );
}
