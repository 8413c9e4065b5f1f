import { fetch } from 'undici';
import { failure } from '../../domain/errors/catalogue.ts';
import { oncePerKey } from './once-per-key.ts';
import type { Notification, Notifier } from './port.ts';

const timeoutMs = 5_000;

export interface WebhookOptions {
  /** Asked for each message, and never shown: whoever knows the URL may post. */
  urlNow: () => Promise<string>;
}

/**
 * POSTs the notification as JSON: `{ key, level, title, facts }`, with the key as `Idempotency-Key` as well, by which the receiver
 * can drop what it got twice. Redirects are not followed: what is said goes to the operator's address and nowhere else.
 * Throws SLIP-NTF-1 (retryable: no answer in 5 s, 408, 429, 5xx), SLIP-NTF-2 (terminal: refused), SLIP-NTF-3 (terminal: no usable URL).
 */
export function createWebhookNotifier(options: WebhookOptions): Notifier {
  return oncePerKey(async (notification) => {
    const url = await webhookUrl(options);
    const status = await post(url, notification);
    if (status >= 200 && status < 300) return;
    const passing = status >= 500 || status === 408 || status === 429;
    throw failure(passing ? 'SLIP-NTF-1' : 'SLIP-NTF-2', `${url.host} answered ${status}`);
  });
}

async function webhookUrl({ urlNow }: WebhookOptions): Promise<URL> {
  const text = await urlNow().catch((error: unknown) => {
    throw failure('SLIP-NTF-3', error instanceof Error ? error.message : 'the secret cannot be read');
  });
  const url = URL.parse(text.trim());
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) {
    throw failure('SLIP-NTF-3', 'what is configured is not an http or https URL without user name'); // never the text itself
  }
  return url;
}

async function post(url: URL, notification: Notification): Promise<number> {
  const { key, level, title, facts } = notification;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': encodeURIComponent(key) },
      body: JSON.stringify({ key, level, title, facts }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    throw failure('SLIP-NTF-1', `${url.host} does not answer: ${reason(error)}`);
  }
}

/** The path of a webhook is a secret, and error messages may repeat it: only codes and names are shown. */
function reason(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; name?: string } };
  if (name === 'TimeoutError') return `no answer in ${timeoutMs / 1_000} s`;
  return cause?.code ?? cause?.name ?? name ?? 'unknown error';
}
