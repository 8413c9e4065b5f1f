import type { Proof } from '../../../domain/contract/people.ts';
import type { Millis } from '../../../domain/contract/release.ts';
import { loginDoor } from '../login.ts';
import type { IdentityProvider } from '../provider.ts';
import { cookiesAt } from './cookies.ts';
import type { Cookies } from './cookies.ts';
import type { BrowserClient } from './provider-client.ts';

export interface BrowserSettings {
  /** Of the gateway, as browsers reach it: without a path, and by https but on this machine. */
  origin: string;
  provider: IdentityProvider;
  clientId: string;
  secret?: string;
  scopes: string;
  groupsClaim: string;
  now: () => Millis;
}

/** How people log in with a browser. */
export interface Browser {
  origin: string;
  cookies: Cookies;
  client: BrowserClient;
  /** What an ID token of the browser's client says, judged as one that comes by itself. Throws Refused. */
  proofIn(idToken: string): Promise<Proof | undefined>;
}

export function browserLogin({ origin, groupsClaim, now, scopes: all, ...client }: BrowserSettings): Browser {
  const { provider, clientId } = client;
  // What is asked for once needs no refresh token, which somebody would have to keep.
  const scopes = all.split(' ').filter((scope) => scope !== 'offline_access');
  const door = loginDoor({ provider, clientId, groupsClaim, now });
  return {
    origin,
    cookies: cookiesAt(origin),
    client: { ...client, scopes: scopes.join(' '), redirectUri: `${origin}/auth/callback` },
    async proofIn(idToken) {
      const entrant = await door(idToken);
      return entrant && 'proof' in entrant ? entrant.proof : undefined;
    },
  };
}
