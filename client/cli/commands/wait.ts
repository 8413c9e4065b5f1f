import type { Command } from 'commander';
import { asksAPerson } from '../../../domain/asks-a-person.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { usageFailure } from '../failures.ts';
import { timeoutOf, withFollowing, type FollowUpOptions } from '../follow-up.ts';
import { silent } from '../follow-views.ts';
import { follow } from '../follow.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { namesOfRuns, releaseNamed } from '../release-named.ts';
import { endLines, waitingText } from '../render-status.ts';

interface WaitOptions extends GatewayOptions, FollowUpOptions, LaneOptions {
  for: string;
}

const ends = ['end', 'person'];

const examples = `
Says nothing until then. The exit code is that of the end, whatever was waited for, and 0 where a person is asked.

Examples:
  slipway wait shop#142 --timeout 30m
  slipway wait @latest --for person --json     ended or not: \`open\` says`;

export function registerWait(program: Command, cli: Cli): void {
  const command = program.command('wait').description('wait until a release has ended, or asks a person');
  withGateway(withLane(withFollowing(command.argument('[id]', namesOfRuns, '@latest'))))
    .option('--for <what>', `${ends.join(' or ')}: until it has ended, or also until a person is asked`, 'end')
    .addHelpText('after', examples)
    .action(runs(cli, (id: string, options: WaitOptions) => wait(cli, id, options)));
}

async function wait(cli: Cli, id: string, options: WaitOptions): Promise<number> {
  const timeoutMs = timeoutOf(options);
  if (!ends.includes(options.for))
    throw usageFailure(`--for ${JSON.stringify(options.for)} is nothing to wait for`, `Write ${ends.join(' or ')}.`);
  const gateway = await connect(cli, options);
  const releaseId = await releaseNamed({ cli, gateway, options }, id);
  const view = await follow({
    cli,
    gateway,
    releaseId,
    view: silent,
    ...(timeoutMs !== undefined && { timeoutMs }),
    until: ({ status }) => options.for === 'person' && status !== undefined && asksAPerson(status),
  });
  const exitCode = view.open ? 0 : exitCodeOf(view);
  if (options.json) cli.printJson('release', { ...view, exitCode });
  else if (view.open) cli.print(`waits for ${waitingText(view.status!.waitingFor!)}`);
  else cli.print(endLines(view));
  return exitCode;
}
