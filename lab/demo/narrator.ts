import type { Cli } from '../../client/cli/cli.ts';
import { fit } from '../../client/cli/layout.ts';
import { oneLine } from '../../client/cli/safe-text.ts';

/** Tells what happens, line by line as it happens, with the seconds since the demo began in front. */
export interface Narrator {
  heading(text: string): void;
  step(text: string): void;
  /** A line of the release's story; the stage is shown where it changes. */
  story(stage: string, text: string): void;
  /** Lines as they are, indented. */
  block(lines: readonly string[]): void;
  /** What is going on right now: drawn over, and in terminals only. */
  now(text: string): void;
  elapsedMs(): number;
}

const timeColumns = 8;
const stageColumns = 17;

export function createNarrator(cli: Cli): Narrator {
  const { io, colors } = cli;
  const began = io.now();
  const draws = io.isTTY.stdout && io.env['TERM'] !== 'dumb';
  let drawn = false;
  let stageBefore = '';
  const elapsedMs = () => io.now() - began;
  const time = () => `${(elapsedMs() / 1_000).toFixed(1)} s`.padStart(timeColumns);
  const print = (lines: readonly string[]) => {
    if (drawn) io.stdout.write('\r\u001b[K');
    drawn = false;
    cli.print([...lines]);
  };
  const timed = (text: string) => {
    const line = `${colors.dim(time())}  ${text}`;
    print([draws ? fit(line, io.columns() - 1) : line]);
  };
  return {
    elapsedMs,
    heading(text) {
      stageBefore = '';
      print(['', colors.bold(text)]);
    },
    step: (text) => timed(oneLine(text)),
    story(stage, text) {
      const shown = stage === stageBefore ? '' : stage;
      stageBefore = stage;
      timed(`${colors.cyan(shown.padEnd(stageColumns))} ${oneLine(text)}`);
    },
    block: (lines) => print(lines.map((line) => (line === '' ? '' : `  ${line}`))),
    now(text) {
      if (!draws) return;
      const line = colors.dim(`${time()}  ${' '.repeat(stageColumns)} … ${oneLine(text)}`);
      io.stdout.write(`\r\u001b[K${fit(line, io.columns() - 1)}`);
      drawn = true;
    },
  };
}
