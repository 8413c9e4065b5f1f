import { createLog, logFormIn } from '../activities/shared/log.ts';
import { askedToEnd } from './asked-to-end.ts';
import { compose } from './compose.ts';
import { sayEnd } from './ending.ts';
import { gatewayChecks } from './gateway-checks.ts';
import { gatewayFigures } from './gateway-metrics.ts';
import { startGateway } from './gateway.ts';
import { checkedConfig } from './start-checks.ts';

/** The gateway as a process of its own: `node workers/gateway-main.ts`. Ends in good order on SIGINT and SIGTERM. */
async function main(): Promise<void> {
  const { asked, pause } = askedToEnd();
  const log = createLog({ form: logFormIn(process.env) });
  const config = await checkedConfig('the gateway', process.env, gatewayChecks);
  const parts = await compose(config, log);
  const figures = await gatewayFigures(config, parts);
  try {
    const gateway = await startGateway(config, parts, { ...figures, log });
    log.info(`slipway gateway ${process.pid}: ${gateway.url}`);
    await asked;
    // Requests are sent here until whoever hands them out has looked again.
    gateway.drain();
    await pause(config.gateway.drainMs);
    // Takes no new requests and answers those that it has.
    await gateway.close();
  } finally {
    await figures.close();
    await parts.close();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => process.exit(sayEnd(error)),
);
