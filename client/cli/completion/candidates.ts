import type { Argument, Command, Option } from 'commander';
import { outcomes } from '../../../domain/outcomes.ts';
import type { Cli } from '../cli.ts';
import { commandsOf } from '../command-words.ts';
import { exitCodes } from '../commands/help.ts';
import { oneLine } from '../safe-text.ts';
import { isKnownKind, knownValues, type Candidate } from './known-values.ts';
import { placeOf, type Place } from './place.ts';

/** Said instead of values where files are wanted: shells know best which there are. */
const files = ':files';

/** Arguments that are environments: from where to where something goes. */
const ends = ['from', 'to'];

/** Placeholders of what is a file. */
const namesOfFiles = ['file', 'path'];

/** One line for each word that may stand where the last one is being typed: the word, and behind a tab what it is. */
export async function candidates(cli: Cli, program: Command, words: readonly string[]): Promise<string[]> {
  const place = placeOf(program, words);
  if (place.wants && isFile(place.wants)) return [files];
  const all = [
    ...place.commands.map((command) => ({ value: command.name(), says: command.description() })),
    ...(await valuesOf(cli, program, place)).filter(isPlain),
    ...place.options.map(({ long, short, description }) => ({ value: long ?? short ?? '', says: description })),
  ];
  return all
    .filter(({ value }) => value.startsWith(place.typed))
    .map(({ value, says }) => `${place.before}${value}\t${oneLine(says)}`);
}

async function valuesOf(cli: Cli, program: Command, place: Place): Promise<Candidate[]> {
  const { wants } = place;
  if (!wants) return [];
  if (wants.argChoices) return wants.argChoices.map((value) => ({ value, says: '' }));
  const name = 'attributeName' in wants ? wants.attributeName() : wants.name();
  if (name === 'outcome') return Object.entries(outcomes).map(([value, { says }]) => ({ value, says }));
  if (name === 'topic') return topics(program, place.reading.operands);
  // What `--id` is of differs; an argument of this name is a release everywhere.
  if ('attributeName' in wants && name === 'id') return [];
  const kind = ends.includes(name) ? 'environment' : name;
  return isKnownKind(kind) ? knownValues(cli, kind, place) : [];
}

/** What `slipway help` takes: the names of commands, one inside of the other. */
function topics(program: Command, before: readonly string[]): Candidate[] {
  const command = before.reduce<Command | undefined>(
    (outer, name) => outer?.commands.find((one) => one.name() === name),
    program,
  );
  const inner = command ? commandsOf(command).map((one) => ({ value: one.name(), says: one.description() })) : [];
  return before.length === 0 ? [...inner, { value: exitCodes, says: 'what each exit code means' }] : inner;
}

function isFile(wants: Option | Argument): boolean {
  // The last word of `--policy <file>`, without its brackets.
  const placeholder = 'flags' in wants ? wants.flags.split(' ').at(-1)?.slice(1, -1) : wants.name();
  return namesOfFiles.includes(placeholder ?? '');
}

/** It is put on the command line as it is: nothing in it may mean anything to a shell, and it is no option. */
function isPlain({ value }: Candidate): boolean {
  return /^[\w@+./][\w@+./#~-]*$/.test(value);
}
