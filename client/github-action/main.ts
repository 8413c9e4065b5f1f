import { setTimeout as wait } from 'node:timers/promises';
import { release } from './release.ts';
import { createRunner } from './runner.ts';

/** A job that is cancelled is told so by SIGINT, and 7.5 s later by SIGTERM: what was begun at the first is not given up at the second. */
const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelled.abort());

process.exitCode = await release({
  env: process.env,
  io: { now: Date.now, sleep: (ms, signal) => wait(ms, undefined, { signal }), signal: cancelled.signal },
  runner: createRunner({ env: process.env, write: (text) => process.stdout.write(text) }),
});
