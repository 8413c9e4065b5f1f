import type { Command } from 'commander';
import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { shownInBrowser } from '../browser.ts';
import { runs, type Cli } from '../cli.ts';
import { connect, withGateway, type GatewayOptions } from '../connect.ts';
import { refusedFailure } from '../failures.ts';
import type { CliFailure } from '../failures.ts';
import { withLane, type LaneOptions } from '../lane-meant.ts';
import { namesOfRuns, releaseNamed } from '../release-named.ts';
import { oneLine } from '../safe-text.ts';

interface OpenOptions extends GatewayOptions, LaneOptions {
  temporal?: boolean;
}

const examples = `
Without a terminal, and with --json, the address is printed and nothing is opened.

Examples:
  slipway open
  slipway open shop#142
  slipway open shop#142 --temporal     its run in the Temporal UI`;

export function registerOpen(program: Command, cli: Cli): void {
  const command = program.command('open').description('open the page of a release');
  withGateway(withLane(command.argument('[id]', namesOfRuns, '@latest')))
    .option('--temporal', 'the run in the Temporal UI instead')
    .addHelpText('after', examples)
    .action(
      runs(cli, async (id: string, options: OpenOptions) => {
        const gateway = await connect(cli, options);
        const view = await gateway.release(await releaseNamed({ cli, gateway, options }, id));
        const { url, ...known } = addressesOf(view, options);
        const { releaseId } = view;
        if (url === undefined) throw noPage(releaseId, options);
        if (options.json) cli.printJson('open', { releaseId, url, ...known });
        else cli.print(url);
        if (cli.io.isTTY.stdout && !options.json && !(await shownInBrowser(url)))
          cli.note('no browser could be opened here: copy the address');
        return 0;
      }),
    );
}

/** `url`: what is meant. The Temporal UI has one of each run, and where the gateway has no pages it is what there is. */
function addressesOf({ pageUrl, temporalUrl }: ReleaseView, { temporal }: OpenOptions) {
  const page = pageOf(pageUrl);
  const run = pageOf(temporalUrl);
  return {
    url: temporal ? run : (page ?? run),
    ...(page !== undefined && { pageUrl: page }),
    ...(run !== undefined && { temporalUrl: run }),
  };
}

function noPage(releaseId: string, { temporal }: OpenOptions): CliFailure {
  return temporal
    ? refusedFailure(
        `the gateway knows no Temporal UI for ${releaseId}`,
        'Its operator names it with SLIPWAY_TEMPORAL_UI. Without --temporal: its page, where there is one.',
      )
    : refusedFailure(
        `the gateway knows no page for ${releaseId}`,
        'Its operator sets SLIPWAY_PUBLIC_URL (docs/login.md), or names the Temporal UI with SLIPWAY_TEMPORAL_UI; meanwhile: slipway status.',
      );
}

/** A gateway may say anything: only what a browser shows as a page is handed to a program. */
function pageOf(text: string | undefined): string | undefined {
  const url = text === undefined ? null : URL.parse(oneLine(text));
  return url && /^https?:$/.test(url.protocol) ? url.href : undefined;
}
