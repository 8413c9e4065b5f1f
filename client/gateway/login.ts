import { errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import type { Millis } from '../../domain/contract/release.ts';
import type { Door } from './doors.ts';
import { Refused } from './errors.ts';
import { isOfToken, issuerOf } from './github-oidc.ts';
import type { IdentityProvider } from './provider.ts';

export interface LoginDoor {
  provider: IdentityProvider;
  /** What the provider has this installation registered as: its ID tokens are made for that, and nothing else. */
  clientId: string;
  /** Which claim says what somebody is in. */
  groupsClaim: string;
  now: () => Millis;
}

/** s: as much as clocks may differ. */
const skew = 60;
/** s: whatever end the provider gives it. What it says of groups is as old as the token. */
const oldest = 86_400;
/** None with a secret that both sides have, and none without a signature. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** People, each by the ID token that their identity provider has signed for this installation. */
export function loginDoor({ provider, clientId, groupsClaim, now }: LoginDoor): Door {
  const { issuer } = provider;
  return async (bearer) => {
    if (issuerOf(bearer) !== issuer) return undefined;
    const { payload, protectedHeader } = await jwtVerify(bearer, provider.keys, {
      issuer,
      audience: clientId,
      algorithms,
      clockTolerance: skew,
      currentDate: new Date(now()),
      maxTokenAge: oldest,
      requiredClaims: ['exp', 'iat', 'sub'],
    }).catch((error: unknown) => {
      throw refusalOf(error);
    });
    requireIdToken(payload, protectedHeader.typ, clientId);
    const { sub, email, email_verified: isVerified, name } = claimsIn(payload);
    return {
      proof: {
        via: 'oidc',
        id: sub,
        belongs: groupsIn(payload[groupsClaim]),
        ...(name !== undefined && { called: name }),
        // An address that nobody has verified is a name that somebody has chosen for themselves.
        ...(email !== undefined && isPlain.test(email) && isVerified === true && { email: email.toLowerCase() }),
      },
    };
  };
}

/** Other tokens of the provider may be signed by the same keys: for another client on whose behalf, for an API, or for a logout. */
function requireIdToken({ aud, azp, events }: JWTPayload, type: string | undefined, clientId: string): void {
  if (azp === undefined ? [aud].flat().length > 1 : azp !== clientId)
    throw bad('it was given to another client', askAnew);
  const isOther = type !== undefined && type.toUpperCase() !== 'JWT';
  if (isOther || events !== undefined) throw bad('it is no ID token', 'Send the ID token, as `slipway login` does.');
}

const askAnew = 'Log in again: slipway login.';

/** Throws 401 for what the token itself is not good for, and 503 where nobody can tell. */
function refusalOf(error: unknown): Refused {
  if (error instanceof errors.JWTExpired) return bad('it has expired', askAnew);
  if (error instanceof errors.JWTClaimValidationFailed) return bad(claimInWords(error), askAnew);
  if (isOfToken(error)) return bad('the identity provider has not signed it', askAnew);
  return away(error);
}

function claimInWords({ claim, payload }: { claim: string; payload: JWTPayload }): string {
  if (claim === 'nbf' || (claim === 'iat' && payload.iat !== undefined)) return 'it is not good yet';
  if (claim === 'aud') return 'it is made for another client, and not for this gateway';
  return `its claim ${claim} is missing, or not as it must be`;
}

function bad(why: string, next: string): Refused {
  return new Refused(401, 'bad-credential', `this login is good for nothing: ${why}`, next);
}

/** Which address has not answered is nothing for whoever has no name yet. */
function away(_error: unknown): Refused {
  const next = 'Try again. What runs goes on, and tokens of other kinds are taken as before.';
  return new Refused(503, 'unavailable', 'the identity provider cannot be asked for its keys', next);
}

const line = z.string().min(1).max(1_000);
const claims = z.object({
  sub: line,
  email: line.optional(),
  // Some providers write it as a text; what is not exactly true counts as no.
  email_verified: z.unknown().optional(),
  name: line.optional().catch(undefined),
});

function claimsIn(payload: JWTPayload): z.infer<typeof claims> {
  const read = claims.safeParse(payload);
  if (read.success) return read.data;
  const names = read.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw bad(`its claims are missing, or too long: ${names}`, askAnew);
}

const most = 500;
/** Letters of other scripts may look, or become, like those of somebody else's address. */
const isPlain = /^[\x21-\x7e]+$/;

/** A text is one group. What is neither is none: whoever is in no group may little. */
function groupsIn(said: unknown): string[] {
  const list = Array.isArray(said) ? said : [said];
  return list.filter((one): one is string => line.safeParse(one).success).slice(0, most);
}
