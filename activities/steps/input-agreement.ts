import type { z } from 'zod';

/** A schema of exactly this type, no field more and none less; `never` for one that has drifted from it, so that it does not compile. */
export type Agreeing<T, Schema extends z.ZodType> =
  Same<Spelled<T>, Spelled<z.infer<Schema>>> extends true ? z.ZodType<T> : never;

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** With a mark where a field may be absent: to the compiler such a field agrees with none at all. */
type Spelled<T> = T extends readonly (infer Item)[]
  ? Spelled<Item>[]
  : T extends object
    ? { [K in keyof T]-?: object extends Pick<T, K> ? Spelled<T[K]> | 'or absent' : Spelled<T[K]> }
    : T;
