import type { Command, Option } from 'commander';

/** What words say, read by the program's own commands and options; nothing is run. */
export interface Reading {
  /** The innermost command that is named. */
  command: Command;
  /** Names of options that it does not have, as written. */
  unknown: string[];
  seen: Option[];
  /** Values by the names that options have in code. */
  given: Record<string, string>;
  /** What is neither a command nor an option. */
  operands: string[];
  /** The option whose value comes next. */
  awaits?: Option;
  /** After `--`, where no word is an option. */
  literal: boolean;
}

export function readWords(program: Command, words: readonly string[]): Reading {
  const reading: Reading = { command: program, unknown: [], seen: [], given: {}, operands: [], literal: false };
  for (const word of words) readWord(reading, word);
  return reading;
}

/** Its options, those for help and version too. */
export function optionsOf(command: Command): Option[] {
  return command.createHelp().visibleOptions(command);
}

/** Also one that no help shows. */
export function optionNamed(command: Command, name: string): Option | undefined {
  return [...optionsOf(command), ...command.options].find(({ long, short }) => name === long || name === short);
}

/** Its commands, without those that people do not type. */
export function commandsOf(command: Command): Command[] {
  return command.createHelp().visibleCommands(command);
}

/** `slipway lane clear-hold`. */
export function commandPath(command: Command): string {
  return command.parent ? `${commandPath(command.parent)} ${command.name()}` : command.name();
}

/** The two sides of `--service=shop`. */
export function splitOption(word: string): { name: string; value?: string } {
  const at = word.startsWith('--') ? word.indexOf('=') : -1;
  return at === -1 ? { name: word } : { name: word.slice(0, at), value: word.slice(at + 1) };
}

function readWord(reading: Reading, word: string): void {
  const { command, awaits } = reading;
  if (awaits) {
    reading.given[awaits.attributeName()] = word;
    delete reading.awaits;
  } else if (reading.literal || !/^-./.test(word)) {
    const inner = reading.operands.length === 0 && command.commands.find((one) => one.name() === word);
    if (inner) reading.command = inner;
    else reading.operands.push(word);
  } else if (word === '--') reading.literal = true;
  else readOption(reading, word);
}

function readOption(reading: Reading, word: string): void {
  const { name, value } = splitOption(word);
  const option = optionNamed(reading.command, name);
  if (!option) {
    reading.unknown.push(name);
    return;
  }
  reading.seen.push(option);
  if (value !== undefined) reading.given[option.attributeName()] = value;
  else if (option.required) reading.awaits = option;
}
