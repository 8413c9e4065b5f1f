import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { safeText } from '../safe-text.ts';
import { begun } from '../start-up.ts';

const examples = `
Examples:
  slipway dev      Ctrl-C ends it`;

export function registerDev(program: Command, cli: Cli): void {
  program
    .command('dev')
    .description('run gateway and workers in this process, for development')
    .addHelpText('after', examples)
    .action(
      runs(cli, async () => {
        // Ctrl-C is how this command is meant to end, so it is no failure.
        const { env, signal } = cli.io;
        await begun(cli.parts.runDev({ env, signal, report: (line) => cli.printAsIs(safeText(line)) }));
        return 0;
      }),
    );
}
