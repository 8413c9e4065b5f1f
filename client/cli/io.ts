import { setTimeout as wait } from 'node:timers/promises';

/** Everything the CLI touches of the process it runs in, so that a test can be its terminal. */
export interface Io {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  stdin: NodeJS.ReadableStream;
  env: Record<string, string | undefined>;
  isTTY: { stdin: boolean; stdout: boolean; stderr: boolean };
  /** Size of the terminal now; it may change while the command runs. */
  columns(): number;
  rows(): number;
  /** Calls it whenever that size has changed, until what is returned is called. */
  onResize(tell: () => void): () => void;
  /** Calls it again and again, until what is returned is called. */
  every(ms: number, tell: () => void): () => void;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  cwd: string;
  now(): number;
  /** Rejects when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Columns that lines for people have: as many as they like where no terminal shows them. */
export function widthOf({ isTTY, columns }: Pick<Io, 'isTTY' | 'columns'>): number {
  return isTTY.stdout ? columns() : Infinity;
}

export function processIo(signal: AbortSignal): Io {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    isTTY: { stdin: !!process.stdin.isTTY, stdout: !!process.stdout.isTTY, stderr: !!process.stderr.isTTY },
    // A terminal that does not say how wide it is says 0.
    columns: () => [process.stdout.columns, process.stderr.columns].find((width) => width > 0) ?? 100,
    rows: () => process.stdout.rows ?? 24,
    onResize(tell) {
      process.stdout.on('resize', tell);
      return () => void process.stdout.off('resize', tell);
    },
    every(ms, tell) {
      const timer = setInterval(tell, ms);
      return () => clearInterval(timer);
    },
    signal,
    cwd: process.cwd(),
    now: Date.now,
    sleep: async (ms, abort) => wait(ms, undefined, { signal: abort }),
  };
}
