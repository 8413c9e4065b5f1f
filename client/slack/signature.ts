import { createHmac, timingSafeEqual } from 'node:crypto';

/** What Slack sends with each request, and the body as it came. */
export interface SignedBody {
  timestamp: string | undefined;
  signature: string | undefined;
  body: Buffer;
}

/** s, on both sides of this machine's clock: one from the future would be good for longer than signatures are remembered. */
const mostSkew = 300;

/** `v0=…` over what Slack has signed: https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signatureOf(secret: string, timestamp: string, body: Buffer): string {
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
}

/** Why a request is not believed; undefined when Slack has signed it, and just now. `now`: ms. */
export function refuseSigned(
  { timestamp, signature, body }: SignedBody,
  secret: string,
  now: number,
): string | undefined {
  if (timestamp === undefined || signature === undefined || !/^\d{1,12}$/.test(timestamp)) return 'it is not signed';
  if (Math.abs(now / 1_000 - Number(timestamp)) > mostSkew) return 'it was signed too long ago, or by another clock';
  const wanted = Buffer.from(signatureOf(secret, timestamp, body));
  const came = Buffer.from(signature);
  const isSame = came.length === wanted.length && timingSafeEqual(came, wanted);
  return isSame ? undefined : 'its signature does not hold';
}
