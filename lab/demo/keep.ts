import { once } from 'node:events';
import type { Cli } from '../../client/cli/cli.ts';
import { shop } from '../shop/pipeline-file.ts';
import type { Narrator } from './narrator.ts';
import type { DemoWorld } from './set-up.ts';

/** Says how to use what is running, and waits for Ctrl-C. */
export async function keepRunning(
  { engine, services, regions }: DemoWorld,
  { io, colors }: Cli,
  narrator: Narrator,
): Promise<void> {
  const slipway = 'npm run slipway --';
  const place = `--service ${shop.service} --environment ${shop.environment}`;
  narrator.block([
    colors.bold('Everything stays up until Ctrl-C. In another terminal, in this checkout:'),
    '',
    `  export SLIPWAY_GATEWAY=${engine.gatewayUrl}`,
    `  export SLIPWAY_TOKEN="$(cat ${engine.tokenFiles.requester})"`,
    `  ${slipway} status ${place}`,
    `  ${slipway} lane ${place}`,
    `  ${slipway} deploy --service ${shop.service} --branch ${shop.branch} --commit ${regions.commits.second}`,
    `  ${slipway} approve ID --token-file ${engine.tokenFiles.approver}`,
    '',
    `  Temporal UI  ${services.temporal.uiUrl ?? 'off'}`,
    `  gateway      ${engine.gatewayUrl}`,
    `  worker       process ${engine.supervisor.pid()}`,
    '',
  ]);
  if (!io.signal.aborted) await once(io.signal, 'abort');
}
