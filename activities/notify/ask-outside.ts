import { fetch, type Response } from 'undici';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { outwardAgent, refusedIn, refusedLiteral, type Resolve } from '../shared/outward.ts';

const timeoutMs = 5_000;

export interface Question {
  url: URL;
  method: 'GET' | 'POST' | 'PATCH';
  headers: Record<string, string>;
  body?: string | undefined;
  /** The operator's policy names the host: only then it may be inside. */
  isNamed: boolean;
  /** How names are resolved; by the machine, where it is left out. */
  resolve?: Resolve | undefined;
}

/**
 * One request, and what `read` makes of its answer. Redirects are not followed: what is said goes to the operator's address and nowhere else. Throws
 * what `read` does, SLIP-NTF-1 (retryable: no answer in 5 s), and SLIP-NTF-4 (terminal: where the policy lets no message go).
 */
export async function askOutside<Answer>(
  { url, method, headers, body, isNamed, resolve }: Question,
  read: (response: Response) => Promise<Answer>,
): Promise<Answer> {
  const host = { hostname: url.hostname, isNamed };
  const dispatcher = outwardAgent(host, resolve);
  try {
    const refused = refusedLiteral(host);
    if (refused) throw refused;
    const signal = AbortSignal.timeout(timeoutMs);
    const said = { method, headers, ...(body !== undefined && { body }) };
    return await read(await fetch(url, { ...said, redirect: 'manual', dispatcher, signal }));
  } catch (error) {
    if (error instanceof Failure) throw error;
    const refused = refusedIn(error);
    if (refused) throw failure('SLIP-NTF-4', refused.message);
    throw failure('SLIP-NTF-1', `${url.host} does not answer: ${reason(error)}`);
  } finally {
    void dispatcher.destroy();
  }
}

/** What `retry-after` asks for, ms: in seconds alone, as a date would be by a clock that is not ours. */
export function pauseAsked(retryAfter: string | null): number | undefined {
  return retryAfter !== null && /^[0-9]{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : undefined;
}

/** The path of a webhook is a secret, and error messages may repeat it: only codes and names are shown. */
function reason(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; name?: string } };
  if (name === 'TimeoutError') return `no answer in ${timeoutMs / 1_000} s`;
  return cause?.code ?? cause?.name ?? name ?? 'unknown error';
}
