import type { Command } from 'commander';
import { Failure } from '../../../domain/errors/failure.ts';
import { otherExitCodes } from '../../../domain/outcomes.ts';
import { runs, type Cli } from '../cli.ts';
import { CliFailure, usageFailure } from '../failures.ts';

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
        await requireConfiguration(cli);
        // First: what is new in Temporal is of use to processes that can open the records.
        const prepared = roles ? await cli.parts.setUpRecords(cli.io.env) : [];
        const done = [...prepared, ...(await setUp(cli))];
        if (json) cli.printJson({ done });
        else cli.print(done);
        return 0;
      }),
    );
}

/** Read first, so that a variable that is missing is not told as something that Temporal said. */
async function requireConfiguration({ io }: Cli): Promise<void> {
  const { readConfig } = await import('../../../temporal.config.ts');
  try {
    readConfig(io.env);
  } catch (error) {
    throw usageFailure(
      (error as Error).message,
      'Set these variables as for a worker of this installation; then repeat it.',
    );
  }
}

/** What Temporal's client throws is about the address, TLS or rights: something to correct, no defect. */
async function setUp(cli: Cli): Promise<string[]> {
  try {
    return await cli.parts.setUpTemporal(cli.io.env);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof Failure) throw error;
    throw new CliFailure({
      code: 'setup-failed',
      message: `Temporal could not be set up: ${error.message}`,
      next: 'Check that Temporal runs and that the environment names its address, namespace and TLS files; then repeat it.',
      exitCode: otherExitCodes.unreachable,
    });
  }
}
