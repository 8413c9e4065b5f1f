import { columnsOf } from '../../../../client/cli/layout.ts';

/** What a terminal makes of what is written to it: as far as this command line writes, and no further. */
export interface Screen {
  write(text: string): void;
  /** All that it shows, with what has scrolled away above; nothing behind the last character of a row. */
  text(): string;
  isCursorShown(): boolean;
}

// eslint-disable-next-line no-control-regex
const sequence = /\u001b\[(\??\d*(?:;\d+)*)([A-Za-z])|[^]/gu;

/** Throws on what it does not know: a test would compare what no terminal shows. */
export function aScreen(columns: number, rows: number): Screen {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  let cursor = true;
  const top = () => Math.max(0, lines.length - rows);
  const down = (): void => {
    row += 1;
    if (row === lines.length) lines.push([]);
  };
  const put = (character: string): void => {
    const width = columnsOf(character);
    if (width === 0) return void (lines[row]![column - 1] += character);
    if (column + width > columns) {
      down();
      column = 0;
    }
    for (let at = lines[row]!.length; at < column; at += 1) lines[row]![at] = ' ';
    lines[row]![column] = character;
    if (width === 2) lines[row]![column + 1] = '';
    column += width;
  };
  const obey = (parameters: string, letter: string): void => {
    if (letter === 'm') return;
    if (letter === 'A') row = Math.max(top(), row - Number(parameters));
    // Of a row that is full the last character is where the cursor still is.
    else if (letter === 'K') lines[row]!.length = Math.min(lines[row]!.length, Math.min(column, columns - 1));
    else if (letter === 'J' && parameters === '0') {
      lines[row]!.length = Math.min(lines[row]!.length, column);
      lines.length = row + 1;
    } else if (parameters === '?25') cursor = letter === 'h';
    else throw new Error(`this screen does not know ESC [ ${parameters} ${letter}`);
  };
  return {
    write(text) {
      for (const [piece, parameters, letter] of text.matchAll(sequence)) {
        if (letter !== undefined) obey(parameters!, letter);
        else if (piece === '\r') column = 0;
        else if (piece === '\n') {
          down();
          column = 0;
        } else put(piece);
      }
    },
    text: () =>
      lines
        .map((line) =>
          Array.from(line, (cell) => cell ?? ' ')
            .join('')
            .trimEnd(),
        )
        .join('\n')
        .trimEnd(),
    isCursorShown: () => cursor,
  };
}
