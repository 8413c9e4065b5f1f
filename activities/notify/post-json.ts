import { fetch } from 'undici';
import { failure, failureDetails } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { PacedFailureDetails } from '../../domain/errors/failure.ts';
import { outwardAgent, refusedIn, refusedLiteral, type Resolve } from '../shared/outward.ts';

const timeoutMs = 5_000;

export interface Posting {
  url: URL;
  body: string;
  headers: Record<string, string>;
  /** The operator's policy names the host: only then it may be inside. */
  isNamed: boolean;
  /** How names are resolved; by the machine, where it is left out. */
  resolve?: Resolve | undefined;
}

/**
 * Redirects are not followed: what is said goes to the operator's address and nowhere else. Throws SLIP-NTF-1 (retryable: no answer in 5 s, 408,
 * 429, 5xx, with the pause that is asked for), SLIP-NTF-2 (terminal: refused), SLIP-NTF-4 (terminal: where the policy lets no message go).
 */
export async function postJson(posting: Posting): Promise<void> {
  const { status, retryAfter } = await post(posting);
  if (status >= 200 && status < 300) return;
  const detail = `${posting.url.host} answered ${status}`;
  const isPassing = status >= 500 || status === 408 || status === 429;
  if (!isPassing) throw failure('SLIP-NTF-2', detail);
  const retryAfterMs = pauseOf(retryAfter);
  if (retryAfterMs === undefined) throw failure('SLIP-NTF-1', detail);
  const details: PacedFailureDetails = { ...failureDetails('SLIP-NTF-1', detail), retryAfterMs };
  throw new Failure(details);
}

async function post({ url, body, headers, isNamed, resolve }: Posting) {
  const host = { hostname: url.hostname, isNamed };
  const dispatcher = outwardAgent(host, resolve);
  try {
    const refused = refusedLiteral(host);
    if (refused) throw refused;
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return { status: response.status, retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    const refused = refusedIn(error);
    if (refused) throw failure('SLIP-NTF-4', refused.message);
    throw failure('SLIP-NTF-1', `${url.host} does not answer: ${reason(error)}`);
  } finally {
    void dispatcher.destroy();
  }
}

/** In seconds: a date would be by a clock that is not ours. */
function pauseOf(retryAfter: string | null): number | undefined {
  return retryAfter !== null && /^[0-9]{1,9}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : undefined;
}

/** The path of a webhook is a secret, and error messages may repeat it: only codes and names are shown. */
function reason(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; name?: string } };
  if (name === 'TimeoutError') return `no answer in ${timeoutMs / 1_000} s`;
  return cause?.code ?? cause?.name ?? name ?? 'unknown error';
}
