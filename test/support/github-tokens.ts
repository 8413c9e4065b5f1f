import { afterAll, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';

/** s since 1970, by which tokens are made: far ahead, so that nothing is over by the clock of this machine. */
const madeAt = 4_000_000_000;
export const audience = 'https://slipway.test';
export const sha = 'a'.repeat(40);
export const repository = 700;
export const actor = 501;

export interface GithubTokens {
  issuer(): string;
  /** ms. */
  now(): number;
  /** Of a job that was started by a push to `main`, but for these claims. */
  token(claims?: Record<string, unknown>): Promise<string>;
  /** Signed with a key that GitHub has only from now on, or with one that it never has. */
  rotate(): Promise<void>;
  ofUnknownKey(claims?: Record<string, unknown>): Promise<string>;
  unsigned(): string;
  /** With the public key as a password. */
  signedByPublicKey(): Promise<string>;
  /** Nobody answers for the keys, from now on. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

/** GitHub, as far as it makes tokens of jobs: a real server of keys on this machine. */
export function useGithubTokens(): GithubTokens {
  let server = new OAuth2Server();
  let [issuer, port] = ['', 0];
  beforeAll(async () => {
    server = new OAuth2Server(undefined, undefined, { endpoints: { jwks: '/.well-known/jwks' } });
    await server.issuer.keys.add(await aKey('first'));
    await server.start(0, '127.0.0.1');
    port = server.address().port;
    issuer = `http://127.0.0.1:${port}`;
    server.issuer.url = issuer;
  });
  afterAll(async () => {
    if (server.listening) await server.stop();
  });

  let newest = 'first';
  const payloadOf = (claims: Record<string, unknown> = {}) => ({ ...usual(), iss: issuer, ...claims });
  const build = (kid: string, claims?: Record<string, unknown>) =>
    server.issuer.buildToken({
      kid,
      scopesOrTransform: (_header, payload) => {
        for (const [name, value] of Object.entries(payloadOf(claims))) payload[name] = value;
      },
    });
  return {
    issuer: () => issuer,
    now: () => madeAt * 1_000,
    token: (claims) => build(newest, claims),
    async rotate() {
      newest = randomUUID();
      await server.issuer.keys.add(await aKey(newest));
    },
    async ofUnknownKey(claims) {
      const key = await importJWK(await aKey('nobody-knows'), 'RS256');
      return new SignJWT(payloadOf(claims)).setProtectedHeader({ alg: 'RS256', kid: 'nobody-knows' }).sign(key);
    },
    unsigned: () => new UnsecuredJWT(payloadOf()).encode(),
    async signedByPublicKey() {
      const key = await importJWK({ ...server.issuer.keys.toJSON()[0]!, ext: true }, 'RS256');
      if (key instanceof Uint8Array) throw new Error('it is no public key');
      const password = new TextEncoder().encode(await exportSPKI(key));
      return new SignJWT(payloadOf()).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(password);
    },
    goAway: () => server.stop(),
    async comeBack() {
      await server.start(port, '127.0.0.1');
      server.issuer.url = issuer;
    },
  };
}

/** Not made by the server itself: it knows no objects of another realm, as tests are. */
export async function aKey(kid: string): Promise<Record<string, unknown>> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256' };
}

function usual(): Record<string, unknown> {
  return {
    aud: audience,
    iat: madeAt,
    nbf: madeAt,
    exp: madeAt + 300,
    jti: randomUUID(),
    // What its owner likes: nothing goes by it.
    sub: 'repo:example/shop:environment:production',
    repository: 'example/shop',
    repository_id: String(repository),
    event_name: 'push',
    ref: 'refs/heads/main',
    ref_type: 'branch',
    sha,
    job_workflow_ref: 'example/shop/.github/workflows/deploy.yml@refs/heads/main',
    actor: 'octocat',
    actor_id: String(actor),
  };
}
