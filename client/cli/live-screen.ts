import type { Io } from './io.ts';
import { columnsOf } from './layout.ts';
import { rowsOf } from './render-live.ts';

/** A picture at the end of what a terminal shows, drawn over in place. */
export interface LiveScreen {
  draw(lines: string[]): void;
  /** Lines that stay, above the picture. */
  say(lines: string[]): void;
  /** The picture stays as it is; the next thing that is written stands below it. */
  close(): void;
}

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const eraseBelow = '\u001b[0J';
const eraseToEnd = '\u001b[K';

/**
 * Only what has changed is written, and each time in one go, so that nothing flickers. Whatever ends the process between two pictures finds the
 * cursor shown. Pictures must be lower than the terminal: what has scrolled away cannot be drawn over.
 */
export function liveScreen(io: Pick<Io, 'stdout' | 'columns'>): LiveScreen {
  let shown: string[] = [];
  let columns = io.columns();
  // Terminals fold what they show anew when they get narrower.
  const back = () => up(rowsOf(shown, io.columns()));
  const write = (text: string) => void io.stdout.write(`${hideCursor}${text}${showCursor}`);
  return {
    draw(lines) {
      const isResized = columns !== io.columns();
      columns = io.columns();
      if (isResized) write(back() + eraseBelow + lines.map((line) => `${line}\n`).join(''));
      else if (lines.join('\n') !== shown.join('\n')) write(back() + changes(shown, lines, columns));
      shown = lines;
    },
    say(lines) {
      write(back() + eraseBelow + [...lines, ...shown].map((line) => `${line}\n`).join(''));
    },
    close() {
      // Over the ^C that a terminal writes by itself.
      if (shown.length > 0) write(`\r${eraseToEnd}`);
    },
  };
}

function up(rows: number): string {
  return rows > 0 ? `\u001b[${rows}A\r` : '\r';
}

/** From the first row of the picture to the one below its last: what is as it was is passed by. */
function changes(before: readonly string[], after: readonly string[], columns: number): string {
  let text = '';
  for (const [at, line] of after.entries()) {
    const same = line === before[at] && rowsOf(before.slice(0, at), columns) === rowsOf(after.slice(0, at), columns);
    text += same ? '\n'.repeat(rowsOf([line], columns)) : drawn(line, columns);
  }
  return text + eraseBelow;
}

/** A line that ends with the last column leaves nothing behind it to erase, and some terminals would erase its last character. */
function drawn(line: string, columns: number): string {
  const endsInside = line === '' || columnsOf(line) % columns !== 0;
  return `${line}${endsInside ? eraseToEnd : ''}\n`;
}
