import { canonicalJson } from '../../../domain/canonical.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';

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
export const same = (a: unknown, b: unknown) =>
  JSON.stringify(a) === JSON.stringify(b) || canonicalJson(a) === canonicalJson(b);
export const laneName = ({ service, environment }: LaneKey) => `${service}/${environment}`;

/** A method that answers at once, or throws as a promise. */
export const answering =
  <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
  (...args: Args): Promise<Result> =>
    new Promise((resolve) => resolve(work(...args)));
