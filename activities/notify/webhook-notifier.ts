import { failure } from '../../domain/errors/catalogue.ts';
import type { Resolve } from '../shared/outward.ts';
import { knownSecrets } from '../shared/known-secrets.ts';
import { cloudEventOf, signedHeaders } from './cloud-events.ts';
import { knownOrRefused } from './known-or-refused.ts';
import { oncePerKey } from './once-per-key.ts';
import type { Notification, Notifier } from './port.ts';
import { postJson } from './post-json.ts';

/** Where messages go now. */
export interface WebhookAddress {
  /** Never shown: whoever knows it may post. */
  url: string;
  /** The host that the operator's policy names for it: only that one, and only then an address inside. */
  host?: string;
  /** By which messages are signed, `whsec_…`. Without one they are not. */
  secret?: string;
}

export interface WebhookOptions {
  /** Asked for each message. */
  addressNow: () => Promise<WebhookAddress>;
  /** How names are resolved; by the machine, where it is left out. */
  resolve?: Resolve;
  /** By which a signature says when it was made, ms. */
  now?: () => number;
}

/**
 * POSTs the notification as JSON: `{ key, event, level, title, facts }`, with the key as `Idempotency-Key` as well, by which the receiver
 * can drop what it got twice; signed, as a CloudEvent, where there is a secret. Throws what posting does (post-json.ts), and SLIP-NTF-3
 * (terminal: no usable URL or secret).
 */
export function createWebhookNotifier({ addressNow, resolve, now = Date.now }: WebhookOptions): Notifier {
  return oncePerKey(async (notification) => {
    const { url, host, secret } = await addressOf(addressNow);
    if (host !== undefined && host !== url.hostname)
      throw failure('SLIP-NTF-4', `it leads to ${url.hostname}, and the policy names ${host}`);
    const said = secret === undefined ? plain(notification) : signed(notification, secret, now());
    await postJson({ url, ...said, isNamed: host !== undefined, resolve });
  });
}

function plain({ key, event, level, title, facts }: Notification) {
  return {
    headers: { 'content-type': 'application/json', 'idempotency-key': encodeURIComponent(key) },
    body: JSON.stringify({ key, event, level, title, facts }),
  };
}

function signed(notification: Notification, secret: string, now: number) {
  const body = JSON.stringify(cloudEventOf(notification));
  const { key } = notification;
  const headers = signedHeaders({ key, body, secret, now });
  return {
    headers: { 'content-type': 'application/cloudevents+json', 'idempotency-key': encodeURIComponent(key), ...headers },
    body,
  };
}

async function addressOf(
  addressNow: WebhookOptions['addressNow'],
): Promise<Omit<WebhookAddress, 'url'> & { url: URL }> {
  const { url: text, ...more } = await knownOrRefused(addressNow());
  knownSecrets.know(text.trim());
  const url = URL.parse(text.trim());
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username || url.password) {
    throw failure('SLIP-NTF-3', 'what is configured is not an http or https URL without user name'); // never the text itself
  }
  return { url, ...more };
}
