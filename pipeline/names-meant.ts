import { nameMeant } from './meant.ts';
import type { Path } from './problem.ts';

/**
 * A name that is written wrongly is told where it stands. For all that refers to it, and for where it refers to, it is the name that is meant:
 * otherwise one mistake would be told again wherever the name is used. Empty where nobody can tell what is meant.
 */
export function nameAsMeant(written: string): string {
  return nameMeant(written) ?? '';
}

/** A table by the names that are meant; of two that would be one, each keeps its own. */
export function tableAsMeant<Value>(table: Record<string, Value>): Record<string, Value> {
  const entries = Object.entries(table).map(([written, value]): [string, Value] => {
    const meant = nameAsMeant(written);
    return [meant === '' || (meant !== written && Object.hasOwn(table, meant)) ? written : meant, value];
  });
  return Object.fromEntries(entries);
}

/** The way to the same value by the names as the file has them. Each table is read once, whatever is wrong in it. */
export function pathsAsWritten(value: unknown): (path: Path) => Path {
  const read = new WeakMap<object, Map<string, string>>();
  const writtenIn = (table: object, step: string | number): string | number => {
    if (Object.hasOwn(table, step)) return step;
    const known = read.get(table) ?? namesIn(table);
    read.set(table, known);
    return known.get(String(step)) ?? step;
  };
  return (path) => {
    let inner: unknown = value;
    return path.map((step) => {
      if (inner === null || typeof inner !== 'object') return step;
      const written = writtenIn(inner, step);
      inner = (inner as Record<string | number, unknown>)[written];
      return written;
    });
  };
}

/** By the names that are meant, the first that is written so. */
function namesIn(table: object): Map<string, string> {
  const names = Object.keys(table).map((written) => [nameAsMeant(written), written] as const);
  return new Map(names.reverse());
}
