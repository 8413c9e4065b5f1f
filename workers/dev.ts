import { readConfig } from '../temporal.config.ts';
import { compose } from './compose.ts';
import { startGateway } from './gateway.ts';
import { installRuntime } from './metrics.ts';
import { parseRoles } from './roles.ts';
import { setUpTemporal } from './setup.ts';
import { startWorkers } from './start.ts';

/** Gateway and workers of every environment that the configuration names, in one process: `slipway dev`. Ends when `signal` is aborted. */
export async function runDev({ signal, report }: { signal: AbortSignal; report(line: string): void }): Promise<void> {
  const read = readConfig();
  // Ctrl-C is not kept waiting by a build.
  const config = { ...read, limits: { ...read.limits, buildDrainMs: read.limits.shutdownGraceMs } };
  installRuntime(config);
  for (const line of await setUpTemporal(config)) report(line);
  const parts = await compose(config);
  try {
    const roles = parseRoles(process.env['SLIPWAY_ROLES'] ?? 'engine,build');
    const gateway = await startGateway(config, parts);
    report(`gateway at ${gateway.url}`);
    const workers = await startWorkers(config, parts, roles, { makeCurrent: true });
    report(
      `workers ready: ${roles.map((role) => (role.kind === 'environment' ? role.environment : role.kind)).join(', ')}`,
    );
    signal.addEventListener('abort', () => workers.drain(), { once: true });
    if (signal.aborted) workers.drain();
    try {
      await workers.ended;
    } finally {
      await gateway.close();
    }
  } finally {
    await parts.close();
  }
}
