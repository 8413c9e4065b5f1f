import { fetch, type RequestInit } from 'undici';
import { outwardAgent, refusedIn, refusedLiteral, type OutwardHost, type Resolve } from '../shared/outward.ts';

const bodyLimit = 256 * 1024;

export interface Answer {
  status: number;
  /** The first 256 KB. */
  body: string;
  /** Whether there was more. */
  cut: boolean;
}

export interface Asking {
  signal: AbortSignal;
  timeoutMs: number;
  host: OutwardHost;
  /** How names are resolved; by the machine, where it is left out. */
  resolve?: Resolve | undefined;
}

/**
 * One request on a new connection, as a new visitor would make it: a connection kept open could still lead to an old pod.
 * Redirects are not followed. Answers with the reason, in words, when nothing came back in time, or when the address may not be asked;
 * throws only when `signal` asks to stop.
 */
export async function ask(
  url: URL,
  init: RequestInit,
  { signal, timeoutMs, host, resolve }: Asking,
): Promise<Answer | { noAnswer: string } | { refused: string }> {
  const refused = refusedLiteral(host);
  if (refused) return { refused: refused.message };
  const dispatcher = outwardAgent(host, resolve);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      dispatcher,
      signal: AbortSignal.any([signal, timeout]),
    });
    return { status: response.status, ...(await readLimited(response.body)) };
  } catch (error) {
    signal.throwIfAborted();
    const refused = refusedIn(error);
    if (refused) return { refused: refused.message };
    return { noAnswer: timeout.aborted ? `no answer in ${timeoutMs / 1_000} s` : reason(error) };
  } finally {
    void dispatcher.destroy();
  }
}

async function readLimited(body: AsyncIterable<Uint8Array> | null): Promise<{ body: string; cut: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > bodyLimit) break;
  }
  return { body: Buffer.concat(chunks).subarray(0, bodyLimit).toString('utf8'), cut: size > bodyLimit };
}

/** fetch says "fetch failed"; what happened is in the cause. */
function reason(error: unknown): string {
  const { cause, errors, message } = error as { cause?: unknown; errors?: unknown[]; message?: string };
  if (cause) return reason(cause);
  if (errors) return [...new Set(errors.map(reason))].join('; '); // one for each address of the name
  return message ?? String(error);
}
