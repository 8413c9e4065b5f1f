import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OAuth2Server } from 'oauth2-mock-server';
import { loginDoor } from '../../../client/gateway/login.ts';
import { identityProvider } from '../../../client/gateway/provider.ts';
import { configProblems } from '../../../temporal.config.ts';
import { aKey } from '../../support/github-tokens.ts';
import { clientId } from '../../support/login-tokens.ts';

const server = new OAuth2Server();
let issuer = '';

beforeAll(async () => {
  await server.issuer.keys.add(await aKey('first'));
  await server.start(0, '127.0.0.1');
  issuer = server.issuer.url = `http://127.0.0.1:${server.address().port}/`;
});
afterAll(() => server.stop());

it('a provider whose issuer ends with a slash is taken at its word', async () => {
  const variables = { SLIPWAY_OIDC_ISSUER: issuer, SLIPWAY_OIDC_CLIENT_ID: clientId };
  const about = configProblems(variables).filter(({ variable }) => variable.startsWith('SLIPWAY_OIDC_'));
  expect(about).toEqual([]);
  const door = loginDoor({
    provider: identityProvider({ issuer, now: Date.now, cooldownMs: 0 }),
    ...{ clientId, groupsClaim: 'groups', now: Date.now },
  });
  const now = Math.floor(Date.now() / 1_000);
  const token = await server.issuer.buildToken({
    kid: 'first',
    scopesOrTransform: (_header, payload) => {
      delete (payload as { nbf?: number }).nbf;
      Object.assign(payload, { iss: issuer, aud: clientId, sub: 'subject', iat: now, exp: now + 3_600 });
    },
  });
  expect(await door(token)).toMatchObject({ proof: { via: 'oidc', id: 'subject' } });
});
