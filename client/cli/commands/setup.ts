import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { begun, temporalFailure } from '../start-up.ts';

const examples = `
Examples:
  slipway setup            the Temporal that the environment names; may be repeated at any time
  slipway setup --roles    the records too, as their owner: a database role for each kind of process`;

export function registerSetup(program: Command, cli: Cli): void {
  program
    .command('setup')
    .description('prepare a Temporal namespace for slipway')
    .option('--roles', 'prepare the records as their owner, with a database role for each kind of process')
    .option('--json', 'one JSON document on stdout, for programs')
    .addHelpText('after', examples)
    .action(
      runs(cli, async ({ json, roles }: { json?: boolean; roles?: boolean }) => {
        // First: what is new in Temporal is of use to processes that can open the records.
        const prepared = roles ? await begun(cli.parts.setUpRecords(cli.io.env)) : [];
        const done = [...prepared, ...(await begun(setUp(cli)))];
        if (json) cli.printJson({ done });
        else cli.print(done);
        return 0;
      }),
    );
}

/** What Temporal's client throws is told as something to correct. */
async function setUp(cli: Cli): Promise<string[]> {
  return cli.parts.setUpTemporal(cli.io.env).catch((error: unknown) => {
    throw temporalFailure(error);
  });
}
