import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { followUp, timeoutOf, withFollowing, type FollowUpOptions } from '../follow-up.ts';

const examples = `
Examples:
  slipway watch release/shop/production/4f0c…/1
  slipway watch ID --timeout 30m      exit code 5 when it has not ended by then`;

export function registerWatch(program: Command, cli: Cli): void {
  const command = program
    .command('watch')
    .description('follow a release to its end; Ctrl-C stops following, not the release');
  withGateway(withFollowing(command.argument('<id>', 'release id')))
    .addHelpText('after', examples)
    .action(
      runs(cli, async (releaseId: string, options: GatewayOptions & FollowUpOptions) => {
        timeoutOf(options);
        return followUp({ cli, gateway: await connect(cli, options), releaseId, options });
      }),
    );
}
