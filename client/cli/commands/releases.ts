import type { Command } from 'commander';
import { isOutcome, outcomes } from '../../../domain/outcomes.ts';
import { runs, type Cli } from '../cli.ts';
import { widthOf } from '../io.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { usageFailure } from '../failures.ts';
import type { ListFilter } from '../gateway-client.ts';
import { renderReleases } from '../render-releases.ts';
import { longAgo } from '../words.ts';

interface ReleasesOptions extends GatewayOptions {
  service?: string;
  environment?: string;
  mine?: boolean;
  open?: boolean;
  outcome?: string;
  since?: string;
  commit?: string;
  before?: string;
  limit: string;
}

const examples = `
Examples:
  slipway releases
  slipway releases --open                       what goes on, and what it waits for
  slipway releases --mine --since 7d
  slipway releases --service shop --environment production --outcome verified --limit 5 --json`;

export function registerReleases(program: Command, cli: Cli): void {
  withGateway(program.command('releases').description('list releases and rollbacks, newest first'))
    .option('--service <name>', 'only of this service')
    .option('--environment <name>', 'only to this environment')
    .option('--mine', 'only what you have asked for')
    .option('--open', 'only what has not ended')
    .option('--outcome <outcome>', 'only what has ended so')
    .option('--since <time>', 'only what was asked for since: 2h, 7d, 2026-11-30 or 2026-11-30T08:00Z')
    .option('--commit <commit>', 'only of commits that begin so: 4 characters or more')
    .option('--before <place>', 'the next page, as the one before names it')
    .option('--limit <count>', 'how many, at most 200', '20')
    .addHelpText('after', examples)
    .action(runs(cli, (options: ReleasesOptions) => releases(cli, options)));
}

async function releases(cli: Cli, options: ReleasesOptions): Promise<number> {
  const filter = filterOf(options, cli.io.now());
  const gateway = await connect(cli, options);
  const by = options.mine ? { by: (await gateway.me()).id } : {};
  const list = await gateway.list({ ...filter, ...by });
  if (options.json) cli.printJson('releases', list);
  else {
    cli.print(renderReleases(list.releases, { now: cli.io.now(), width: widthOf(cli.io), colors: cli.colors }));
    if (list.next !== undefined) cli.note(`older ones: the same command with --before ${list.next}`);
  }
  return 0;
}

function filterOf(options: ReleasesOptions, now: number): ListFilter {
  const { service, environment, open, outcome, commit, before } = options;
  const limit = /^\d{1,3}$/.test(options.limit) ? Number(options.limit) : 0;
  if (limit < 1 || limit > 200)
    throw usageFailure(`--limit ${JSON.stringify(options.limit)} is not a count`, 'Write a number from 1 to 200.');
  if (outcome !== undefined && !isOutcome(outcome))
    throw usageFailure(`no release ends "${outcome}"`, `They end ${Object.keys(outcomes).join(', ')}.`);
  if (commit !== undefined && !/^[0-9a-f]{4,40}$/.test(commit))
    throw usageFailure(`"${commit}" is not the beginning of a commit`, 'Write 4 to 40 hexadecimal characters.');
  if (before !== undefined && !/^\d{1,15}\.\d{1,15}$/.test(before))
    throw usageFailure(`"${before}" names no page`, 'Copy it from the end of the page before.');
  return {
    limit,
    ...(service && { service }),
    ...(environment && { environment }),
    ...(open && { open: true }),
    ...(outcome && { outcome }),
    ...(commit && { commit }),
    ...(before && { before }),
    ...(options.since !== undefined && { since: sinceOf(options.since, now) }),
  };
}

function sinceOf(text: string, now: number): number {
  const at = longAgo(text, now) ?? Date.parse(text);
  if (Number.isNaN(at) || at < 0)
    throw usageFailure(`"${text}" is no time`, 'Write how long ago (30m, 2h, 7d), 2026-11-30, or 2026-11-30T08:00Z.');
  return at;
}
