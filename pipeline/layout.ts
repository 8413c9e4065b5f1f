import type { Problem } from './problem.ts';

/** What is wrong on one line of a text, before it is a problem of a file. */
export type Mistake = Omit<Problem, 'file' | 'path'>;

export interface Line {
  number: number;
  indent: number;
  text: string;
  entry: boolean;
  /** How far in what an entry has begins, from its dash. */
  inside: number;
  key: string | undefined;
  /** Nothing stands behind the key or dash: what belongs to it may follow, further in. */
  opens: boolean;
}

/**
 * The first line that is indented like none of its neighbours. YAML takes such lines for all kinds of things, and parsers say so: what
 * happened is seen by the indentation alone. Looks at lines up to `lastLine`.
 */
export function wrongIndent(text: string, lastLine: number): Mistake | undefined {
  const lines = linesOf(text).filter(({ key, entry }) => key !== undefined || entry);
  const levels: Level[] = [];
  let around: readonly Level[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.number > lastLine) return undefined;
    const [before, earlier] = [lines[index - 1], lines[index - 2]];
    const deepest = levels.at(-1)?.indent ?? -1;
    if (line.indent > deepest && before !== undefined && !before.opens) {
      return outOfLine(before, earlier, line, around) ?? mistakeAt(line, meantIndent(line, levels, undefined));
    }
    const open = levels.filter(({ indent }) => indent <= line.indent);
    const between = line.indent < deepest && open.at(-1)?.indent !== line.indent;
    if (between || besideDash(line, open)) return mistakeAt(line, meantIndent(line, levels, lines[index + 1]));
    around = [...levels];
    levels.length = open.length;
    addLevels(levels, line);
  }
  return undefined;
}

interface Level {
  indent: number;
  entry: boolean;
}

/** A complete line that stands too far out makes the next one look too far in: it follows one that waits for more, or interrupts others. */
function outOfLine(before: Line, earlier: Line | undefined, line: Line, around: readonly Level[]): Mistake | undefined {
  if (earlier === undefined || earlier.indent < before.indent) return undefined;
  const interrupts = earlier.indent > before.indent && around.some(({ indent }) => indent === line.indent);
  return earlier.opens || interrupts ? mistakeAt(before, line.indent) : undefined;
}

/** A key in the column of the dash that it belongs behind. */
function besideDash({ indent, entry }: Line, open: readonly Level[]): boolean {
  const here = open.filter((level) => level.indent === indent);
  return !entry && here.length > 0 && here.every((level) => level.entry);
}

function addLevels(levels: Level[], { indent, entry, inside, key }: Line): void {
  const last = levels.at(-1);
  if (last?.indent !== indent || last.entry !== entry) levels.push({ indent, entry });
  if (entry && key !== undefined) levels.push({ indent: indent + inside, entry: false });
}

function meantIndent(line: Line, levels: readonly Level[], next: Line | undefined): number {
  const alike = levels.filter(({ entry }) => entry === line.entry);
  const known = (alike.length > 0 ? alike : levels).map(({ indent }) => indent);
  const deeper = known.filter((indent) => indent > line.indent);
  if (deeper.length === 0) return Math.max(...known);
  return next !== undefined && deeper.includes(next.indent) ? next.indent : Math.min(...deeper);
}

function mistakeAt({ number, indent, text, key }: Line, meant: number): Mistake {
  const spaces = (count: number) => (count === 0 ? 'none' : count === 1 ? '1 space' : `${count} spaces`);
  const what = key === undefined ? 'the entry' : `\`${key}\``;
  return {
    line: number,
    column: 1,
    endColumn: indent + 1,
    message: `${what} is ${indent === 0 ? 'not indented' : `indented by ${spaces(indent)}`}, the lines that it belongs with by ${spaces(meant)}`,
    hint: `write \`${' '.repeat(meant)}${text}\``,
    correction: ' '.repeat(meant),
  };
}

/** Lines that begin a key or an entry: not blank, no comment, not inside of brackets, of quotes or of a text of several lines. */
export function linesOf(text: string): Line[] {
  const found: Line[] = [];
  let depth = 0;
  let block: number | undefined;
  for (const [index, raw] of text.split('\n').entries()) {
    const full = raw.trimEnd();
    const content = full.trimStart();
    const indent = full.length - content.length;
    if (content === '' || content.startsWith('#')) continue;
    if (block !== undefined && indent > block) continue;
    block = undefined;
    const inBrackets = depth > 0;
    const bare = withoutQuoted(content);
    depth = Math.max(0, depth + count(bare, /[[{]/g) - count(bare, /[\]}]/g));
    if (inBrackets) continue;
    if (/(^|\s)[|>][-+0-9]{0,2}$/.test(bare)) block = indent;
    found.push({ number: index + 1, indent, text: content, ...parts(content, bare) });
  }
  return found;
}

function parts(content: string, bare: string): Pick<Line, 'entry' | 'inside' | 'key' | 'opens'> {
  const entry = /^-(\s|$)/.test(content);
  const inside = /^(-\s+)*/.exec(content)![0].length;
  const key = /^([\w.$/@"'-][^:[\]{},#]{0,200}):(?=\s|$)/.exec(content.slice(inside))?.[1];
  const opens = /(:|^-|\s-)$/.test(bare) || /(^|\s)[|>][-+0-9]{0,2}$/.test(bare) || /:\s+&\S+$/.test(bare);
  return { entry, inside, key, opens };
}

/** Without what is in quotes, and without a comment at the end. */
function withoutQuoted(line: string): string {
  return line
    .replace(/'[^']*'|"[^"]*"/g, "''")
    .replace(/\s#.*$/, '')
    .trimEnd();
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}
