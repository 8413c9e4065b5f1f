import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { usageFailure } from '../failures.ts';
import { renderReleases } from '../render-releases.ts';

interface ReleasesOptions extends GatewayOptions {
  service?: string;
  environment?: string;
  limit: string;
}

const examples = `
Examples:
  slipway releases
  slipway releases --service shop --environment production --limit 5 --json`;

export function registerReleases(program: Command, cli: Cli): void {
  withGateway(program.command('releases').description('list releases, newest first'))
    .option('--service <name>', 'only of this service')
    .option('--environment <name>', 'only to this environment')
    .option('--limit <count>', 'how many, at most 200', '20')
    .addHelpText('after', examples)
    .action(runs(cli, (options: ReleasesOptions) => releases(cli, options)));
}

async function releases(cli: Cli, options: ReleasesOptions): Promise<number> {
  const limit = /^\d{1,3}$/.test(options.limit) ? Number(options.limit) : 0;
  if (limit < 1 || limit > 200)
    throw usageFailure(`--limit ${JSON.stringify(options.limit)} is not a count`, 'Write a number from 1 to 200.');
  const gateway = await connect(cli, options);
  const rows = await gateway.releases({
    ...(options.service ? { service: options.service } : {}),
    ...(options.environment ? { environment: options.environment } : {}),
    limit,
  });
  if (options.json) cli.printJson({ releases: rows });
  else cli.print(renderReleases(rows, { now: cli.io.now(), colors: cli.colors }));
  return 0;
}
