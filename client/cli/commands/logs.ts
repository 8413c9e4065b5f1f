import type { Command } from 'commander';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { longestLog } from '../../../domain/contract/status.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { eventLines, silent } from '../follow-views.ts';
import { follow } from '../follow.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { namesOfRuns, releaseNamed } from '../release-named.ts';
import { failureLines } from '../render-status.ts';
import { oneLine } from '../safe-text.ts';
import { dateAndTime } from '../words.ts';

interface LogsOptions extends GatewayOptions, LaneOptions {
  follow?: boolean;
}

const examples = `
What the run has said of itself, the oldest first (it keeps 200 lines), its checks, and of a failure what pods, endpoints or migrations said in their own
words. What builds and tests print is in the log of the build workers.

Examples:
  slipway logs
  slipway logs shop#142 --follow`;

export function registerLogs(program: Command, cli: Cli): void {
  const command = program.command('logs').description('what a release has said of itself');
  withGateway(withLane(command.argument('[id]', namesOfRuns, '@latest')))
    .option('--follow', 'go on until it has ended')
    .addHelpText('after', examples)
    .action(runs(cli, (id: string, options: LogsOptions) => logs(cli, id, options)));
}

async function logs(cli: Cli, id: string, options: LogsOptions): Promise<number> {
  const gateway = await connect(cli, options);
  const releaseId = await releaseNamed({ cli, gateway, options }, id);
  if (!options.follow) {
    tell(cli, await gateway.release(releaseId), options);
    return 0;
  }
  const view = options.json ? silent : eventLines(cli, (line) => cli.print(line));
  const end = await follow({ cli, gateway, releaseId, view });
  if (options.json) tell(cli, end, options);
  return exitCodeOf(end);
}

function tell(cli: Cli, { releaseId, status }: ReleaseView, { json }: LogsOptions): void {
  const { log = [], checks = [], failure } = status ?? {};
  if (json) return cli.printJson('logs', { releaseId, log, checks, ...(failure && { failure }) });
  cli.print(log.map(({ at, line }) => `${dateAndTime(at)} ${oneLine(line)}`));
  cli.print(checks.map(({ name, verdict, summary }) => `check ${oneLine(name)}: ${verdict}, ${oneLine(summary)}`));
  if (failure) cli.print(failureLines(failure, cli));
  if (!status) cli.note('nothing of what it has said can be seen now: `slipway status --why` says why');
  else if (log.length >= longestLog) cli.note(`a run keeps its newest ${longestLog} lines: older ones are gone`);
}
