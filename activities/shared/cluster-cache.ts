/**
 * Keeps one value for `ttlMs`. Callers that come while it is being made share that one making; a failure is not kept.
 * `now` is a clock in ms.
 */
export function createCached<T>(options: { make: () => Promise<T>; ttlMs: number; now: () => number }): Cached<T> {
  let held: { value: Promise<T>; madeAt: number } | undefined;
  return {
    get() {
      if (held && options.now() - held.madeAt < options.ttlMs) return held.value;
      const entry = { value: options.make(), madeAt: options.now() };
      held = entry;
      entry.value.catch(() => {
        if (held === entry) held = undefined;
      });
      return entry.value;
    },
    drop() {
      held = undefined;
    },
  };
}

export interface Cached<T> {
  get(): Promise<T>;
  drop(): void;
}
