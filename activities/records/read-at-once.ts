import { failure } from '../../domain/errors/catalogue.ts';

/** Rows about one thing: far more than ever belong there, and no more than a process has the memory for (schema-sums.ts has their sizes). */
export const mostAtOnce = {
  decisions: 1_000,
  orders: 20_000,
  holds: 20_000,
  changes: 100_000,
  underWay: 10_000,
  /** Of a thousand lanes, twenty each. */
  places: 20_000,
} as const;
/**
 * Of text in the database. Of a page one row more may be read, and no more than that, whatever rows hold. JSON takes twenty times as much once it
 * is parsed, where somebody has made it so: it is read as text, and of each row what is needed is kept before the next.
 */
export const mostBytes = {
  page: 1_000_000,
  attempts: 16_000_000,
  documents: 16_000_000,
  decisions: 16_000_000,
  closings: 32_000_000,
  /** Each order's signature is checked, while others wait. */
  closingsOfMany: 2_000_000,
} as const;

/**
 * Of rows of which one more than `most` was asked for: throws SLIP-REC-8 where it is there, with the login that must have written them. Whoever
 * goes by them stops: a no may be among those that were not read.
 */
export function requireAll<Row>(
  rows: Row[],
  { most, what, writer }: { most: number; what: string; writer: string },
): Row[] {
  if (rows.length > most) throw tooMany(`there are more than ${most} ${what}, written by the login of ${writer}`);
  return rows;
}

/** Of rows that were asked for `inBytes`: throws SLIP-REC-8 where that has cut them. */
export function requireWhole<Row extends InBytes>(
  rows: Row[],
  { what, writer }: { what: string; writer: string },
): Row[] {
  if (rows.some((row) => row.is_cut))
    throw tooMany(`${what} are too large together, and written by the login of ${writer}`);
  return rows;
}

const tooMany = (detail: string) => failure('SLIP-REC-8', detail);

export interface InBytes {
  /** There are more rows than these. */
  is_cut: boolean;
}

/** The first rows of these, in this order: one at least, so that whoever goes on after the last comes to all. */
export function inBytes(rows: string, order: string, most: number = mostBytes.page): string {
  return `select * from (
      select page.*, sum(octet_length(page::text)) over (order by ${order}) - octet_length(page::text) as before,
        sum(octet_length(page::text)) over () > ${most} as is_cut
      from (${rows}) page
    ) counted where before < ${most} order by ${order}`;
}
