/** What a page says of keys: by the tables in which it names them, and by the text around those. */

type Schema = Record<string, unknown>;

/** Every key that a schema knows, by its path: `*` stands for names of somebody's choosing. */
export function pathsOf(schema: unknown): string[] {
  const found = new Set<string>();
  const walk = (node: unknown, path: string): void => {
    const { anyOf = [], oneOf = [], allOf = [], items, properties = {}, additionalProperties } = (node ?? {}) as Schema;
    for (const one of [anyOf, oneOf, allOf].flat()) walk(one, path);
    if (items) walk(items, path);
    for (const [key, inner] of Object.entries(properties as Schema)) {
      const own = path === '' ? key : `${path}.${key}`;
      found.add(own);
      walk(inner, own);
    }
    if (typeof additionalProperties === 'object') walk(additionalProperties, `${path}.*`);
  };
  walk(schema, '');
  return [...found];
}

interface Row {
  /** The paths that its first cell names. */
  paths: string[];
  /** Words that stand in code anywhere in it. */
  words: Set<string>;
}

/** The rows below the line of this table's head, which stands once in a section. `base`: what its names stand below. */
export function rowsOf(section: string, head: string, base: string): Row[] {
  const lines = section.split('\n');
  const at = lines.indexOf(head);
  if (at < 0) throw new Error(`no table ${head}`);
  const end = lines.findIndex((line, n) => n > at && !line.startsWith('|'));
  let before = base;
  return lines.slice(at + 2, end < 0 ? undefined : end).map((line) => {
    const [, first = ''] = line.split('|');
    const paths = codeIn(first).map((name) => (before = pathIn(name, { base, before })));
    return { paths, words: new Set(codeIn(line).flatMap(wordsIn)) };
  });
}

/** `….branches` stands below what a row has named in full, `.verify` beside what stands before it. */
function pathIn(name: string, { base, before }: { base: string; before: string }): string {
  if (name.startsWith('….')) return `${belowOf(before)}.${name.slice(2)}`;
  if (name.startsWith('.')) return `${before.slice(0, before.lastIndexOf('.'))}${name}`;
  return base === '' ? name : `${base}.${name}`;
}

function belowOf(before: string): string {
  return before === 'services.*.environments' ? `${before}.*` : before.slice(0, before.lastIndexOf('.'));
}

/** A row of a table is about the key itself, or about one that it stands in, and names it. Or about keys that stand in it. */
export function isNamed(path: string, rows: readonly Row[]): boolean {
  const key = path.slice(path.lastIndexOf('.') + 1);
  return rows.some(({ paths, words }) =>
    paths.some(
      (named) => named === path || named.startsWith(`${path}.`) || (path.startsWith(`${named}.`) && words.has(key)),
    ),
  );
}

/** What stands in code in a text: within its lines, and in blocks of their own. */
export function wordsInCode(text: string): Set<string> {
  const blocks = [...text.matchAll(/```\w+\n([^]*?)```/g)].map((match) => match[1]!);
  return new Set([...codeIn(text.replace(/```\w+\n[^]*?```/g, '')), ...blocks].flatMap(wordsIn));
}

const codeIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
const wordsIn = (code: string): string[] => code.match(/[A-Za-z]+/g) ?? [];
