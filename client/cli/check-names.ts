import type { Command } from 'commander';
import { nearest } from '../../domain/nearest.ts';
import { commandPath, commandsOf, optionNamed, optionsOf, readWords } from './command-words.ts';
import { usageFailure, type CliFailure } from './failures.ts';

/**
 * Throws for a command or an option that is not there. Before the parser, which tells first what is missing, and so of `--resaon` that there is
 * no `--reason`; and which takes a wrong name behind `lane` for an argument too many.
 */
export function checkNames(program: Command, words: readonly string[]): void {
  const { command, unknown, seen, operands, literal } = readWords(program, words);
  if (seen.some(({ long }) => long === '--help' || long === '--version')) return;
  const [option] = unknown;
  if (option !== undefined) throw unknownOption(command, option);
  const [operand] = operands;
  const isGroup = command.commands.length > 0 && command.registeredArguments.length === 0;
  if (operand === undefined || !isGroup || literal) return;
  const known = commandsOf(command).map((one) => one.name());
  if (!known.includes(operand)) throw unknownCommand(command, operand, known);
}

function unknownOption(command: Command, name: string): CliFailure {
  const known = optionsOf(command).flatMap(({ long }) => long ?? []);
  const meant = nearest(name, known);
  if (meant) return usageFailure(`unknown option '${name}'`, `Did you mean ${meant}?`);
  const inner = commandsOf(command).find((one) => optionNamed(one, name));
  const next = inner
    ? `Write it behind the command that it is of: ${commandPath(inner)} ${name} …`
    : `\`${commandPath(command)} --help\` shows what there is.`;
  return usageFailure(`unknown option '${name}'`, next);
}

function unknownCommand(command: Command, name: string, known: string[]): CliFailure {
  const meant = nearest(name, known);
  const of = command.parent ? ` of \`${commandPath(command)}\`` : '';
  return usageFailure(
    `unknown command '${name}'${of}`,
    meant ? `Did you mean ${meant}?` : `\`${commandPath(command)} --help\` shows what there is.`,
  );
}
