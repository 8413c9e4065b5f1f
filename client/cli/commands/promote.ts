import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { amended, isGatewayFailure, usageFailure } from '../failures.ts';
import { timeoutOf } from '../follow-up.ts';
import type { GatewayClient } from '../gateway-client.ts';
import { promotable, renderPromotion, type Promotable } from '../promotable.ts';
import { startRelease, withStarting, type StartOptions } from '../start-release.ts';

interface PromoteOptions extends GatewayOptions, StartOptions {
  branch?: string;
  dryRun?: boolean;
}

interface Promotion {
  service: string;
  from: string;
  to: string;
}

const examples = `
The commit that is verified in FROM now is released to TO, with the very images that are
verified there: where slipway.yaml of TO does not say \`from: FROM\`, nothing is started.

Examples:
  slipway promote shop staging production --dry-run
  slipway promote shop staging production
  slipway promote shop staging production --branch release/2026-11 --detach --json

The plan is approved by somebody else with \`slipway approve\`.
The exit code says how the release ended: \`slipway help exit-codes\`.`;

export function registerPromote(program: Command, cli: Cli): void {
  const command = program
    .command('promote')
    .description('release to one environment what is verified in another')
    .argument('<service>', 'what to release')
    .argument('<from>', 'environment in which it is verified')
    .argument('<to>', 'environment that it is released to')
    .option('--branch <name>', 'branch that TO takes the commit from (default: the one it was released from to FROM)')
    .option('--dry-run', 'only show what would be promoted');
  withGateway(withStarting(command))
    .addHelpText('after', examples)
    .action(
      runs(cli, (service: string, from: string, to: string, options: PromoteOptions) =>
        promote(cli, { service, from, to }, options),
      ),
    );
}

async function promote(cli: Cli, promotion: Promotion, options: PromoteOptions): Promise<number> {
  timeoutOf(options);
  const { service, from, to } = promotion;
  if (from === to) throw usageFailure(`${from} is not promoted to itself`, 'Name two environments: FROM and TO.');
  const gateway = await connect(cli, options);
  const found = promotable(await gateway.lane({ service, environment: from }));
  const branch = options.branch ?? (await branchOf(gateway, found));
  const shown = { service, from, to, branch, ...found };
  if (options.dryRun && options.json) cli.printJson('promotion', shown);
  else if (!options.json) cli.print(renderPromotion(shown));
  if (options.dryRun) {
    if (!options.json)
      cli.note(
        `whether ${to} takes its images from ${from}, says its slipway.yaml: where it does not, nothing is started`,
      );
    return 0;
  }
  const { commit } = found;
  try {
    return await startRelease(cli, gateway, { service, branch, commit, environment: to, from }, options);
  } catch (error) {
    throw options.branch === undefined ? withBranch(error, branch, to) : error;
  }
}

/** From which it was released to where it is verified. */
async function branchOf(gateway: GatewayClient, { components }: Promotable): Promise<string> {
  const newest = components.reduce((a, b) => (b.verifiedAt > a.verifiedAt ? b : a));
  return (await gateway.release(newest.releaseId)).branch;
}

/** The branch is not mapped to the environment. */
const notMapped = 'SLIP-CFG-4';

/** What was not named may be what does not fit. */
function withBranch(error: unknown, branch: string, to: string): unknown {
  if (!isGatewayFailure(error) || error.details.code !== notMapped) return error;
  const next = `It was released from ${branch}. Name a branch that has this commit and that ${to} lets in: --branch NAME.`;
  return amended(error, { next });
}
