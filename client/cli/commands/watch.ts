import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { namesOfRuns, releaseNamed } from '../release-named.ts';
import { followUp, timeoutOf, withFollowing, type FollowUpOptions } from '../follow-up.ts';

const examples = `
Examples:
  slipway watch @latest
  slipway watch shop#142
  slipway watch ID --timeout 30m      exit code 5 when it has not ended by then`;

export function registerWatch(program: Command, cli: Cli): void {
  const command = program
    .command('watch')
    .description('follow a release to its end; Ctrl-C stops following, not the release');
  withGateway(withLane(withFollowing(command.argument('[id]', namesOfRuns, '@latest'))))
    .addHelpText('after', examples)
    .action(
      runs(cli, async (id: string, options: GatewayOptions & FollowUpOptions & LaneOptions) => {
        timeoutOf(options);
        const gateway = await connect(cli, options);
        const releaseId = await releaseNamed({ cli, gateway, options }, id);
        return followUp({ cli, gateway, releaseId, options });
      }),
    );
}
