import { compose } from './compose.ts';
import { sayEnd } from './ending.ts';
import { gatewayChecks } from './gateway-checks.ts';
import { startGateway } from './gateway.ts';
import { checkedConfig } from './start-checks.ts';

/** The gateway as a process of its own: `node workers/gateway-main.ts`. Ends in good order on SIGINT and SIGTERM. */
async function main(): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
  const config = await checkedConfig('the gateway', process.env, gatewayChecks);
  const parts = await compose(config);
  try {
    const gateway = await startGateway(config, parts);
    process.stdout.write(`slipway gateway ${process.pid}: ${gateway.url}\n`);
    await stopped;
    // Takes no new requests and answers those that it has.
    await gateway.close();
  } finally {
    await parts.close();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => process.exit(sayEnd(error)),
);
