import { createRemoteJWKSet, customFetch } from 'jose';
import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { readBounded } from '../../activities/shared/bounded-body.ts';
import type { Millis } from '../../domain/contract/release.ts';

const timeoutMs = 5_000;
const mostBytes = 1_000_000;
/** For how long what was read is good without a look. */
const keptMs = 600_000;

const endpoint = z.url().max(2_000);
const described = z.looseObject({
  issuer: z.string(),
  jwks_uri: endpoint,
  authorization_endpoint: endpoint.exactOptional(),
  token_endpoint: endpoint.exactOptional(),
  token_endpoint_auth_methods_supported: z.array(z.string()).exactOptional(),
});

/** An identity provider, as it describes itself. */
export type Description = z.infer<typeof described>;

export interface IdentityProvider {
  issuer: string;
  /** Throws where it was never read, and cannot be. */
  describe(): Promise<Description>;
  /** Its keys, from where its description has them. */
  keys: JWTVerifyGetKey;
}

interface Asking {
  issuer: string;
  now: () => Millis;
  /** ms before it is asked again for what it had no answer to, or for a key that was not among its keys. */
  cooldownMs?: number;
}

interface Known {
  description: Description;
  keys: JWTVerifyGetKey;
  readAt: Millis;
}

/**
 * Nobody who sends tokens decides how often the provider is asked: the same question is asked once at a time, and its description not for
 * `cooldownMs` behind the last time. What was read is good for as long as it is kept meanwhile.
 */
export function identityProvider({ issuer, now, cooldownMs = 30_000 }: Asking): IdentityProvider {
  let known: Known | undefined;
  let underWay: Promise<Known> | undefined;
  let notBefore = 0;

  const read = async (): Promise<Known> => {
    if (now() < notBefore) throw new Error(`${issuer} was asked a moment ago`);
    notBefore = now() + cooldownMs;
    const description = await readProvider(issuer);
    const isSame = known?.description.jwks_uri === description.jwks_uri;
    const keys = isSame && known ? known.keys : keysAt(description.jwks_uri, { issuer, now, cooldownMs });
    return (known = { description, keys, readAt: now() });
  };
  const readAnew = () => (underWay ??= read().finally(() => (underWay = undefined)));
  const current = async (): Promise<Known> => {
    const before = known;
    if (!before) return readAnew();
    return now() - before.readAt < keptMs ? before : readAnew().catch(() => before);
  };

  return {
    issuer,
    describe: async () => (await current()).description,
    async keys(header, token) {
      const before = await current();
      try {
        return await before.keys(header, token);
      } catch (error) {
        // The provider may have them elsewhere by now.
        const after = await readAnew().catch(() => before);
        if (after.keys === before.keys) throw error;
        return after.keys(header, token);
      }
    },
  };
}

/** None is asked for within `cooldownMs` behind a question that had no answer. */
function keysAt(url: string, { issuer, now, cooldownMs }: Required<Asking>): JWTVerifyGetKey {
  let notBefore = 0;
  return createRemoteJWKSet(new URL(url), {
    cacheMaxAge: keptMs,
    timeoutDuration: timeoutMs,
    cooldownDuration: cooldownMs,
    async [customFetch](asked, init) {
      if (now() < notBefore) throw new Error(`${issuer} did not answer a moment ago`);
      try {
        const response = await fetch(asked, init);
        if (!response.ok) throw new Error(`${issuer} has answered ${response.status} for its keys`);
        return response;
      } catch (error) {
        notBefore = now() + cooldownMs;
        throw error;
      }
    },
  });
}

/** Throws where it cannot be had, or is of somebody else. */
async function readProvider(issuer: string): Promise<Description> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    // Who answers for it is said by the operator, and by nobody on the way.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`${issuer} has answered ${response.status} for its description`);
  const description = described.parse(JSON.parse(await textOf(response)));
  if (description.issuer !== issuer) throw new Error(`${issuer} describes another issuer`);
  const { jwks_uri: keys, authorization_endpoint: login, token_endpoint: tokens } = description;
  const isSafe = (url: string | undefined) => url === undefined || new URL(url).protocol === 'https:';
  if (!issuer.startsWith('http:') && ![keys, login, tokens].every(isSafe))
    throw new Error(`what ${issuer} says would come in the open`);
  return description;
}

async function textOf({ body }: Response): Promise<string> {
  const read = await readBounded(body as AsyncIterable<Uint8Array> | null, mostBytes);
  if (!read) throw new Error(`the description is larger than ${mostBytes} bytes`);
  return read.toString('utf8');
}
