import { createInterface } from 'node:readline';
import pc from 'picocolors';
import { interruptedFailure } from './failures.ts';
import type { Io } from './io.ts';
import type { Parts } from './dev-parts.ts';
import { safeDocument } from './safe-text.ts';

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
  /** Lines to stdout. */
  print(lines: string | string[]): void;
  /** A document to stdout, for programs. */
  printJson(document: unknown): void;
  /** A line to stderr, for people: stdout stays what was asked for. */
  note(line: string): void;
  /** False for anything but yes, and at the end of the input. */
  confirm(question: string): Promise<boolean>;
}

export function createCli(io: Io, parts: Parts): Cli {
  return {
    io,
    parts,
    colors: pc.createColors(io.isTTY.stdout && allowsColors(io)),
    errorColors: pc.createColors(io.isTTY.stderr && allowsColors(io)),
    exitCode: 0,
    print: (lines) => void [lines].flat().forEach((line) => io.stdout.write(`${line}\n`)),
    printJson: (document) => void io.stdout.write(`${safeDocument(document)}\n`),
    note: (line) => void io.stderr.write(`${line}\n`),
    confirm: (question) => confirm(io, question),
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

// https://no-color.org: set to anything but the empty text.
function allowsColors({ env }: Io): boolean {
  return !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

async function confirm(io: Io, question: string): Promise<boolean> {
  if (io.signal.aborted) throw interruptedFailure();
  io.stderr.write(`${question} [y/N] `);
  // Not in terminal mode: readline would catch Ctrl-C as a key, and the terminal edits lines well enough.
  const lines = createInterface({ input: io.stdin, terminal: false });
  return new Promise<boolean>((resolve, reject) => {
    const interrupted = (): void => {
      reject(interruptedFailure());
      lines.close();
    };
    io.signal.addEventListener('abort', interrupted, { once: true });
    lines.once('line', (line) => {
      resolve(/^\s*y(es)?\s*$/i.test(line));
      lines.close();
    });
    lines.once('close', () => {
      io.signal.removeEventListener('abort', interrupted);
      resolve(false);
    });
  });
}
