import { failure } from '../../domain/errors/catalogue.ts';

/** Rows about one thing: far more than ever belong there, and no more than a process has the memory for (schema-sums.ts has their sizes). */
export const mostAtOnce = { decisions: 1_000, orders: 20_000, holds: 20_000 } as const;

/**
 * Of rows of which one more than `most` was asked for: throws SLIP-REC-8 where it is there, with the login that must have written them. Whoever
 * goes by them stops: a no may be among those that were not read.
 */
export function requireAll<Row>(
  rows: Row[],
  { most, what, writer }: { most: number; what: string; writer: string },
): Row[] {
  if (rows.length > most)
    throw failure('SLIP-REC-8', `there are more than ${most} ${what}, written by the login of ${writer}`);
  return rows;
}
