import type { Command } from 'commander';
import type { LaneView } from '../../../domain/contract/gateway.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import { longestReason } from '../../../domain/longest-reason.ts';
import { otherExitCodes } from '../../../domain/outcomes.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { amended, mayHaveArrived, usageFailure } from '../failures.ts';
import type { LaneChange } from '../gateway-client.ts';
import { laneNamed, meantInWords, withLane as withNames, type LaneOptions as Meant } from '../lane-meant.ts';
import { renderLane } from '../render-lane.ts';
import { parseDuration } from '../words.ts';

interface LaneOptions extends GatewayOptions, Meant {
  full?: boolean;
  reason?: string;
  until?: string;
  id?: string;
  ticket?: string;
}

/** Not required in the parser's eyes: it would want them of `lane` too when `lane clear-hold` was given them. */
const withLane = (command: Command): Command => withGateway(withNames(command));

/** Of what is changed it is said which lane that is, where that was not typed. */
async function laneToChange(cli: Cli, options: LaneOptions): Promise<LaneKey> {
  const { by, ...lane } = await laneNamed(cli, options);
  meantInWords({ ...lane, by }).forEach((line) => cli.note(line));
  return lane;
}

const place = '--service shop --environment production';

/** `lane`, `lane clear-hold`, `lane clear-ticket`, `lane tell`, `freeze` and `unfreeze`. */
export function registerLane(program: Command, cli: Cli): void {
  const lane = program.command('lane');
  withLane(lane.description('who may change an environment, who waits, and what is verified there'))
    .option('--full', 'all that is said of why it is closed, not only the first sentence')
    .addHelpText(
      'after',
      `\nExamples:\n  slipway lane ${place}\n  slipway lane clear-hold ${place} --reason "looked, all regions are well"`,
    )
    .action(
      runs(cli, async (options: LaneOptions) => {
        const { by: _by, ...lane } = await laneNamed(cli, options);
        const gateway = await connect(cli, options);
        return show(cli, await gateway.lane(lane), options);
      }),
    );
  const clear = lane.command('clear-hold').description('let releases in again after somebody has looked');
  const ticket = lane
    .command('clear-ticket')
    .description('ignore a stray ticket: one on a Deployment that no lane has given out (SLIP-K8S-24)');
  withLane(
    lane
      .command('tell')
      .description(
        'have the lane told what is on record and it has not heard, and begun anew where it does not run; orders nothing',
      ),
  )
    .addHelpText('after', `\nExamples:\n  slipway lane tell ${place}`)
    .action(
      runs(cli, async (options: LaneOptions) => {
        const lane = await laneToChange(cli, options);
        const gateway = await connect(cli, options);
        return show(cli, await gateway.tellLane(lane), options);
      }),
    );
  const freeze = program.command('freeze').description('let nothing new begin; rollbacks pass');
  const unfreeze = program.command('unfreeze').description('end a freeze');
  registerChange(clear.option('--id <hold>', 'which one, when there are several'), 'clear-hold', cli);
  registerChange(
    ticket.requiredOption('--ticket <ticket>', 'as the failure names it, such as 999.1'),
    'clear-ticket',
    cli,
  );
  registerChange(
    freeze.option('--until <time>', 'ends it by itself: 2026-11-30T08:00Z, or 2h from now'),
    'freeze',
    cli,
  );
  registerChange(unfreeze.option('--id <freeze>', 'which one, when there are several'), 'unfreeze', cli);
}

function registerChange(command: Command, change: LaneChange, cli: Cli): void {
  const reason = '--reason <text>';
  const says = `kept with the lane, shown to everybody who waits; ${longestReason.ofOrder} characters at most`;
  withLane(command.requiredOption(reason, says))
    .addHelpText('after', `\nExamples:\n  slipway ${examples[change]}`)
    .action(runs(cli, (options: LaneOptions) => changeLane(cli, change, options)));
}

const examples: Record<LaneChange, string> = {
  'clear-hold': `lane clear-hold ${place} --reason "the database is back, looked at with Ann"`,
  'clear-ticket': `lane clear-ticket --ticket 999.1 ${place} --reason "written by hand during the outage"`,
  freeze: `freeze ${place} --until 2h --reason "quarter end"`,
  unfreeze: `unfreeze ${place} --reason "the quarter is closed"`,
};

function detailsOf({ until, id, ticket }: LaneOptions, now: number): { until?: number; id?: string; ticket?: string } {
  return {
    ...(until !== undefined && { until: timeOf(until, now) }),
    ...(id !== undefined && { id }),
    ...(ticket !== undefined && { ticket }),
  };
}

function timeOf(text: string, now: number): number {
  const fromNow = parseDuration(text);
  const at = fromNow === undefined ? Date.parse(text) : now + fromNow;
  if (Number.isNaN(at)) throw usageFailure(`"${text}" is no time`, 'Write 2026-11-30T08:00Z, or how long: 90m, 2h.');
  return at;
}

async function changeLane(cli: Cli, change: LaneChange, options: LaneOptions): Promise<number> {
  const key = await laneToChange(cli, options);
  const details = detailsOf(options, cli.io.now());
  const gateway = await connect(cli, options);
  try {
    // What is on record is done, whoever hears of it when.
    print(cli, await gateway.changeLane(key, change, options.reason ?? '', details), options);
    return 0;
  } catch (error) {
    if (!mayHaveArrived(error)) throw error;
    const next = `It may have happened. Look before you repeat it: slipway lane --service ${key.service} --environment ${key.environment}`;
    throw amended(error, { next });
  }
}

function print(cli: Cli, view: LaneView, { json, full = false }: LaneOptions): void {
  if (json) cli.printJson('lane', view);
  else cli.print(renderLane(view, { now: cli.io.now(), colors: cli.colors, full }));
}

function show(cli: Cli, view: LaneView, options: LaneOptions): number {
  print(cli, view, options);
  // How it stands was asked, and nobody could say.
  return view.unseen && view.unseen.away !== 'begun' ? otherExitCodes.unreachable : 0;
}
