import type { Command, CommanderError } from 'commander';
import { commandPath, readWords, type Reading } from './command-words.ts';
import { usageFailure, type CliFailure } from './failures.ts';

type Words = [message: string, next: string];

/** What the parser found wrong, by its codes: its sentences are its own. Names of options and commands are looked at before it, by `checkNames`. */
const byCode: Readonly<Record<string, (reading: Reading, quoted: string) => Words>> = {
  // Of a command that is only a group; its help has been shown.
  'commander.help': () => ['no command is named', 'Name one of the commands above.'],
  'commander.missingArgument': (reading, name) => [`<${name}> is missing`, usageOf(reading)],
  'commander.optionMissingArgument': (reading, flags) => [`the value of ${flags} is missing`, usageOf(reading)],
  'commander.missingMandatoryOptionValue': (reading, flags) => [`${flags} is missing`, usageOf(reading)],
  'commander.excessArguments': tooMuch,
  'commander.invalidArgument': invalid,
};

/** In our own words, with the next step. */
export function usageInWords(
  { code, message }: CommanderError,
  program: Command,
  words: readonly string[],
): CliFailure {
  const reading = readWords(program, words);
  const quoted = /'([^']{0,200})'/.exec(message)?.[1] ?? '';
  const [says, next] = byCode[code]?.(reading, quoted) ?? ['the command line cannot be read', usageOf(reading)];
  return usageFailure(says, next);
}

function usageOf({ command }: Reading): string {
  return `Write: ${commandPath(command)} ${command.usage()}. \`${commandPath(command)} --help\` says more.`;
}

function tooMuch({ command, operands }: Reading): Words {
  const taken = command.registeredArguments.length;
  const beyond = operands.slice(taken).map((word) => JSON.stringify(word));
  const takes = command.registeredArguments.map((argument) => `<${argument.name()}>`).join(' ');
  const says = taken === 0 ? 'takes no words behind it' : `takes ${takes} alone`;
  return [
    `${beyond.join(', ')} belongs to nothing: \`${commandPath(command)}\` ${says}`,
    'Leave it out; a value with spaces needs quotes.',
  ];
}

function invalid({ command, operands }: Reading, given: string): Words {
  const argument = command.registeredArguments[Math.max(0, operands.indexOf(given))];
  const known = argument?.argChoices?.join(', ');
  return [
    `${JSON.stringify(given)} is no ${argument?.name() ?? 'value that fits'}`,
    known ? `Name one of: ${known}.` : `\`${commandPath(command)} --help\` says what fits.`,
  ];
}
