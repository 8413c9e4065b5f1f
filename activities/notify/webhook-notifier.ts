import { fetch } from 'undici';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { outwardAgent, refusedIn, refusedLiteral, type Resolve } from '../shared/outward.ts';
import { oncePerKey } from './once-per-key.ts';
import { knownSecrets } from '../shared/known-secrets.ts';
import type { Notification, Notifier } from './port.ts';

const timeoutMs = 5_000;

/** Where messages go now. */
export interface WebhookAddress {
  /** Never shown: whoever knows it may post. */
  url: string;
  /** The host that the operator's policy names for it: only that one, and only then an address inside. */
  host?: string;
}

export interface WebhookOptions {
  /** Asked for each message. */
  addressNow: () => Promise<WebhookAddress>;
  /** How names are resolved; by the machine, where it is left out. */
  resolve?: Resolve;
}

/**
 * POSTs the notification as JSON: `{ key, event, level, title, facts }`, with the key as `Idempotency-Key` as well, by which the receiver
 * can drop what it got twice. Redirects are not followed: what is said goes to the operator's address and nowhere else.
 * Throws SLIP-NTF-1 (retryable: no answer in 5 s, 408, 429, 5xx), SLIP-NTF-2 (terminal: refused), SLIP-NTF-3 (terminal: no usable URL),
 * SLIP-NTF-4 (terminal: where the policy lets no message go).
 */
export function createWebhookNotifier(options: WebhookOptions): Notifier {
  return oncePerKey(async (notification) => {
    const { url, host } = await webhookUrl(options);
    if (host !== undefined && host !== url.hostname)
      throw failure('SLIP-NTF-4', `it leads to ${url.hostname}, and the policy names ${host}`);
    const status = await post(url, notification, { isNamed: host !== undefined, resolve: options.resolve });
    if (status >= 200 && status < 300) return;
    const passing = status >= 500 || status === 408 || status === 429;
    throw failure(passing ? 'SLIP-NTF-1' : 'SLIP-NTF-2', `${url.host} answered ${status}`);
  });
}

async function webhookUrl({ addressNow }: WebhookOptions): Promise<{ url: URL; host: string | undefined }> {
  const { url: text, host } = await addressNow().catch((error: unknown) => {
    if (error instanceof Failure) throw error;
    throw failure('SLIP-NTF-3', error instanceof Error ? error.message : 'the secret cannot be read');
  });
  knownSecrets.know(text.trim());
  const url = URL.parse(text.trim());
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) {
    throw failure('SLIP-NTF-3', 'what is configured is not an http or https URL without user name'); // never the text itself
  }
  return { url, host };
}

async function post(
  url: URL,
  { key, event, level, title, facts }: Notification,
  { isNamed, resolve }: { isNamed: boolean; resolve: Resolve | undefined },
): Promise<number> {
  const host = { hostname: url.hostname, isNamed };
  const dispatcher = outwardAgent(host, resolve);
  try {
    const refused = refusedLiteral(host);
    if (refused) throw refused;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': encodeURIComponent(key) },
      body: JSON.stringify({ key, event, level, title, facts }),
      redirect: 'manual',
      dispatcher,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    const refused = refusedIn(error);
    if (refused) throw failure('SLIP-NTF-4', refused.message);
    throw failure('SLIP-NTF-1', `${url.host} does not answer: ${reason(error)}`);
  } finally {
    void dispatcher.destroy();
  }
}

/** The path of a webhook is a secret, and error messages may repeat it: only codes and names are shown. */
function reason(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; name?: string } };
  if (name === 'TimeoutError') return `no answer in ${timeoutMs / 1_000} s`;
  return cause?.code ?? cause?.name ?? name ?? 'unknown error';
}
