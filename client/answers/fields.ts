import { z } from 'zod';
import type { PinnedImage } from '../../domain/contract/release.ts';

/*
 * What the fields of answers are made of. Each schema has two sides: what the gateway says (its input), and what the command line prints
 * with `--json` (its output). They differ in times alone.
 */

/** As far as ECMAScript's dates go: what somebody has written into the audit may be any of them. */
const furthest = 8.64e15;

/** Milliseconds since 1970 over HTTP, ISO 8601 in UTC for scripts. */
export const time = z
  .codec(z.number().min(-furthest).max(furthest), z.string().meta({ format: 'date-time' }), {
    decode: (ms) => new Date(ms).toISOString(),
    encode: (text) => Date.parse(text),
  })
  .meta({ id: 'Time', description: 'Milliseconds since 1970, UTC, over HTTP; ISO 8601 in UTC with `--json`.' });

export const text = z.string();
export const texts = z.array(z.string());
export const count = z.int().min(0);
export const yes = z.literal(true);
export const table = z.record(z.string(), z.unknown());
/** What is handed on as it was written, and described where it is written. */
export const asWritten = <Contract>() => table as unknown as z.ZodType<Contract, Contract>;
export const hash = z.string().regex(/^[0-9a-f]{64}$/);
export const image: z.ZodType<PinnedImage, PinnedImage> = z
  .string()
  .meta({ description: '`host/repository@sha256:…`' });

type Open<Word extends string> = z.ZodType<Word, Word>;

/** One of these words. More may come, so that whoever reads them must expect another: no schema refuses one. */
export function words<Word extends string>(known: Record<Word, true>): Open<Word> {
  const all = Object.keys(known);
  const described = z.string().meta({ description: `${all.map((word) => `\`${word}\``).join(', ')}; more may come.` });
  return described as unknown as Open<Word>;
}

/** The same as a list. */
export function wordsOf<Word extends string>(known: readonly Word[]): Open<Word> {
  return words(Object.fromEntries(known.map((word) => [word, true])) as Record<Word, true>);
}

type FieldsOf<Contract> = { [Name in keyof Contract]-?: z.ZodType<unknown, Contract[Name] | undefined> };

/** The fields of a type of the contract, each of them and no other: one that is added there is missed here by the compiler. */
export function fieldsOf<Contract>() {
  return <Fields extends FieldsOf<Contract>>(
    fields: Fields & Record<Exclude<keyof Fields, keyof Contract>, never>,
  ): Fields => fields;
}
