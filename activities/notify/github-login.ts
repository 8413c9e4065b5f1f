import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { knownSecrets } from '../shared/known-secrets.ts';
import { askGithub, type GithubApi } from './github-api.ts';

/** As whom GitHub is asked: an app where it is installed, with its private key (PEM), or somebody's token. */
export type GithubLogin = { app: { id: number; installation: number; key: string } } | { token: string };

export interface GithubTokens {
  of(login: GithubLogin, api: GithubApi, repository: string): Promise<{ token: string; isKept: boolean }>;
  /** It does not work any more. */
  forget(token: string): void;
}

const given = z.object({ token: z.string().min(1).max(2_000), expires_at: z.string().max(100) });
const mostKept = 100;
/** Left of the hour that a token lasts, for what is asked with it, ms. */
const margin = 300_000;

/**
 * Tokens of installations, for one repository each and with no other right than is needed, kept as long as they last. Asking throws what
 * `askGithub` does, and SLIP-NTF-3 (terminal: no key of an app).
 */
export function createGithubTokens(now: () => number): GithubTokens {
  const kept = new Map<string, { token: string; until: number }>();
  return {
    async of(login, api, repository) {
      if ('token' in login) return { token: login.token.trim(), isKept: false };
      const { id, installation } = login.app;
      const name = `${api.base} ${id} ${installation} ${repository}`;
      const known = kept.get(name);
      if (known && known.until > now()) return { token: known.token, isKept: true };
      const jwt = await jwtOf(login.app, now());
      const answer = given.safeParse(
        await askGithub(api, {
          method: 'POST',
          path: `/app/installations/${installation}/access_tokens`,
          token: jwt,
          body: {
            repositories: [repository.slice(repository.indexOf('/') + 1)],
            permissions: { deployments: 'write', checks: 'write' },
          },
        }),
      );
      if (!answer.success) throw failure('SLIP-NTF-1', 'the token of the installation is not as documented');
      const { token, expires_at: expiresAt } = answer.data;
      knownSecrets.know(token);
      const until = Date.parse(expiresAt) - margin;
      const oldest = kept.keys().next();
      if (kept.size >= mostKept && !oldest.done) kept.delete(oldest.value);
      if (until > now()) kept.set(name, { token, until });
      return { token, isKept: false };
    },
    forget(token) {
      for (const [name, one] of kept) if (one.token === token) kept.delete(name);
    },
  };
}

/** Begins a minute ago, as GitHub advises for clocks that differ, and lasts less than the ten minutes that it allows. */
async function jwtOf({ id, key }: { id: number; key: string }, now: number): Promise<string> {
  const at = Math.floor(now / 1_000);
  try {
    return await new SignJWT()
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(String(id))
      .setIssuedAt(at - 60)
      .setExpirationTime(at + 480)
      .sign(keyOf(key));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw failure('SLIP-NTF-3', 'the private key of the app cannot sign'); // never the text itself
  }
}

function keyOf(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Told below.
  }
  throw failure('SLIP-NTF-3', 'what is configured is not the private key of an app (RSA, PEM)');
}
