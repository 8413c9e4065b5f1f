import type { FastifyRequest } from 'fastify';
import { createRedactor } from '../../activities/shared/known-secrets.ts';
import { callerKnown } from './calls.ts';
import { healthPaths } from './health-routes.ts';
import type { Answered } from './measuring.ts';

const quiet = new Set<string>(healthPaths);

/** One line for a request that is over. Of the address what it is described as: what is in it is nobody's to choose. */
export function logAnswered({ route, method, status, ms }: Answered, request: FastifyRequest): void {
  if (quiet.has(route)) return;
  const identity = callerKnown(request)?.who.id;
  const answered = { route, method, ...(status !== undefined && { status }), ms: Math.round(ms) };
  request.log.info(
    { ...(identity !== undefined && { identity }), ...answered },
    status === undefined ? 'gone' : 'answered',
  );
}

/** An error of a request without the token or the cookies that it came with, of which nobody else knows that they are secrets. */
export function withoutItsSecrets(error: unknown, { headers }: FastifyRequest): unknown {
  if (!(error instanceof Error)) return error;
  const token = /^\S+ (\S+)$/.exec(headers.authorization ?? '')?.[1];
  const cookies = (headers.cookie ?? '').split(';').map((one) => one.slice(one.indexOf('=') + 1).trim());
  const redactor = createRedactor();
  for (const secret of [token, ...cookies]) if (secret) redactor.know(secret);
  const [message, stack] = [error.message, error.stack ?? ''].map((text) => redactor.takeOut(text));
  if (message === error.message && stack === (error.stack ?? '')) return error;
  return Object.assign(new Error(message), { name: error.name, stack });
}
