import { Command, CommanderError } from 'commander';
import { otherExitCodes } from '../domain/outcomes.ts';

/** What stands after `npm run demo --` and the like, understood or not. */
export type Parsed<Options> =
  | { kind: 'run'; options: Options }
  | { kind: 'help'; text: string }
  | { kind: 'refused'; message: string; next: string };

interface OwnCommand<Options> {
  /** As in `npm run <name>`. */
  name: string;
  /** Adds what the command is for, its options, and what its help ends with. */
  describe: (command: Command) => Command;
  /** What the options that were given mean, or why they do not go together. */
  read: (command: Command) => Parsed<Options>;
}

/** Never throws for what was typed; writes nothing. */
export function parseOwn<Options>(
  { name, describe, read }: OwnCommand<Options>,
  argv: readonly string[],
  columns: number,
): Parsed<Options> {
  let help = '';
  const command = describe(new Command(`npm run ${name} --`).usage('[options]'))
    .helpOption('-h, --help', 'show this')
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => (help += text),
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => columns,
    });
  try {
    command.parse([...argv], { from: 'user' });
    return read(command);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === 'commander.helpDisplayed') return { kind: 'help', text: help };
    return refused(name, error.message.replace(/^error: /, ''));
  }
}

export function refused(name: string, message: string): Parsed<never> {
  const next = `\`npm run ${name} -- --help\` shows what there is.`;
  return { kind: 'refused', message: message.replace(/\s+/g, ' '), next };
}

/** Shows the help, or what is wrong with the command line; else does the work. Resolves to the exit code. */
export async function runOwn<Options>(
  parsed: Parsed<Options>,
  work: (options: Options) => Promise<number>,
): Promise<number> {
  if (parsed.kind === 'run') return work(parsed.options);
  if (parsed.kind === 'help') {
    process.stdout.write(parsed.text);
    return 0;
  }
  process.stderr.write(`error: ${parsed.message}\n  next: ${parsed.next}\n`);
  return otherExitCodes.usage;
}
