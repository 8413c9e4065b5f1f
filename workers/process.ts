import { createLog, logFormIn } from '../activities/shared/log.ts';
import { compose } from './compose.ts';
import { canListen } from './common-checks.ts';
import { serveHealth } from './health.ts';
import { installRuntime } from './metrics.ts';
import { parseRoles } from './roles.ts';
import { sdkLogging } from './process-log.ts';
import { checkedConfig } from './start-checks.ts';
import { startWorkers } from './start.ts';
import { workerChecks } from './worker-checks.ts';

/** Runs the workers that the first argument (or SLIPWAY_ROLES) names until they are asked to stop; resolves to the exit code. */
export async function runWorkers(): Promise<number> {
  const asked = process.argv[2] ?? process.env['SLIPWAY_ROLES'] ?? '';
  const checks = [...workerChecks(asked), canListen('SLIPWAY_HEALTH')];
  const config = await checkedConfig('the worker', process.env, checks);
  const log = createLog({ form: logFormIn(process.env) });
  installRuntime(config, sdkLogging(log));
  const roles = parseRoles(asked);
  const parts = await compose(config, log);
  const workers = await startWorkers(config, parts, roles, {
    makeCurrent: process.env['SLIPWAY_MAKE_CURRENT'] === 'true',
  });
  const { policyProblem } = parts.pipeline;
  const health = config.health && (await serveHealth(config.health, workers.isReady, policyProblem, workers.standing));
  const stop = () => {
    health?.drain();
    workers.drain();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
  const version = workers.buildId === undefined ? '' : `, engine version ${workers.buildId}`;
  log.info(`slipway worker ${process.pid}: ${asked}${version}`);
  try {
    await workers.ended;
    return 0;
  } finally {
    await health?.close();
    await parts.close();
  }
}
