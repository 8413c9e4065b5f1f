export interface Repeating {
  /** As soon as can be; once more after it, when it is under way. */
  soon(): void;
  /** Resolves when what was under way is done; nothing begins any more. */
  stop(): Promise<void>;
}

/** Does something again and again, never twice at once: when it is told to, and `everyMs` after it went well, or `retryMs` after it did not. */
export function repeating(
  work: () => Promise<boolean>,
  { everyMs, retryMs }: { everyMs: number; retryMs: number },
): Repeating {
  let running: Promise<void> | undefined;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  const run = async (): Promise<void> => {
    let isWell: boolean;
    do {
      again = false;
      isWell = await work();
    } while (again);
    running = undefined;
    if (!stopped) timer = setTimeout(soon, isWell ? everyMs : retryMs).unref();
  };

  const soon = (): void => {
    if (stopped) return;
    again = true;
    if (running) return;
    clearTimeout(timer);
    running = run();
  };

  return {
    soon,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
