import { createLog, logFormIn } from '../activities/shared/log.ts';
import { compose } from './compose.ts';
import { gatewayChecks } from './gateway-checks.ts';
import { startGateway } from './gateway.ts';
import { gatewayFigures } from './gateway-metrics.ts';
import { figuresOf, ownAddress } from './serve-metrics.ts';
import { installRuntime } from './metrics.ts';
import { parseRoles } from './roles.ts';
import { setUpTemporal } from './setup.ts';
import { sdkLogging } from './process-log.ts';
import { checkedConfig } from './start-checks.ts';
import type { Env } from './start-checks.ts';
import { startWorkers } from './start.ts';
import { workerChecks } from './worker-checks.ts';

export interface DevOptions {
  env: Env;
  signal: AbortSignal;
  report(line: string): void;
}

/** Gateway and workers of every environment that the configuration names, in one process: `slipway dev`. Ends when `signal` is aborted. */
export async function runDev({ env, signal, report }: DevOptions): Promise<void> {
  const asked = env['SLIPWAY_ROLES'] ?? 'engine,build';
  const checks = new Set([...gatewayChecks, ...workerChecks(asked)]);
  const read = await checkedConfig('slipway dev', env, [...checks]);
  // Ctrl-C is not kept waiting by a build.
  const config = { ...read, limits: { ...read.limits, buildDrainMs: read.limits.shutdownGraceMs } };
  const behind = config.metrics && (await ownAddress());
  const log = createLog({ form: logFormIn(env) });
  installRuntime(behind ? { metrics: behind } : {}, sdkLogging(log));
  for (const { says, next } of await setUpTemporal(config))
    report(next === undefined ? says : `${says}\n  next: ${next}`);
  const parts = await compose(config, log);
  const figures = await gatewayFigures(config, parts, behind ? [figuresOf(behind)] : []);
  try {
    const roles = parseRoles(asked);
    const gateway = await startGateway(config, parts, { ...figures, log });
    report(`gateway at ${gateway.url}`);
    const workers = await startWorkers(config, parts, roles, { makeCurrent: true });
    report(
      `workers ready: ${roles.map((role) => (role.kind === 'environment' ? role.environment : role.kind)).join(', ')}`,
    );
    const drain = () => {
      gateway.drain();
      workers.drain();
    };
    signal.addEventListener('abort', drain, { once: true });
    if (signal.aborted) drain();
    try {
      await workers.ended;
    } finally {
      await gateway.close();
    }
  } finally {
    await figures.close();
    await parts.close();
  }
}
