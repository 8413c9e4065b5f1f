import type { Command } from 'commander';
import { runs, type Cli } from '../cli.ts';
import { exitCodeRows } from '../exit-codes.ts';
import { usageFailure } from '../failures.ts';
import { table } from '../layout.ts';

export function registerHelp(program: Command, cli: Cli): void {
  program
    .command('help')
    .description('show help of a command; `help exit-codes` lists the exit codes')
    .argument('[topic...]', 'a command, or exit-codes')
    .action(
      runs(cli, async (topic: string[]) => {
        if (topic.join(' ') === 'exit-codes') cli.print(exitCodeLines());
        else findCommand(program, topic).outputHelp();
        return 0;
      }),
    );
}

function exitCodeLines(): string[] {
  return table(exitCodeRows().map(({ code, name, says }) => [String(code).padStart(3), name, says]));
}

function findCommand(program: Command, names: string[]): Command {
  return names.reduce((command, name) => {
    const found = command.commands.find((child) => child.name() === name);
    if (!found)
      throw usageFailure(`there is no help about ${JSON.stringify(name)}`, '`slipway --help` lists the commands.');
    return found;
  }, program);
}
