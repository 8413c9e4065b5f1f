import { withoutDash } from './corrections.ts';
import { linesOf } from './layout.ts';
import type { Line, Mistake } from './layout.ts';
import { isTableAt } from './shapes.ts';

interface Level {
  indent: number;
  step: string | number;
}

/**
 * A dash where names or keys belong, which makes a list of them. The parser notices at the first that has none, and would have it indented. Looks
 * at lines up to `lastLine`, by the schema of the file as JSON Schema.
 */
export function dashInTable(text: string, lastLine: number, shape: unknown): Mistake | undefined {
  let levels: Level[] = [];
  for (const line of linesOf(text)) {
    if (line.number > lastLine) return undefined;
    levels = levels.filter((level) => isAround(level, line));
    const path = levels.map(({ step }) => step);
    const key = path.at(-1);
    // A list right inside of an entry is one that is indented like nothing around it.
    if (line.entry && typeof key !== 'number' && isTableAt(shape, path)) return mistakeAt(line, key);
    levels.push(...levelsOf(line));
  }
  return undefined;
}

/** A list may stand in the column of its key. */
function isAround({ indent, step }: Level, { indent: own, entry }: Line): boolean {
  return indent < own || (indent === own && entry && typeof step === 'string');
}

/** Which entry it is does not matter: they are all of one form. */
function levelsOf({ indent, entry, key, inside }: Line): Level[] {
  const of = key === undefined ? [] : [{ indent: entry ? indent + inside : indent, step: key }];
  return entry ? [{ indent, step: 0 }, ...of] : of;
}

function mistakeAt({ number, indent, text, inside }: Line, key: string | undefined): Mistake {
  const subject = key === undefined ? 'the file' : `\`${key}\``;
  return {
    line: number,
    column: indent + 1,
    endColumn: indent + inside + 1,
    message: `${subject} must be keys and values, not a list`,
    hint: withoutDash(text.slice(inside)),
    correction: ' '.repeat(inside),
  };
}
