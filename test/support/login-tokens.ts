import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { OAuth2Server } from 'oauth2-mock-server';
import { aKey } from './github-tokens.ts';

export const clientId = 'slipway-test';

export interface Provider {
  issuer(): string;
  /** An ID token of `subject`, good now, but for these claims. */
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  unsigned(): string;
  ofUnknownKey(): Promise<string>;
  /** With the public key as a password. */
  signedByPublicKey(): Promise<string>;
  /** Signs with a key that it has only from now on. */
  rotate(): Promise<void>;
  /** Nobody answers, from now on. */
  goAway(): Promise<void>;
  /** What it puts into each token that it gives, until the end of the test. */
  says: Record<string, unknown>;
  /** Changes its answers to those who ask for tokens, and where it sends browsers, until the end of the test. */
  onAnswer?: ((body: Record<string, unknown>) => void) | undefined;
  onRedirect?: ((url: URL) => void) | undefined;
  /** What was asked of it, by grant, and `revoke`. */
  asked: string[];
  /** By what those clients came who asked for tokens. */
  authorizations: string[];
}

interface TokenRequest {
  body: { grant_type: string };
  headers: { authorization?: string };
}

/** An identity provider: a real server on this machine. */
export function useProvider(): Provider {
  let server = new OAuth2Server();
  let [issuer, newest] = ['', 'first'];
  beforeAll(async () => {
    server = new OAuth2Server();
    await server.issuer.keys.add(await aKey(newest));
    await server.start(0, '127.0.0.1');
    issuer = `http://127.0.0.1:${server.address().port}`;
    server.issuer.url = issuer;
    server.service.on('beforeTokenSigning', (token: { payload: object }) => {
      Object.assign(token.payload, provider.says);
    });
    server.service.on('beforeResponse', (answer: { body: object }, { body, headers }: TokenRequest) => {
      provider.authorizations.push(headers.authorization ?? '');
      provider.asked.push(body.grant_type);
      provider.onAnswer?.(answer.body as Record<string, unknown>);
    });
    server.service.on('beforeRevoke', () => void provider.asked.push('revoke'));
    server.service.on('beforeAuthorizeRedirect', ({ url }: { url: URL }) => provider.onRedirect?.(url));
  });
  afterEach(() => {
    provider.says = { sub: 'subject' };
    provider.asked = [];
    provider.authorizations = [];
    provider.onAnswer = provider.onRedirect = undefined;
  });
  afterAll(async () => {
    if (server.listening) await server.stop();
  });
  const payloadOf = (claims: Record<string, unknown> = {}) => {
    const now = Math.floor(Date.now() / 1_000);
    return { iss: issuer, aud: clientId, sub: 'subject', iat: now, exp: now + 3_600, ...claims };
  };
  const provider: Provider = {
    issuer: () => issuer,
    says: { sub: 'subject' },
    asked: [],
    authorizations: [],
    token: (claims, more) =>
      server.issuer.buildToken({
        kid: newest,
        scopesOrTransform: (header, payload) => {
          Object.assign(header, more);
          delete (payload as { nbf?: number }).nbf;
          Object.assign(payload, payloadOf(claims));
        },
      }),
    unsigned: () => new UnsecuredJWT(payloadOf()).encode(),
    async ofUnknownKey() {
      const key = await importJWK(await aKey('nobody-knows'), 'RS256');
      return new SignJWT(payloadOf()).setProtectedHeader({ alg: 'RS256', kid: 'nobody-knows' }).sign(key);
    },
    async signedByPublicKey() {
      const key = await importJWK({ ...server.issuer.keys.toJSON()[0]!, ext: true }, 'RS256');
      if (key instanceof Uint8Array) throw new Error('it is no public key');
      const password = new TextEncoder().encode(await exportSPKI(key));
      return new SignJWT(payloadOf()).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(password);
    },
    async rotate() {
      newest = randomUUID();
      await server.issuer.keys.add(await aKey(newest));
    },
    goAway: () => server.stop(),
  };
  return provider;
}

export interface MovingProvider {
  issuer(): string;
  /** It signs with a key of its own from now on, and has it there; `isOldGone`: nothing is where the keys were before. */
  to(path: string, how?: { isOldGone: boolean }): Promise<void>;
  token(): Promise<string>;
  ofUnknownKey(): Promise<string>;
  /** How often it was asked for its description. */
  described(): number;
  /** Its description is answered with 503. */
  isAway: boolean;
}

/** An identity provider of which only the description and the keys are there. */
export function movingProvider(): MovingProvider {
  const served = new Map<string, object>();
  let [issuer, path, described] = ['', '', 0];
  let signing: Awaited<ReturnType<typeof aKey>> | undefined;
  const server = createServer(({ url = '' }, response) => {
    const isDescription = url === '/.well-known/openid-configuration';
    if (isDescription) described += 1;
    const body = isDescription ? { issuer, jwks_uri: issuer + path } : served.get(url);
    response.writeHead(!body ? 404 : isDescription && provider.isAway ? 503 : 200, {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(body ?? {}));
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const signedBy = async (key: NonNullable<typeof signing>) =>
    new SignJWT({ aud: clientId, sub: 'subject' })
      .setProtectedHeader({ alg: 'RS256', kid: String(key.kid) })
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(await importJWK(key, 'RS256'));
  const provider: MovingProvider = {
    issuer: () => issuer,
    isAway: false,
    async to(where, { isOldGone } = { isOldGone: true }) {
      if (isOldGone) served.clear();
      path = where;
      signing = await aKey(randomUUID());
      const { kty, n, e, kid } = signing;
      served.set(where, { keys: [{ kty, n, e, kid, alg: 'RS256' }] });
    },
    token: () => signedBy(signing!),
    ofUnknownKey: async () => signedBy(await aKey('nobody-knows')),
    described: () => described,
  };
  return provider;
}
