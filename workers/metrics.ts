import { Runtime } from '@temporalio/worker';
import type { RuntimeOptions } from '@temporalio/worker';
import type { SlipwayConfig } from '../temporal.config.ts';

/**
 * Prepares the SDK's runtime, once in a process and before its first connection: with `SLIPWAY_METRICS` it serves its own figures and
 * those of its client at `/metrics`, for Prometheus. They tell, per task queue, which slots are free and how long steps waited.
 */
export function installRuntime({ metrics }: Pick<SlipwayConfig, 'metrics'>, options: RuntimeOptions = {}): void {
  if (!metrics && Object.keys(options).length === 0) return;
  Runtime.install({
    ...options,
    telemetryOptions: {
      ...options.telemetryOptions,
      ...(metrics && { metrics: { prometheus: { bindAddress: `${metrics.host}:${metrics.port}` } } }),
    },
  });
}
