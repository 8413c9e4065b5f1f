import { canonicalJson } from '../../../domain/canonical.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import { failure } from '../../../domain/errors/catalogue.ts';
import { noTextAt } from '../../../domain/whole-text.ts';

/** The clock of these records, ms: no two things are stored at the same time. */
export type Clock = () => number;

/** As a database would give it back. It is frozen, and so need not be copied for each reader. */
export const copy = <T>(value: T): T => frozen(JSON.parse(JSON.stringify(value)) as T);

export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

/** PostgreSQL's texts hold no NUL. */
export const storable = (text: string) => text.replaceAll('\0', '\uFFFD');
/** What is signed is read when it is stored: PostgreSQL takes neither half of a character out of JSON, nor NUL. */
export function requireReadable(signed: object): void {
  if (noTextAt(signed) !== undefined) throw failure('SLIP-REC-5', '22P02: invalid input syntax for type json');
}
export const same = (a: unknown, b: unknown) =>
  JSON.stringify(a) === JSON.stringify(b) || canonicalJson(a) === canonicalJson(b);
export const laneName = ({ service, environment }: LaneKey) => `${service}/${environment}`;

/** A method that answers at once, or throws as a promise. */
export const answering =
  <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
  (...args: Args): Promise<Result> =>
    new Promise((resolve) => resolve(work(...args)));
