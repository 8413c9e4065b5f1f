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

/** An error of a request without the token that it came with, of which nobody else knows that it is a secret. */
export function withoutItsToken(error: unknown, { headers }: FastifyRequest): unknown {
  const token = /^\S+ (\S+)$/.exec(headers.authorization ?? '')?.[1];
  if (token === undefined || !(error instanceof Error)) return error;
  const redactor = createRedactor();
  redactor.know(token);
  const [message, stack] = [error.message, error.stack ?? ''].map((text) => redactor.takeOut(text));
  if (message === error.message && stack === (error.stack ?? '')) return error;
  return Object.assign(new Error(message), { name: error.name, stack });
}
