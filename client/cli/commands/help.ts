import type { Command } from 'commander';
import { nearest } from '../../../domain/nearest.ts';
import { runs, type Cli } from '../cli.ts';
import { commandsOf } from '../command-words.ts';
import { exitCodeRows } from '../exit-codes.ts';
import { usageFailure, type CliFailure } from '../failures.ts';
import { helpWidth } from '../help-text.ts';
import { foldedTo, table } from '../layout.ts';

/** The topic that is no command. */
export const exitCodes = 'exit-codes';

export function registerHelp(program: Command, cli: Cli): void {
  program
    .command('help')
    .description('show help of a command; `help exit-codes` lists the exit codes')
    .argument('[topic...]', 'a command, or exit-codes')
    .action(
      runs(cli, async (topic: string[]) => {
        if (topic.join(' ') === exitCodes)
          cli.print(exitCodeLines().flatMap((line) => foldedTo(line, helpWidth(cli.io))));
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
    if (!found) throw noHelp(command, name);
    return found;
  }, program);
}

function noHelp(command: Command, name: string): CliFailure {
  const known = commandsOf(command).map((one) => one.name());
  const meant = nearest(name, command.parent ? known : [...known, exitCodes]);
  return usageFailure(
    `there is no help about ${JSON.stringify(name)}`,
    meant ? `Did you mean ${meant}?` : '`slipway --help` lists the commands.',
  );
}
