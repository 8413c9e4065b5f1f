import { enableCompileCache } from 'node:module';
import { sayEnd } from './ending.ts';

// A worker: `node workers/main.ts engine,build,environment:production`. What it imports is compiled once and kept: a worker that is
// started again after a crash is back sooner. That only works for what is imported after this line.
enableCompileCache();

import('./process.ts')
  .then(({ runWorkers }) => runWorkers())
  .then(
    // A native handle may keep the process alive after the last worker has stopped.
    (code) => process.exit(code),
    (error: unknown) => process.exit(sayEnd(error)),
  );
