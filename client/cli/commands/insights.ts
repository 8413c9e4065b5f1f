import type { Command } from 'commander';
import { howCounted } from '../../../domain/insights/how-counted.ts';
import { mostWeeks, weekMs } from '../../../domain/insights/weeks.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { usageFailure } from '../failures.ts';
import { renderInsights } from '../render-insights.ts';
import { longAgo } from '../words.ts';

interface InsightsOptions extends GatewayOptions {
  service?: string;
  environment?: string;
  since?: string;
  how?: boolean;
}

const examples = `
Examples:
  slipway insights                          production, the last 13 weeks
  slipway insights --service shop --environment staging --since 28d
  slipway insights --how                    how each number is counted
  slipway insights --json`;

export function registerInsights(program: Command, cli: Cli): void {
  withGateway(program.command('insights').description('how releases went: time targets, failures, what takes longest'))
    .option('--service <name>', 'only of this service')
    .option('--environment <name>', 'only to this environment; without it, those that need an approval')
    .option('--since <time>', `from the week of then on, ${mostWeeks} weeks at most: 28d, 2026-11-30`)
    .option('--how', 'how each number is counted, and nothing else')
    .addHelpText('after', examples)
    .action(runs(cli, (options: InsightsOptions) => insights(cli, options)));
}

async function insights(cli: Cli, options: InsightsOptions): Promise<number> {
  if (options.how) {
    cli.print(howCounted.flatMap(([what, how]) => [cli.colors.bold(what), `    ${how}`]));
    return 0;
  }
  const { service, environment, since } = options;
  const from = since === undefined ? undefined : sinceOf(since, cli.io.now());
  const gateway = await connect(cli, options);
  const found = await gateway.insights({
    ...(service && { service }),
    ...(environment && { environment }),
    ...(from !== undefined && { since: from }),
  });
  if (options.json) cli.printJson('insights', found);
  else cli.print(renderInsights(found, { colors: cli.colors }));
  return 0;
}

function sinceOf(text: string, now: number): number {
  const at = longAgo(text, now) ?? Date.parse(text);
  if (Number.isNaN(at) || at < 0 || at >= now || now - at > (mostWeeks - 1) * weekMs)
    throw usageFailure(
      `"${text}" is no time of the last ${mostWeeks - 1} weeks`,
      'Write how long ago (7d, 28d, 91d), or a day: 2026-11-30.',
    );
  return at;
}
