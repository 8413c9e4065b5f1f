import type { Command } from 'commander';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { runs, type Cli } from '../cli.ts';
import { widthOf } from '../io.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { planOf } from '../decide.ts';
import { isGatewayFailure, usageFailure } from '../failures.ts';
import { followUp, timeoutOf, withFollowing, type FollowUpOptions } from '../follow-up.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { planText, withFull, type FullOption } from '../plan-text.ts';
import { planDocument, planToShow } from '../plan-to-show.ts';
import type { PlanToShow } from '../plan-to-show.ts';
import { namesOfRuns, releaseNamed } from '../release-named.ts';
import { renderStatus, renderWhy } from '../render-status.ts';

interface StatusOptions extends GatewayOptions, FullOption, LaneOptions, FollowUpOptions {
  why?: boolean;
  follow?: boolean;
}

const examples = `
Examples:
  slipway status                    the newest release of what slipway.yaml and the branch here name
  slipway status shop#142
  slipway status @waiting --why
  slipway status shop#142 --follow
  slipway status --service shop --environment production           the newest release there
  slipway status --service shop --environment production --why     why it moves or not, and who can move it`;

export function registerStatus(program: Command, cli: Cli): void {
  const command = program
    .command('status')
    .description('how a release stands')
    .argument('[id]', namesOfRuns, '@latest');
  withFull(withGateway(withLane(withFollowing(command))))
    .option('--why', 'only why it is (not) moving, and who can move it')
    .option('--follow', 'to its end, as `slipway watch` does')
    .addHelpText('after', examples)
    .action(runs(cli, (id: string, options: StatusOptions) => status(cli, id, options)));
}

async function status(cli: Cli, id: string, options: StatusOptions): Promise<number> {
  const { io, colors } = cli;
  timeoutOf(options);
  refuseTogether(options);
  const gateway = await connect(cli, options);
  const releaseId = await releaseNamed({ cli, gateway, options }, id);
  if (options.follow) return followUp({ cli, gateway, releaseId, options });
  const view = await gateway.release(releaseId);
  if (options.why && !options.json) {
    cli.print(renderWhy(view, { colors }));
    return 0;
  }
  if (options.json) {
    const plan = await planThatWaits(gateway, view);
    cli.printJson('release', { ...view, ...(plan && { plan: planDocument(plan, options.full ?? false) }) });
    return 0;
  }
  cli.print(renderStatus(view, { now: io.now(), width: widthOf(io), colors }));
  const plan = await planThatWaits(gateway, view);
  if (plan) cli.print(['', colors.bold('To be approved'), '', ...planText(cli, plan, options)]);
  return 0;
}

function refuseTogether({ follow, why, timeout }: StatusOptions): void {
  if (follow && why) throw usageFailure('--why says how it stands now, and --follow goes on', 'Say one of them.');
  if (timeout !== undefined && !follow)
    throw usageFailure('--timeout is of --follow', 'Add --follow, or leave it out.');
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
