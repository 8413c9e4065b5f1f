import type { Mistake } from './layout.ts';

/** A key of a single line that was copied with its number. */
export function withoutLineNumber(key: string): string {
  return key.replace(/^\d{1,6}(?: ?[:|.│-])?\s{1,40}/, '');
}

/** Copied from a page or a terminal that counts the lines: every line, and in order. */
export function numberedLines(text: string): Mistake | undefined {
  const lines = text.split('\n').flatMap((line, index) => (line.trim() === '' ? [] : [{ line, index }]));
  const numbered = lines.map(({ line, index }) => ({
    index,
    found: /^\s{0,10}(\d{1,6})(?: ?[:|.│-])?(?=\s|$)/.exec(line),
  }));
  const [first] = numbered;
  if (numbered.length < 2 || !first?.found) return undefined;
  const offset = Number(first.found[1]) - first.index;
  if (!numbered.every(({ index, found }) => found && Number(found[1]) - index === offset)) return undefined;
  const [counted] = first.found;
  const own = text.split('\n')[first.index]!.slice(counted.length).trim();
  return {
    line: first.index + 1,
    column: 1,
    endColumn: counted.length + 1,
    message: 'each line begins with its number: they were copied along with the file',
    hint: own === '' ? 'take the numbers out' : `take the numbers out: the first line is \`${own}\``,
  };
}
