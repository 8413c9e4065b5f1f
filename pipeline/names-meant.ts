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

/** The way to the same value by the names as the file has them. */
export function pathAsWritten(value: unknown, path: Path): Path {
  let inner: unknown = value;
  return path.map((step) => {
    const table = inner !== null && typeof inner === 'object' ? (inner as Record<string | number, unknown>) : {};
    const written = Object.hasOwn(table, step) ? step : Object.keys(table).find((key) => nameAsMeant(key) === step);
    inner = table[written ?? step];
    return written ?? step;
  });
}
