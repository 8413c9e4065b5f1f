import type { ReleaseView } from '../../domain/contract/gateway.ts';
import type { Cli } from './cli.ts';
import { createEventFeed } from './events.ts';
import { columnsOf, fit } from './layout.ts';
import { failureLines, renderStatus } from './render-status.ts';
import { oneLine } from './safe-text.ts';
import { clock } from './words.ts';

/** Where somebody sees a release go by. */
export interface FollowView {
  show(view: ReleaseView): void;
  /** The gateway did not answer; the release goes on. */
  trouble(message: string): void;
  close(): void;
}

/** The way that fits: a picture in a terminal, lines elsewhere, and for programs nothing but lines for a person on stderr. */
export function chooseFollowView(cli: Cli, json: boolean): FollowView {
  const { io } = cli;
  if (json) return io.isTTY.stderr ? eventLines(cli, (line) => cli.note(line)) : silent;
  return io.isTTY.stdout && io.env['TERM'] !== 'dumb' ? liveScreen(cli) : eventLines(cli, (line) => cli.print(line));
}

/** For whoever waits for the end alone. */
export const silent: FollowView = { show: () => {}, trouble: () => {}, close: () => {} };

/** One line for each thing that happens. */
export function eventLines({ io, colors }: Cli, write: (line: string) => void): FollowView {
  const feed = createEventFeed();
  let away = false;
  return {
    show(view) {
      if (away) write(`${clock(io.now())} the gateway answers again`);
      away = false;
      feed(view, io.now()).forEach(write);
      if (view.open || view.outcome === undefined) return;
      if (view.status?.failure) failureLines(view.status.failure, { colors }).forEach(write);
      write(
        `${clock(view.endedAt ?? io.now())} ${oneLine(view.outcome)}${view.summary ? `: ${oneLine(view.summary)}` : ''}`,
      );
    },
    trouble(message) {
      if (!away) write(`${clock(io.now())} ${oneLine(message)}; trying again, the release goes on`);
      away = true;
    },
    close: () => {},
  };
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const maxLogLines = 10;

/** Draws over what it drew before. The frame is kept smaller than the terminal: what has scrolled away cannot be drawn over. */
function liveScreen({ io, colors }: Cli): FollowView {
  let drawn = 0;
  let last: ReleaseView | undefined;
  const draw = (view: ReleaseView | undefined, trouble?: string): void => {
    const frame = view ? frameOf(view) : [];
    if (trouble)
      frame.push(
        colors.yellow(fit(`the gateway does not answer, trying again: ${oneLine(trouble)}`, io.columns() - 1)),
      );
    const back = drawn > 0 ? `\u001b[${drawn}A\r\u001b[0J` : hideCursor;
    io.stdout.write(back + frame.map((line) => `${line}\n`).join(''));
    drawn = rowsOf(frame, io.columns());
  };
  const frameOf = (view: ReleaseView): string[] => {
    const options = { now: io.now(), width: io.columns() - 1, colors };
    if (!view.open) return renderStatus(view, { ...options, logLines: maxLogLines });
    const room = Math.max(1, io.rows() - 2);
    const without = renderStatus(view, { ...options, logLines: 0 });
    const logLines = Math.max(0, Math.min(maxLogLines, room - rowsOf(without, io.columns()) - 2));
    const frame = renderStatus(view, { ...options, logLines });
    while (rowsOf(frame, io.columns()) > room) frame.pop();
    return frame;
  };
  return {
    show: (view) => draw((last = view)),
    trouble: (message) => draw(last, message),
    close: () => void io.stdout.write(drawn > 0 ? showCursor : ''),
  };
}

/** Rows that lines take when those that are too long are wrapped. */
function rowsOf(lines: string[], columns: number): number {
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(columnsOf(line) / columns)), 0);
}
