import { createHash, createHmac } from 'node:crypto';
import { laneOfRun } from '../../domain/contract/names.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Notification } from './port.ts';

/** In structured mode (cloudevents.io, 1.0): the same id is the same message. */
export function cloudEventOf({ key, run, event, level, title, facts }: Notification) {
  const lane = laneOfRun(run);
  return {
    specversion: '1.0',
    id: key,
    source: lane ? `/slipway/${lane.service}/${lane.environment}` : '/slipway',
    type: `slipway.notice.${event}`,
    subject: run,
    datacontenttype: 'application/json',
    data: { key, run, event, level, title, facts },
  };
}

interface Signing {
  key: string;
  body: string;
  /** `whsec_` and base64 of 24 to 64 bytes. */
  secret: string;
  /** ms. */
  now: number;
}

/** As standardwebhooks.com has it. Throws SLIP-NTF-3 (terminal) for a secret of another form. */
export function signedHeaders({ key, body, secret, now }: Signing): Record<string, string> {
  // Of characters that every receiver takes, and without the dot by which the parts of what is signed are told apart.
  const id = `msg_${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
  const timestamp = String(Math.floor(now / 1_000));
  const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${hmac}` };
}

function keyOf(secret: string): Buffer {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.trim()) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  if (key.length < 24 || key.length > 64)
    throw failure('SLIP-NTF-3', 'the secret for signatures is not `whsec_` with base64 of 24 to 64 bytes');
  return key;
}
