import { z } from 'zod';
import { readBounded } from '../../activities/shared/bounded-body.ts';

const timeoutMs = 5_000;
const mostBytes = 1_000_000;

const described = z.object({ issuer: z.string(), jwks_uri: z.url().max(2_000) });

/** Where an identity provider's keys are, by its own description. Throws where that cannot be had, or is of somebody else. */
export async function readProvider(issuer: string): Promise<URL> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    // Who answers for it is said by the operator, and by nobody on the way.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`${issuer} has answered ${response.status} for its description`);
  const { issuer: named, jwks_uri: keys } = described.parse(JSON.parse(await textOf(response)));
  if (named !== issuer) throw new Error(`${issuer} describes another issuer`);
  const url = new URL(keys);
  const isSafe = url.protocol === 'https:' || issuer.startsWith('http:');
  if (!isSafe) throw new Error(`the keys of ${issuer} would come in the open`);
  return url;
}

async function textOf({ body }: Response): Promise<string> {
  const read = await readBounded(body as AsyncIterable<Uint8Array> | null, mostBytes);
  if (!read) throw new Error(`the description is larger than ${mostBytes} bytes`);
  return read.toString('utf8');
}
