import { stripVTControlCharacters } from 'node:util';

// Characters that take two columns in a terminal, and those that take none.
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const none = /[\p{Mn}\p{Me}\u1160-\u11ff]/u;
// eslint-disable-next-line no-control-regex
const colorOrCharacter = /\u001b\[[0-9;]*m|[^]/gu;

/** Columns that a text takes in a terminal; colours take none. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of stripVTControlCharacters(text)) columns += columnsOfCharacter(character);
  return columns;
}

function columnsOfCharacter(character: string): number {
  if (none.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** The text cut to so many columns, with `…` where something is missing. Colours that were begun are ended. */
export function fit(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = '';
  let used = 0;
  let colored = false;
  for (const [piece] of text.matchAll(colorOrCharacter)) {
    if (piece.length > 1 && piece.startsWith('\u001b')) {
      kept += piece;
      colored = true;
      continue;
    }
    used += columnsOfCharacter(piece);
    if (used > columns - 1) break;
    kept += piece;
  }
  return `${kept}…${colored ? '\u001b[0m' : ''}`;
}

function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** Rows as aligned columns, two spaces between; nothing after the last. */
export function table(rows: string[][], indent = ''): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, columnsOf(cell))));
  return rows.map((row) => (indent + row.map((cell, at) => pad(cell, widths[at]!)).join('  ')).trimEnd());
}

/** A text of several lines, each indented; its own empty ends left out. */
export function indented(text: string, indent: string): string[] {
  return text
    .trim()
    .split('\n')
    .map((line) => (indent + line.replaceAll('\t', '    ')).trimEnd());
}

/** A text without colours on as many lines as it needs, broken between words where that is possible. */
export function wrapped(text: string, columns: number): string[] {
  const room = Math.max(columns, 10);
  if (columnsOf(text) <= room) return [text];
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) <= room) lines[lines.length - 1] = `${line} ${word}`;
    else lines.splice(line === '' ? -1 : lines.length, line === '' ? 1 : 0, ...pieces(word, room));
  }
  return lines;
}

/** The same of a line that may be indented and coloured: what does not fit stands in the next ones, a little further in. */
export function foldedTo(line: string, columns: number): string[] {
  if (columnsOf(line) <= columns) return [line];
  const [begins = '', colored = '', lead = ''] = leadOf.exec(line) ?? [];
  const text = colored + line.slice(begins.length);
  // Too narrow to be read anyway.
  if (columns - lead.length < 14) return wrapped(text, columns);
  const [first = ''] = wrapped(text, columns - lead.length);
  const deeper = ' '.repeat(hangingAt(line, columns) ?? lead.length + 4);
  const rest = text.slice(first.length).replace(/^ /, '');
  return [lead + first, ...wrapped(rest, columns - deeper.length).map((one) => deeper + one)];
}

// eslint-disable-next-line no-control-regex
const leadOf = /^((?:\u001b\[[0-9;]*m)*)( *)/;

/** Lines for people, for whom nothing is broken that is there to be copied: commands, and names that are longer than a line. */
export function foldedToRead(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => {
    if (columnsOf(line) <= columns) return [line];
    const plain = stripVTControlCharacters(line);
    if (isCommand.test(plain) || plain.split(' ').some((word) => columnsOf(word) > columns - 8)) return [line];
    const [, sentence, command] = endsWithCommand.exec(line) ?? [];
    return sentence === undefined ? foldedTo(line, columns) : [...foldedTo(sentence, columns), `    ${command!}`];
  });
}

const isCommand = /^ *(?:[a-z]+(?: [a-z]+)?: )?slipway /;
const endsWithCommand = /^(.*:) (slipway .*)$/;

/** Where the last column of a row begins, where there is room to go on below it. */
function hangingAt(line: string, columns: number): number | undefined {
  const at = columnsOf(/^.*\S {2,}(?=\S)/.exec(stripVTControlCharacters(line))?.[0] ?? '');
  return at > 0 && columns - at >= 24 ? at : undefined;
}

/** A word that is longer than a line. */
function pieces(word: string, columns: number): string[] {
  const found = [''];
  let used = 0;
  for (const character of word) {
    const more = columnsOfCharacter(character);
    if (used + more > columns) {
      found.push('');
      used = 0;
    }
    found[found.length - 1] += character;
    used += more;
  }
  return found;
}
