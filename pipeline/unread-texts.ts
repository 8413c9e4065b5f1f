import type { Finding, Path } from './problem.ts';
import { valueAt } from './value-at.ts';

/** A file with texts that no value may have, as rules see it. */
export interface WithoutTexts {
  value: unknown;
  /** Whether such a text is at this place, also by an alias: what a rule says of it is no second mistake. */
  isAt(path: Path): boolean;
}

/** Rules take each of these texts for one that cannot be read, as they take what has the wrong form: nobody knows what will stand there. */
export function withoutTexts(whole: unknown, texts: readonly Pick<Finding, 'path'>[]): WithoutTexts {
  const told = new Set(texts.map(({ path }) => valueAt(whole, path)));
  return {
    value: told.size === 0 ? whole : emptied(whole, told),
    isAt: (path) => told.has(valueAt(whole, path) ?? notThere),
  };
}

const notThere = Symbol();

function emptied(value: unknown, told: ReadonlySet<unknown>): unknown {
  if (Array.isArray(value)) return value.map((entry) => emptied(entry, told));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, emptied(inner, told)]));
  return told.has(value) ? '' : value;
}
