import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { askCommand, shells } from '../completion/scripts.ts';

const installed = Object.entries(shells).map(([shell, { install }]) => `  ${shell.padEnd(6)}${install}`);
const help = `
Examples:
${installed.join('\n')}

Services, environments, regions and releases come from slipway.yaml here and from the gateway, which is asked when you press the key, with your
token, for a second and a half at most.`;

export function registerCompletion(program: Command, cli: Cli): void {
  program
    .command('completion')
    .description('print a script that completes commands, options and names in your shell')
    .addArgument(program.createArgument('<shell>', 'your shell').choices(Object.keys(shells)))
    .addHelpText('after', help)
    .action(
      runs(cli, async (shell: string) => {
        cli.io.stdout.write(shells[shell]!.text);
        return 0;
      }),
    );
  program
    .command(askCommand, { hidden: true })
    .argument('[words...]')
    .action(
      runs(cli, async (words: string[]) => {
        const { candidates } = await import('../completion/candidates.ts');
        cli.print(await candidates(cli, program, words));
        return 0;
      }),
    );
}
