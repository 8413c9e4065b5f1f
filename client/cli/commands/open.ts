import type { Command } from 'commander';
import { shownInBrowser } from '../browser.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { refusedFailure } from '../failures.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { namesOfRuns, releaseNamed } from '../release-named.ts';
import { oneLine } from '../safe-text.ts';

const examples = `
Without a terminal, and with --json, the address is printed and nothing is opened.

Examples:
  slipway open
  slipway open shop#142`;

export function registerOpen(program: Command, cli: Cli): void {
  const command = program.command('open').description('open a release in the Temporal UI');
  withGateway(withLane(command.argument('[id]', namesOfRuns, '@latest')))
    .addHelpText('after', examples)
    .action(
      runs(cli, async (id: string, options: GatewayOptions & LaneOptions) => {
        const gateway = await connect(cli, options);
        const { releaseId, temporalUrl } = await gateway.release(await releaseNamed({ cli, gateway, options }, id));
        const url = temporalUrl === undefined ? undefined : pageOf(temporalUrl);
        if (url === undefined)
          throw refusedFailure(
            `the gateway knows no page for ${releaseId}`,
            'Its operator names the Temporal UI with SLIPWAY_TEMPORAL_UI; meanwhile: slipway status.',
          );
        if (options.json) cli.printJson('open', { releaseId, temporalUrl: url });
        else cli.print(url);
        if (cli.io.isTTY.stdout && !options.json && !(await shownInBrowser(url)))
          cli.note('no browser could be opened here: copy the address');
        return 0;
      }),
    );
}

/** A gateway may say anything: only what a browser shows as a page is handed to a program. */
function pageOf(text: string): string | undefined {
  const url = URL.parse(oneLine(text));
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined;
}
