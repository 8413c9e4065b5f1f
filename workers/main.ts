import { readConfig } from '../temporal.config.ts';
import { compose } from './compose.ts';
import { serveHealth } from './health.ts';
import { parseRoles } from './roles.ts';
import { startWorkers } from './start.ts';

/** A worker process: `node workers/main.ts engine,build,environment:production`. */
async function main(): Promise<number> {
  const config = readConfig();
  const roles = parseRoles(process.argv[2] ?? process.env['SLIPWAY_ROLES'] ?? '');
  const parts = await compose(config);
  const workers = await startWorkers(config, parts, roles, { makeCurrent: process.env['SLIPWAY_MAKE_CURRENT'] === 'true' });
  const health = config.health && (await serveHealth(config.health, workers.isReady));
  const stop = () => {
    health?.drain();
    workers.drain();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  console.log(`slipway worker ${process.pid}: ${process.argv[2] ?? process.env['SLIPWAY_ROLES']}`);
  try {
    await workers.ended;
    return 0;
  } finally {
    await health?.close();
    await parts.close();
  }
}

main().then(
  // A native handle may keep the process alive after the last worker has stopped.
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
