import { expect } from '@jest/globals';
import { z } from 'zod';
import { errorAnswer } from '../../../client/answers/failures.ts';
import { errorCodes, errorsOf, statusesOfFailures } from '../../../client/gateway/openapi/operation.ts';
import type { ErrorCode, Operation } from '../../../client/gateway/openapi/operation.ts';
import { allOperations } from '../../../client/gateway/openapi/operations.ts';

interface Exchange {
  method: string;
  url: string;
  sent?: unknown;
  status: number;
  body: unknown;
}

/** Fails where the gateway has answered what its documentation does not say. */
export function requireDocumented({ method, url, sent, status, body }: Exchange): void {
  const operation = operationAt(method, url);
  if (!operation) return requireNoAnswer({ status, body });
  const answer = operation.answers[status];
  if (!answer) return requireError(operation, { status, body });
  requireSchema(answer.schema, body);
  if (operation.body) expect(operation.body.safeParse(sent).error).toBeUndefined();
}

/** All of it is in the schema: what is not would be missing on the way back. */
export function requireSchema(schema: z.ZodType, value: unknown): void {
  expect(z.encode(schema, z.parse(schema, value))).toEqual(value);
}

function operationAt(method: string, url: string): Operation | undefined {
  const [path = ''] = url.split('?');
  return allOperations.find(
    (operation) => operation.method === method && samePath(operation.path.split('/'), path.split('/')),
  );
}

const samePath = (pattern: string[], path: string[]): boolean =>
  pattern.length === path.length && pattern.every((part, at) => part.startsWith(':') || part === path[at]);

/** At an address where nothing is. */
function requireNoAnswer({ status, body }: Pick<Exchange, 'status' | 'body'>): void {
  requireSchema(errorAnswer, body);
  expect([400, 401, 404, 405, 429]).toContain(status);
}

function requireError(operation: Operation, { status, body }: Pick<Exchange, 'status' | 'body'>): void {
  requireSchema(errorAnswer, body);
  const { code } = (body as { error: { code: string } }).error;
  const known = code.startsWith('SLIP-')
    ? operation.failures && statusesOfFailures
    : errorsOf(operation).includes(code as ErrorCode) && errorCodes[code as ErrorCode].statuses;
  expect({ id: operation.id, code, statuses: known || [] }).toMatchObject({
    id: operation.id,
    code,
    statuses: expect.arrayContaining([status]),
  });
}
