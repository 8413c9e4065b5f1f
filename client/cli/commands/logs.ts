import type { Command } from 'commander';
import type { MigrationOutline } from '../../../domain/contract/outline.ts';
import type { Artifact } from '../../../domain/contract/release.ts';
import { originInWords } from '../../../domain/image-origin.ts';
import { shortDigest } from '../../../domain/images.ts';
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
import { toTheSecond } from '../words.ts';

interface LogsOptions extends GatewayOptions, LaneOptions {
  follow?: boolean;
}

const examples = `
What the run has said of itself, the oldest first (it keeps 200 lines), its images, migrations and checks, and of a failure what builds, tests, migrations, pods or endpoints said
in their own words. What else they print is not kept with a release.

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
  const { log = [], checks = [], artifacts = [], migrations = [], failure } = status ?? {};
  if (json) return cli.printJson('logs', { releaseId, log, checks, ...(failure && { failure }) });
  cli.print(log.map(({ at, line }) => `${toTheSecond(at)} ${oneLine(line)}`));
  cli.print([...artifacts.map(artifactLine), ...migrations.map(migrationLine)]);
  cli.print(checks.map(({ name, verdict, summary }) => `check ${oneLine(name)}: ${verdict}, ${oneLine(summary)}`));
  if (failure) cli.print(failureLines(failure, cli));
  if (!status) cli.note('nothing of what it has said can be seen now: `slipway status --why` says why');
  else if (log.length >= longestLog) cli.note(`a run keeps its newest ${longestLog} lines: older ones are gone`);
  cli.note(notKept);
}

function artifactLine(artifact: Artifact): string {
  const { component, image } = artifact;
  return `image of ${oneLine(component)}: ${oneLine(originInWords(artifact))}, ${oneLine(shortDigest(image))}`;
}

function migrationLine({
  database,
  region,
  component,
  pending,
  count,
  contracting,
  unplanned,
}: MigrationOutline): string {
  const where = `migration of ${oneLine(database)} in ${oneLine(region)} by ${oneLine(component)}`;
  if (unplanned) return `${where}: whatever is pending; it could not be told before the approval`;
  const more = count > pending.length ? ` and ${count - pending.length} more` : '';
  const names = pending.length > 0 ? `${pending.map(oneLine).join(', ')}${more}` : 'nothing pending';
  return `${where}: ${names}${contracting.length > 0 ? `; contracting: ${contracting.map(oneLine).join(', ')}` : ''}`;
}

/** Nobody is to take this for all that was printed. */
const notKept =
  'not kept with a release: what else builds and tests print (the log of the build workers has it), and migrations and pods (their cluster has it, while it keeps them)';
