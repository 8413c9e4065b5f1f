import { once } from 'node:events';
import type { Cli } from '../../client/cli/cli.ts';
import { meaningOf } from '../../domain/outcomes.ts';
import { shop } from '../shop/pipeline-file.ts';
import type { Narrator } from './narrator.ts';
import type { DemoWorld } from './set-up.ts';

/** Says how to use what is running, and waits for Ctrl-C. `outcome`: how its last release has ended. */
export async function keepRunning(
  world: DemoWorld,
  outcome: string,
  { io, colors }: Cli,
  narrator: Narrator,
): Promise<void> {
  const { engine, services } = world;
  narrator.block([
    colors.bold('Everything stays up until Ctrl-C. In another terminal, in this checkout:'),
    '',
    ...commandsToTry(world, outcome).map((line) => `  ${line}`),
    '',
    `  dashboard    ${engine.pages ?? 'off: its pages were not built'}`,
    `  Temporal UI  ${services.temporal.uiUrl ?? 'off'}`,
    `  gateway      ${engine.gatewayUrl}`,
    `  worker       process ${engine.supervisor.pid()}`,
    '',
  ]);
  if (!io.signal.aborted) await once(io.signal, 'abort');
}

/** What its lane was left with. */
interface Left {
  engine: Pick<DemoWorld['engine'], 'gatewayUrl' | 'tokenFiles'>;
  regions: { commits: Pick<DemoWorld['regions']['commits'], 'second'> };
}

/** In the order in which they work: a release that was put back leaves a hold, before which the next one would wait. */
export function commandsToTry({ engine, regions }: Left, outcome: string): string[] {
  const slipway = 'npm run slipway --';
  const place = `--service ${shop.service} --environment ${shop.environment}`;
  const approver = `--token-file ${engine.tokenFiles.approver}`;
  const isHeld = meaningOf(outcome).lane === 'hold';
  return [
    `export SLIPWAY_GATEWAY=${engine.gatewayUrl}`,
    `export SLIPWAY_TOKEN="$(cat ${engine.tokenFiles.requester})"`,
    `${slipway} status ${place}`,
    `${slipway} lane ${place}`,
    ...(isHeld
      ? [
          '# the lane is on hold: once somebody has looked, it is opened, and then lets the next release in',
          `${slipway} lane clear-hold ${place} --reason "looked, both regions are well" ${approver}`,
        ]
      : []),
    `${slipway} deploy --service ${shop.service} --branch ${shop.branch} --commit ${regions.commits.second}`,
    `${slipway} approve ID ${approver}`,
  ];
}
