import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { gatewayUrl } from '../connect.ts';
import { usageFailure } from '../failures.ts';
import { readSettings, settingsFile, writeSettings, type OwnSettings } from '../own-settings.ts';
import { oneLine, safeText } from '../safe-text.ts';

interface UseOptions {
  gateway?: string;
  clear?: boolean;
  json?: boolean;
}

const examples = `
What is named on the command line comes first; a slipway.yaml here comes before the service that is kept, and a kept environment before the branch.

Examples:
  slipway use shop production --gateway https://slipway.example.com
  slipway use                       what is kept
  slipway use --clear`;

export function registerUse(program: Command, cli: Cli): void {
  program
    .command('use')
    .description('keep the service, environment and gateway that commands are about; without names, say what is kept')
    .argument('[service]')
    .argument('[environment]')
    .option('--gateway <url>', 'address of the gateway')
    .option('--clear', 'keep nothing any more')
    .option('--json', 'one JSON document on stdout, for programs')
    .addHelpText('after', examples)
    .action(
      runs(cli, (service: string | undefined, environment: string | undefined, options: UseOptions) =>
        use(cli, { ...(service && { service }), ...(environment && { environment }) }, options),
      ),
    );
}

const name = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

async function use(cli: Cli, named: OwnSettings, { gateway, clear, json }: UseOptions): Promise<number> {
  for (const word of [named.service, named.environment])
    if (word !== undefined && !name.test(word))
      throw usageFailure(`${JSON.stringify(word)} is no name`, 'Names are lower-case letters, digits and dashes.');
  const wanted = { ...named, ...(gateway !== undefined && { gateway: gatewayUrl(gateway) }) };
  const isAsked = Object.keys(wanted).length > 0 || clear;
  // A file that cannot be read is no reason not to begin anew.
  const settings = clear ? wanted : { ...(await readSettings(cli.io)), ...forgotten(named), ...wanted };
  const kept = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as OwnSettings;
  const file = isAsked ? await writeSettings(cli.io, kept) : settingsFile(cli.io);
  if (json) cli.printJson('use', { ...kept, ...(file !== undefined && { file }) });
  else cli.print(lines(kept, file));
  return 0;
}

/** An environment is kept of a service: with another one it is to be said again. */
function forgotten({ service, environment }: OwnSettings): { environment?: undefined } {
  return service !== undefined && environment === undefined ? { environment: undefined } : {};
}

function lines({ service, environment, gateway }: OwnSettings, file: string | undefined): string[] {
  return [
    `service      ${service ? oneLine(service) : '-'}`,
    `environment  ${environment ? oneLine(environment) : '-'}`,
    `gateway      ${gateway ? oneLine(gateway) : '-'}`,
    ...(file === undefined ? [] : [`kept in ${safeText(file)}`]),
  ];
}
