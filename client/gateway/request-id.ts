import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const requestIdHeader = 'x-request-id';

const form = /^[A-Za-z0-9._-]{1,128}$/;

/** By what a request is found in the log: as whoever asks has named it, where that is a name, or else by a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers[requestIdHeader];
  return typeof given === 'string' && form.test(given) ? given : randomUUID();
}
