import { createInterface } from 'node:readline';
import pc from 'picocolors';
import { interruptedFailure } from './failures.ts';
import type { Io } from './io.ts';
import type { Parts } from './dev-parts.ts';
import { foldedToRead } from './layout.ts';
import type { ShapeDocument, WriteDocument } from './json-documents.ts';
import { oneLine, safeDocument } from './safe-text.ts';

export type Colors = ReturnType<typeof pc.createColors>;

/** What every command gets: its terminal, and the parts that are loaded only when needed. */
export interface Cli {
  io: Io;
  parts: Parts;
  /** Colours of stdout; they do nothing where there must be none. */
  colors: Colors;
  errorColors: Colors;
  /** Set by the command that ran. */
  exitCode: number;
  /** As the gateway has said in its last answer, if it has; not checked. */
  gatewayVersion?: string;
  /** Lines to stdout, for people: what does not fit into their terminal goes on in the next, further in. */
  print(lines: string | string[]): void;
  /** A text to stdout that is there to be copied, or to be read by programs. */
  printAsIs(text: string): void;
  /** A document to stdout, for programs: by its schema, with its version, and each time as ISO 8601. */
  printJson: WriteDocument;
  /** A line to stderr, for people: stdout stays what was asked for. */
  note(line: string): void;
  /** The same of something that may not be meant. */
  warn(text: string): void;
  /** False for anything but yes, and at the end of the input. */
  confirm(question: string): Promise<boolean>;
  /** What is typed; nothing at the end of the input. */
  ask(question: string): Promise<string>;
}

/** `shaped`: what is printed of a document; loaded with `--json` alone. */
export function createCli(io: Io, parts: Parts, shaped: ShapeDocument = notLoaded): Cli {
  const nextLine = lineReader(io);
  const answer = (question: string): Promise<string | undefined> => {
    io.stderr.write(question);
    return nextLine();
  };
  const folded = (isTerminal: boolean) => (line: string) => (isTerminal ? foldedToRead(line, io.columns()) : [line]);
  const write = (stream: Io['stdout'], lines: string[]) => lines.forEach((line) => stream.write(`${line}\n`));
  const errorColors = pc.createColors(io.isTTY.stderr && allowsColors(io));
  return {
    io,
    parts,
    colors: pc.createColors(io.isTTY.stdout && allowsColors(io)),
    errorColors,
    exitCode: 0,
    print: (lines) => write(io.stdout, [lines].flat().flatMap(folded(io.isTTY.stdout))),
    printAsIs: (text) => void io.stdout.write(`${text}\n`),
    printJson: (kind, document) => void io.stdout.write(`${safeDocument(shaped(kind, document))}\n`),
    note: (line) => write(io.stderr, folded(io.isTTY.stderr)(line)),
    warn: (text) => write(io.stderr, folded(io.isTTY.stderr)(`${errorColors.yellow('warning:')} ${oneLine(text)}`)),
    confirm: async (question) => /^\s*y(es)?\s*$/i.test((await answer(`${question} [y/N] `)) ?? ''),
    ask: async (question) => (await answer(`${question} `)) ?? '',
  };
}

/** Wraps a command's handler: the number it returns is the exit code. */
export function runs<A extends unknown[]>(
  cli: Cli,
  handler: (...args: A) => Promise<number>,
): (...args: A) => Promise<void> {
  return async (...args) => {
    cli.exitCode = await handler(...args);
  };
}

const notLoaded: ShapeDocument = (kind) => {
  throw new Error(`${kind} is printed as JSON only with --json`);
};

// https://no-color.org: set to anything but the empty text.
function allowsColors({ env }: Io): boolean {
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Lines that a person types, one at a time and in order: what was typed ahead is the answer to the next question. */
function lineReader(io: Io): () => Promise<string | undefined> {
  // Not in terminal mode: readline would catch Ctrl-C as a key, and the terminal edits lines well enough.
  let lines: AsyncIterator<string> | undefined;
  return async () => {
    if (io.signal.aborted) throw interruptedFailure();
    lines ??= createInterface({ input: io.stdin, terminal: false })[Symbol.asyncIterator]();
    let interrupt: (() => void) | undefined;
    const interrupted = new Promise<never>((_, reject) => {
      interrupt = () => reject(interruptedFailure());
      io.signal.addEventListener('abort', interrupt, { once: true });
    });
    try {
      const next: IteratorResult<string, undefined> = await Promise.race([lines.next(), interrupted]);
      return next.value;
    } finally {
      io.signal.removeEventListener('abort', interrupt!);
    }
  };
}
