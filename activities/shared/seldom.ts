const everyMs = 200;

/** Passes on the first line at once, then the newest a few times a second, and the last one in the end. */
export interface Seldom {
  /** After the end nobody listens any more. */
  say(line: string): void;
  end(): void;
}

/**
 * For people, who read no faster, and for a process that must not be busy with what a stranger's program says: a line that is not passed on
 * costs nothing.
 */
export function seldom(pass: (line: string) => void): Seldom {
  let newest: string | undefined;
  let pause: NodeJS.Timeout | undefined;
  let ended = false;
  const flush = () => {
    const line = newest;
    newest = undefined;
    if (line !== undefined) pass(line);
    return line !== undefined;
  };
  const wait = () => {
    pause = setTimeout(() => {
      pause = undefined;
      if (flush()) wait();
    }, everyMs);
  };
  return {
    say(line) {
      if (ended) return;
      newest = line;
      if (pause !== undefined) return;
      flush();
      wait();
    },
    end() {
      clearTimeout(pause);
      ended = true;
      flush();
    },
  };
}
