import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { Io } from '../../../client/cli/io.ts';
import { run } from '../../../client/cli/run.ts';
import type { Parts } from '../../../client/cli/dev-parts.ts';
import { noon } from './builders.ts';
import { token } from './fake-gateway.ts';

export interface Ran {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** stdout as JSON. */
  json: Record<string, unknown>;
}

export interface Terminal {
  /** A person sits there. */
  terminal?: boolean;
  /** What the person types; the end of the input follows. */
  types?: string;
  env?: Record<string, string>;
  columns?: number;
  rows?: number;
  onResize?: Io['onResize'];
  cwd?: string;
  signal?: AbortSignal;
  parts?: Partial<Parts>;
  /** How many times faster than it says time passes in pauses. */
  haste?: number;
  /** Pauses take as long as they say. */
  inRealTime?: boolean;
  /** What the clock says before the first pause, after it, and so on; the last one for ever. */
  clock?: number[];
  /** Called with what is written, in order, wherever it goes. */
  onWrite?(text: string): void;
  /** Called before each pause, in the place of time passing. */
  onPause?(pauses: number): void;
}

/** Runs one command in this process. Its clock moves only when it pauses, and then at once. */
export async function slipway(args: string[], gatewayUrl: string, options: Terminal = {}): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      written[name] += text;
      options.onWrite?.(text);
    },
  });
  const { terminal = false, signal = new AbortController().signal } = options;
  let now = noon + 20_000;
  let pauses = 0;
  const io: Io = {
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    stdin: Readable.from(options.types === undefined ? [] : [options.types]),
    env: { SLIPWAY_GATEWAY: gatewayUrl, SLIPWAY_TOKEN: token, ...options.env },
    isTTY: { stdin: terminal, stdout: terminal, stderr: terminal },
    columns: () => options.columns ?? 120,
    rows: () => options.rows ?? 60,
    onResize: options.onResize ?? (() => () => {}),
    every: () => () => {},
    signal,
    cwd: options.cwd ?? process.cwd(),
    now: () => options.clock?.[Math.min(pauses, options.clock.length - 1)] ?? now,
    sleep: async (ms, aborted) => {
      if (options.inRealTime) await wait(ms, undefined, { signal: aborted });
      now += ms * (options.haste ?? 1);
      options.onPause?.(++pauses);
      signal.throwIfAborted();
    },
  };
  const exitCode = await run(args, io, { ...noParts, ...options.parts });
  return {
    exitCode,
    ...written,
    get json() {
      return JSON.parse(written.stdout) as Record<string, unknown>;
    },
  };
}

const noParts: Parts = {
  setUpTemporal: () => Promise.reject(new Error('not part of this test')),
  setUpRecords: () => Promise.resolve([]),
  checkSlack: () => Promise.resolve([]),
  checkTemporal: () => Promise.reject(new Error('not part of this test')),
  checkRecords: () => Promise.resolve([]),
  recordsSql: () => Promise.reject(new Error('not part of this test')),
  runDev: () => Promise.reject(new Error('not part of this test')),
};
