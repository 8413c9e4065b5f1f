import type { Argument, Command, Option } from 'commander';
import { commandsOf, optionNamed, optionsOf, readWords, splitOption, type Reading } from '../command-words.ts';

/** What the last of the words may become. */
export interface Place {
  reading: Reading;
  /** What is typed of it so far, without what stands before it. */
  typed: string;
  /** What stands before the value in the same word, and is to be said again: `--service=`. */
  before: string;
  /** Whose value it is. */
  wants?: Option | Argument;
  commands: Command[];
  options: Option[];
}

/** `words`: all behind the program's name up to the cursor; the last one is what is being typed, perhaps empty. */
export function placeOf(program: Command, words: readonly string[]): Place {
  const { joined, cut } = joinedAtEquals(words);
  const typed = joined.at(-1) ?? '';
  const reading = readWords(program, joined.slice(0, -1));
  const { command, awaits, literal, operands } = reading;
  const nothing = { reading, typed, before: '', commands: [], options: [] };
  if (awaits) return { ...nothing, wants: awaits };
  if (typed.startsWith('-') && !literal) {
    const { name, value } = splitOption(typed);
    if (value === undefined) return { ...nothing, options: optionsLeft(reading) };
    const option = optionNamed(command, name);
    return { ...nothing, typed: value, before: cut ? '' : `${name}=`, ...(option?.required && { wants: option }) };
  }
  const argument = argumentAt(command, operands.length);
  const commands = operands.length === 0 && !literal ? commandsOf(command) : [];
  // Where nothing else comes next, options do, also before a dash is typed.
  const options = !argument && commands.length === 0 && !literal ? optionsLeft(reading) : [];
  return { ...nothing, commands, options, ...(argument && { wants: argument }) };
}

/** Values by the names of the command's arguments. */
export function operandsByName({ command, operands }: Reading): Record<string, string> {
  const named = operands.flatMap((value, at) => {
    const argument = argumentAt(command, at);
    return argument ? [[argument.name(), value] as const] : [];
  });
  return Object.fromEntries(named);
}

function argumentAt({ registeredArguments }: Command, at: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[at] ?? (last?.variadic ? last : undefined);
}

/** Those not said yet, and those that may be said again. */
function optionsLeft({ command, seen }: Reading): Option[] {
  return optionsOf(command).filter((option) => !seen.includes(option) || Array.isArray(option.defaultValue));
}

/** Bash hands over `--service=shop` in three words, and replaces only what stands behind the sign. */
function joinedAtEquals(words: readonly string[]): { joined: string[]; cut: boolean } {
  const joined: string[] = [];
  let open = false;
  let cut = false;
  for (const word of words) {
    const last = joined.at(-1);
    const isSign = word === '=' && last !== undefined && /^--[^=]+$/.test(last);
    cut = isSign || open;
    if (cut) joined[joined.length - 1] = `${last}${word}`;
    else joined.push(word);
    open = isSign;
  }
  return { joined, cut };
}
