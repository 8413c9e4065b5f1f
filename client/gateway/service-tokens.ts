import { z } from 'zod';
import type { ServiceTokens } from '../../activities/records/port.ts';
import { sha256 } from '../../activities/shared/sha256.ts';
import type { Verifier } from '../../activities/shared/signatures.ts';
import type { Millis } from '../../domain/contract/release.ts';
import { rights } from '../../domain/contract/rights.ts';
import type { StoredToken } from '../../domain/contract/tokens.ts';
import { grantsOfToken, stateOfToken } from '../../domain/service-tokens.ts';
import type { Door } from './doors.ts';
import { Refused } from './errors.ts';

/** In front of each, so that it is known for one wherever it is found. */
export const tokenPrefix = 'slp_';

/** Nothing else is looked for in the records. */
const formOfSecret = new RegExp(`^${tokenPrefix}[\\w-]{43}$`);

interface Parts {
  tokens: Pick<ServiceTokens, 'find'>;
  verifier: Pick<Verifier, 'verifyToken'>;
  now: () => Millis;
}

/** By tokens that a gateway has made, and signed: what somebody has written into the records themselves lets nobody in. */
export function serviceTokenDoor({ tokens, verifier, now }: Parts): Door {
  return async (bearer) => {
    if (!formOfSecret.test(bearer)) return undefined;
    const hash = sha256(bearer);
    const stored = await tokens.find(hash);
    if (!stored || !isProven(stored, verifier) || stored.signed.token.hash !== hash) return undefined;
    const state = stateOfToken(stored, now());
    const { token } = stored.signed;
    if (state !== 'good')
      throw new Refused(
        401,
        'bad-credential',
        `the token ${token.name} is ${state}`,
        'Have another one made: slipway token create',
      );
    const { person, createdBy } = token;
    return { person, ...(createdBy !== person && { behind: createdBy }), grants: grantsOfToken(token) };
  };
}

const names = z.array(z.string()).min(1);
const form = z.object({
  token: z.strictObject({
    name: z.string(),
    hash: z.string(),
    person: z.string(),
    rights: z.array(z.enum(rights)),
    services: names,
    environments: names,
    createdBy: z.string(),
    createdAt: z.number(),
    expiresAt: z.number(),
  }),
  keyId: z.string(),
  signature: z.string(),
});

/** Of the form that gateways sign, and signed by one. */
export function isProven({ signed }: StoredToken, verifier: Pick<Verifier, 'verifyToken'>): boolean {
  return form.safeParse(signed).success && verifier.verifyToken(signed);
}
