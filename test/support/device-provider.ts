import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { importJWK, SignJWT } from 'jose';
import { aKey } from './github-tokens.ts';
import { clientId } from './login-tokens.ts';

export interface DeviceProvider {
  issuer(): string;
  /** What it answers to those who ask for the token, in this order, before it gives one; `503`: it does not answer. Until the end of the test. */
  answers: string[];
  /** What it says at first, beside the code. */
  says: Record<string, unknown>;
  /** How often it was asked for the token. */
  asked: number;
}

/** An identity provider at which people type in a code (RFC 8628), and nothing else. */
export function useDeviceProvider(): DeviceProvider {
  let [issuer, key] = ['', undefined as Awaited<ReturnType<typeof aKey>> | undefined];
  const usual = { interval: 5, expires_in: 600 };
  const token = async () =>
    new SignJWT({ aud: clientId, sub: 'subject' })
      .setProtectedHeader({ alg: 'RS256', kid: String(key!.kid) })
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(await importJWK(key!, 'RS256'));
  const answerTo = async (url: string, body: string): Promise<[number, object]> => {
    if (url === '/.well-known/openid-configuration')
      return [
        200,
        {
          ...{ issuer, jwks_uri: `${issuer}/keys`, token_endpoint: `${issuer}/token` },
          device_authorization_endpoint: `${issuer}/device`,
        },
      ];
    if (url === '/keys') {
      const { kty, n, e, kid } = key!;
      return [200, { keys: [{ kty, n, e, kid, alg: 'RS256' }] }];
    }
    const said = new URLSearchParams(body);
    if (url === '/device' && said.get('client_id') === clientId)
      return [
        200,
        {
          device_code: 'of this machine',
          user_code: 'ABCD-EFGH',
          verification_uri: `${issuer}/code`,
          ...provider.says,
        },
      ];
    if (url !== '/token' || said.get('device_code') !== 'of this machine') return [400, { error: 'invalid_request' }];
    provider.asked += 1;
    const answer = provider.answers.shift();
    if (answer === '503') return [503, {}];
    if (answer !== undefined) return [400, { error: answer }];
    return [200, { access_token: 'access', token_type: 'bearer', id_token: await token() }];
  };
  const server = createServer((request, response) => {
    void textOf(request)
      .then((body) => answerTo(request.url ?? '', body))
      .then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
  beforeAll(async () => {
    key = await aKey('of-devices');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void Object.assign(provider, { answers: [], says: usual, asked: 0 }));
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const provider: DeviceProvider = { issuer: () => issuer, answers: [], says: usual, asked: 0 };
  return provider;
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
