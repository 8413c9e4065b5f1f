import type { Response } from 'undici';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { readBounded } from '../shared/bounded-body.ts';
import type { Login } from '../shared/logins.ts';
import { isLoopback } from '../shared/loopback.ts';

/** The address of a registry. Plain HTTP on this machine, HTTPS everywhere else. */
export function baseUrl(host: string): string {
  if (isLoopback(host)) return `http://${host}`;
  return `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}`;
}

/** The whole body, at most `maxBytes`. Throws SLIP-IMG-8. */
export async function readBody(answer: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = failure('SLIP-IMG-8', `the answer is larger than ${maxBytes} bytes`);
  if (Number(answer.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge;
  const read = await readBounded(answer.body as AsyncIterable<Uint8Array> | null, maxBytes);
  if (!read) throw tooLarge;
  return new Uint8Array(read);
}

/** What a refusal says: empty where it cannot be read, or is too long to be one. */
export async function refusalText(answer: Response): Promise<string> {
  const isRedirect = answer.status >= 300 && answer.status < 400;
  if (isRedirect) return 'a redirect, which is not followed';
  const body = await readBody(answer, 64_000).catch(() => new Uint8Array());
  return Buffer.from(body).toString('utf8');
}

/** As whom a request was made, for people who must find out why it was refused. */
export function asWhom(login: Login | undefined): string {
  return login ? ` to the login ${login.username}` : ', and no login is configured for it';
}

export function refusal(status: number, detail: string): Failure {
  if (status === 401 || status === 403) return failure('SLIP-IMG-5', detail);
  if (status === 408 || status === 429 || status >= 500) return failure('SLIP-IMG-2', detail);
  return failure('SLIP-IMG-8', detail);
}
