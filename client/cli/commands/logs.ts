import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { createEventFeed } from '../events.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { eventLines } from '../follow-views.ts';
import { follow } from '../follow.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { namesOfRuns, releaseNamed } from '../release-named.ts';
import { failureLines } from '../render-status.ts';

interface LogsOptions extends GatewayOptions, LaneOptions {
  follow?: boolean;
}

const examples = `
All that the run has said of itself, the oldest first: stages, components, checks, and of a failure what pods, endpoints or migrations said in their own
words. What builds and tests print is in the log of the build workers.

Examples:
  slipway logs
  slipway logs shop#142 --follow`;

export function registerLogs(program: Command, cli: Cli): void {
  const command = program.command('logs').description('what a release has said of itself, whole');
  withGateway(withLane(command.argument('[id]', namesOfRuns, '@latest')))
    .option('--follow', 'go on until it has ended')
    .addHelpText('after', examples)
    .action(runs(cli, (id: string, options: LogsOptions) => logs(cli, id, options)));
}

async function logs(cli: Cli, id: string, options: LogsOptions): Promise<number> {
  const gateway = await connect(cli, options);
  const releaseId = await releaseNamed({ cli, gateway, options }, id);
  if (options.follow && !options.json) {
    const view = eventLines(cli, (line) => cli.print(line));
    return exitCodeOf(await follow({ cli, gateway, releaseId, view }));
  }
  const view = await gateway.release(releaseId);
  const { log = [], checks = [], failure } = view.status ?? {};
  if (options.json) cli.printJson({ releaseId, log, checks, ...(failure && { failure }) });
  else {
    cli.print(createEventFeed()(view, cli.io.now()));
    if (failure) cli.print(failureLines(failure, cli));
    if (!view.status) cli.note('nothing of what it has said can be seen now: `slipway status --why` says why');
  }
  return 0;
}
