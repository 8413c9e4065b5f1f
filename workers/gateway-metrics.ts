import type { Measures } from '../client/gateway/measures.ts';
import { ownPackage } from '../client/own-package.ts';
import type { SlipwayConfig } from '../temporal.config.ts';
import type { Composition } from './compose.ts';
import { serveMetrics } from './serve-metrics.ts';

export interface GatewayFigures {
  /** Absent where nobody reads them: then nothing is counted. */
  measures?: Measures;
  close(): Promise<void>;
}

/** Serves the figures of a gateway at `SLIPWAY_METRICS`, and never at the address of the gateway. `others`: those that its process has besides. */
export async function gatewayFigures(
  { metrics: listen, gateway }: Pick<SlipwayConfig, 'metrics' | 'gateway'>,
  { records }: Pick<Composition, 'records'>,
  others: readonly (() => Promise<string>)[] = [],
): Promise<GatewayFigures> {
  if (!listen) return { close: async () => {} };
  const { createMetrics } = await import('../client/gateway/metrics.ts');
  const { version } = ownPackage();
  const metrics = createMetrics({ records, version, draws: gateway.slack !== undefined, ofProcess: true });
  const { close } = await serveMetrics(listen, [metrics.text, ...others]);
  return { measures: metrics, close };
}
