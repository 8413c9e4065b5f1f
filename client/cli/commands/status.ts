import type { Command } from 'commander';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { planOf } from '../decide.ts';
import { isGatewayFailure, refusedFailure, usageFailure } from '../failures.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { planText, withFull, type FullOption } from '../plan-text.ts';
import { planDocument, planToShow } from '../plan-to-show.ts';
import type { PlanToShow } from '../plan-to-show.ts';
import { renderStatus, renderWhy } from '../render-status.ts';

interface StatusOptions extends GatewayOptions, FullOption {
  service?: string;
  environment?: string;
  why?: boolean;
}

const examples = `
Examples:
  slipway status release/shop/production/4f0c…/1
  slipway status --service shop --environment production           the newest release there
  slipway status --service shop --environment production --why     why it moves or not, and who can move it`;

export function registerStatus(program: Command, cli: Cli): void {
  const command = program.command('status').description('how a release stands').argument('[id]', 'release id');
  withFull(withGateway(command))
    .option('--service <name>', 'with --environment: the newest release there')
    .option('--environment <name>')
    .option('--why', 'only why it is (not) moving, and who can move it')
    .addHelpText('after', examples)
    .action(runs(cli, (id: string | undefined, options: StatusOptions) => status(cli, id, options)));
}

async function status(cli: Cli, id: string | undefined, options: StatusOptions): Promise<number> {
  const { io, colors } = cli;
  if (!id && !(options.service && options.environment)) {
    throw usageFailure('no release is named', 'Give its id, or --service and --environment for the newest one.');
  }
  const gateway = await connect(cli, options);
  const view = id ? await gateway.release(id) : await newest(gateway, options);
  if (options.why && !options.json) {
    cli.print(renderWhy(view, { colors }));
    return 0;
  }
  if (options.json) {
    const plan = await planThatWaits(gateway, view);
    cli.printJson({ ...view, ...(plan && { plan: planDocument(plan, options.full ?? false) }) });
    return 0;
  }
  cli.print(renderStatus(view, { now: io.now(), width: io.isTTY.stdout ? io.columns() : Infinity, colors }));
  const plan = await planThatWaits(gateway, view);
  if (plan) cli.print(['', colors.bold('To be approved'), '', ...planText(cli, plan, options)]);
  return 0;
}

/** What people are asked about; nothing while they are asked nothing, or when it cannot be had: the rest is shown all the same. */
async function planThatWaits(gateway: GatewayClient, release: ReleaseView): Promise<PlanToShow | undefined> {
  const hash = planOf(release);
  if (release.status?.stage !== 'awaiting-approval' || hash === undefined) return undefined;
  try {
    return await planToShow(gateway, hash);
  } catch (error) {
    if (isGatewayFailure(error)) return undefined;
    throw error;
  }
}

async function newest(gateway: GatewayClient, { service, environment }: StatusOptions): Promise<ReleaseView> {
  const [row] = await gateway.releases({ service: service!, environment: environment!, limit: 1 });
  if (row) return gateway.release(row.releaseId);
  throw refusedFailure(
    `nothing of ${service} has been released to ${environment}`,
    '`slipway releases` lists what there is.',
  );
}
