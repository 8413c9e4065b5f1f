export interface Repeating {
  /** As soon as can be; once more after it, when it is under way. */
  soon(): void;
  /** Resolves when what was under way is done; nothing begins any more. */
  stop(): Promise<void>;
}

/** Does something again and again, never twice at once: when it is told to, and so long after it went well, or did not. */
export function repeating(work: () => Promise<boolean>, pauseMs: (isWell: boolean) => number): Repeating {
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
    if (!stopped) timer = setTimeout(soon, pauseMs(isWell)).unref();
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
