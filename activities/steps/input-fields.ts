import { z } from 'zod';
import type { AppliedPart } from '../delivery/port.ts';
import { head } from '../../domain/whole-text.ts';

/** What the inputs of steps are made of. Every length is bounded: what a workflow sends is anybody's who has access to Temporal. */

/** Of a workflow, a run, a decision: what Temporal and the records find things by. No spaces, nothing that cannot be seen. */
export const id = z.string().regex(/^[\x21-\x7e]{1,500}$/);
/** Service, environment, region, component, database. */
export const name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
/** Of a Kubernetes object. */
const objectName = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}$/);
export const commit = z.string().regex(/^[0-9a-f]{40}$/);
export const hash = z.string().regex(/^[0-9a-f]{64}$/);
export const image = z.string().regex(/^[^@\s]{1,500}@sha256:[0-9a-f]{64}$/);
export const millis = z.number().min(0).max(Number.MAX_SAFE_INTEGER);
/** As many digits as `parseTicket` reads. */
export const count = z.int().min(0).max(999_999_999_999);

/** What people have written, or are shown. */
export const line = z.string().max(2_000);
/** The same, with what the outside world has said in it. */
export const text = z.string().max(100_000);
/** The same where it is only kept for people to read: rather cut than refused. */
export const told = z.string().transform((said) => head(said, 20_000));

export const names = z.array(name).max(1_000);
export const lane = z.strictObject({ service: name, environment: name });
/** Whole numbers alone: they are compared as numbers and written as text, so that each may have one form only. */
export const ticket = z.strictObject({ incarnation: count, n: count });
export const purpose = z.enum(['deploy', 'roll-back']);

export const authority = z.strictObject({ releaseId: id, subject: id, planHash: hash, ticket });

export const notify = z
  .array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('log') }),
      z.strictObject({ kind: z.literal('webhook'), url: z.string().max(2_000) }),
    ]),
  )
  .max(100);

/** What a kind of delivery keeps beside it is known to that kind alone. */
const appliedPart: z.ZodType<AppliedPart> = z.looseObject({ inPlace: z.boolean() });
export const applied = z.record(objectName, appliedPart);
