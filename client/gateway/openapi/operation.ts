import type { z } from 'zod';
import type { Right } from '../../../domain/contract/rights.ts';

/** Codes of errors that are no `SLIP-…`, each with the statuses that it comes with. */
export const errorCodes = {
  'bad-request': {
    statuses: [400, 413, 415],
    says: 'what was sent is not right, is too long (413), or is no JSON (415)',
  },
  'bad-credential': { statuses: [401], says: 'expired, not for this gateway, or not signed by whom it names' },
  'used-credential': { statuses: [409], says: 'what it was good for once has been asked for, and is something else' },
  unauthenticated: { statuses: [401], says: 'the token is known to nobody' },
  stranger: { statuses: [403], says: 'the policy knows nobody like that: `next` says what the operator adds' },
  forbidden: { statuses: [403], says: 'the policy does not let you, or your credential is not good for it' },
  'cross-site': {
    statuses: [403],
    says: 'it comes with the session of a browser, changes something, and may come from a page of others',
  },
  'not-found': {
    statuses: [404],
    says: 'there is no such thing, or none that you may look at, or nothing at this address',
  },
  'method-not-allowed': { statuses: [405], says: 'the gateway takes GET, HEAD and POST' },
  conflict: { statuses: [409], says: 'not as things stand: `message` says why' },
  'asked-otherwise': {
    statuses: [409],
    says: 'the commit has a run that was asked for otherwise, and `newAttempt` was not said',
  },
  'older-commit': {
    statuses: [409],
    says: 'what is verified there is not in the past of the commit, and `downgrade` was not said',
  },
  'too-many-requests': { statuses: [429], says: 'too often, or too many at once; `Retry-After` says when' },
  internal: { statuses: [500], says: 'the gateway failed; its log says more' },
  unavailable: { statuses: [503], says: 'Temporal or the records are away, or too much is asked at once' },
} as const satisfies Record<string, { statuses: readonly number[]; says: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** Of a failure with a code of its own (docs/errors.md): not now, a mistake in what the repository or the policy says, or away for a while. */
export const statusesOfFailures = [409, 422, 503];

/** What each request may be refused with: an address may hold what is no text. */
const toAnybody: ErrorCode[] = ['bad-request', 'internal'];
/** And each that needs a token. */
const toCallers: ErrorCode[] = [
  'bad-request',
  'unauthenticated',
  'bad-credential',
  'stranger',
  'too-many-requests',
  'internal',
  'unavailable',
];

/** One thing that the gateway does. */
export interface Operation {
  /** For programs that are made from the document. */
  id: string;
  method: 'GET' | 'POST';
  /** As the server has it: `/v1/releases/:id`. */
  path: string;
  about: string;
  /** What people should know who call it. */
  notes?: string;
  /** Whether it is answered without a token. */
  open?: true;
  /** Which right it asks for, in each lane that it is about; `nothing`: it is about none. */
  needs: Right | 'nothing';
  parameters?: Record<string, string>;
  query?: z.ZodType;
  body?: z.ZodType;
  /** By status: the schema, when it is answered so, and as what, where that is no JSON; `nothing`: without a body. */
  answers: Record<number, { schema: z.ZodType; when: string; type?: 'text/event-stream' | 'text/csv' | 'nothing' }>;
  /** Beside what any request may be refused with. */
  errors?: ErrorCode[];
  /** Whether it may fail with a code of the catalogue. */
  failures?: true;
  example: { parameters?: Record<string, string>; query?: Record<string, string>; body?: unknown; answer: unknown };
}

/** All codes that it may be refused with. */
export function errorsOf({ open, method, errors = [] }: Operation): ErrorCode[] {
  const ofSessions: ErrorCode[] = method === 'POST' ? ['cross-site'] : [];
  return [...new Set([...errors, ...(open ? toAnybody : [...toCallers, ...ofSessions])])];
}
