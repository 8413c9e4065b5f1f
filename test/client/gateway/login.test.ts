import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { Refused } from '../../../client/gateway/errors.ts';
import { loginDoor } from '../../../client/gateway/login.ts';
import { identityProvider } from '../../../client/gateway/provider.ts';
import { clientId, movingProvider, useProvider } from '../../support/login-tokens.ts';
import type { Provider } from '../../support/login-tokens.ts';
import { useGateway } from './gateway.ts';
import type { TestGateway } from './gateway.ts';

const provider = useProvider();
/** As a gateway asks it, and again at once. */
const eager = ({ issuer }: Provider) => identityProvider({ issuer: issuer(), now: Date.now, cooldownMs: 0 });
const door = () => loginDoor({ provider: eager(provider), clientId, groupsClaim: 'roles', now: Date.now });
const start = useGateway(() => [door()]);

/** That knows Anna by her subject, and Bert by his address. */
function gateway(): TestGateway {
  const parts = start();
  parts.policy.people = {
    people: { anna: { oidc: 'subject' }, bert: { email: 'bert@example.com' } },
    groups: { managers: { members: [], oidc: 'release-managers' }, founders: { members: ['anna'] } },
  };
  return parts;
}

const asWhom = async (token: string, parts = gateway()) => {
  const { status, body } = await parts.get('/v1/me', token);
  return status === 200 ? body : [status, body.error.code, body.error.message];
};

const seconds = (fromNow: number) => Math.floor(Date.now() / 1_000) + fromNow;

describe('a login', () => {
  it('is of whom the policy knows by that subject, in the groups that the provider and the policy say', async () => {
    const roles = ['release-managers', 'founders', 7];
    expect(await asWhom(await provider.token({ roles }))).toMatchObject({
      ...{ id: 'anna', via: 'oidc' },
      groups: ['managers', 'founders'],
    });
  });

  it('is of whom the policy knows by an address that the provider has verified', async () => {
    const bert = { sub: 'other', email: 'Bert@example.com', email_verified: true, roles: 'release-managers' };
    expect(await asWhom(await provider.token(bert))).toMatchObject({ id: 'bert', via: 'oidc', groups: ['managers'] });
  });

  it.each([false, 'true', undefined])('is nobody by an address whose word is that it is verified: %s', async (said) => {
    const token = await provider.token({ sub: 'other', email: 'bert@example.com', email_verified: said });
    expect(await asWhom(token)).toEqual([403, 'stranger', 'the login other is nobody whom the policy knows']);
  });

  it.each([
    ['a letter of another script', 'b\u0435rt@example.com'],
    ['a wide letter', '\uff42ert@example.com'],
    ['a sign that cannot be seen', 'bert\u200b@example.com'],
  ])('is nobody by an address that looks like theirs, verified as it is: %s', async (_what, email) => {
    const token = await provider.token({ sub: 'other', email, email_verified: true });
    expect(await asWhom(token)).toEqual([403, 'stranger', 'the login other is nobody whom the policy knows']);
  });

  it('of whom the policy does not know is told what the operator adds', async () => {
    const { body } = await gateway().get('/v1/me', await provider.token({ sub: 'other' }));
    expect(body.error.next).toContain('adds `oidc: other` to a person under `people`');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['has expired', { exp: seconds(-100) }, 'it has expired'],
    ['is older than a day, whatever its end', { iat: seconds(-90_000), exp: seconds(3_600) }, 'it has expired'],
    ['was made in the future', { iat: seconds(600), exp: seconds(3_600) }, 'it is not good yet'],
    ['is not good yet', { nbf: seconds(600) }, 'it is not good yet'],
    ['is made for another client', { aud: 'wiki' }, 'it is made for another client'],
    ['was given to another client', { aud: [clientId, 'wiki'], azp: 'wiki' }, 'it was given to another client'],
    ['is made for many, and names nobody it was given to', { aud: [clientId, 'wiki'] }, 'given to another client'],
    ['is the word of a logout', { events: {} }, 'it is no ID token'],
    ['has no end', { exp: undefined }, 'its claim exp is missing'],
    ['has no subject', { sub: undefined }, 'its claim sub is missing'],
    ['has a subject that is none', { sub: '' }, 'its claims are missing, or too long: sub'],
  ])('is refused that %s', async (_, claims, message) => {
    expect(await asWhom(await provider.token(claims))).toEqual([
      401,
      'bad-credential',
      expect.stringContaining(message),
    ]);
  });

  it('is refused as a token for an API', async () => {
    const answer = await asWhom(await provider.token({}, { typ: 'at+jwt' }));
    expect(answer).toEqual([401, 'bad-credential', expect.stringContaining('it is no ID token')]);
  });

  it.each<[string, () => string | Promise<string>]>([
    ['nobody has signed', () => provider.unsigned()],
    ['was signed with the public key', () => provider.signedByPublicKey()],
    ['a key has signed that the provider does not have', () => provider.ofUnknownKey()],
  ])('is refused that %s', async (_, token) => {
    const message = expect.stringContaining('the identity provider has not signed it');
    expect(await asWhom(await token())).toEqual([401, 'bad-credential', message]);
  });

  it('of another issuer is known to no door', async () => {
    const answer = await asWhom(await provider.token({ iss: 'https://example.com' }));
    expect(answer).toEqual([401, 'unauthenticated', 'the gateway does not know this token']);
  });

  it('is taken by a key that the provider has had only since the others were read', async () => {
    const parts = gateway();
    expect(await asWhom(await provider.token(), parts)).toMatchObject({ id: 'anna' });
    await provider.rotate();
    expect(await asWhom(await provider.token(), parts)).toMatchObject({ id: 'anna' });
  });

  it('is offered to anybody, and nothing else is', async () => {
    const parts = gateway();
    expect(await parts.get('/v1/login', '')).toEqual({
      status: 200,
      body: { oidc: { issuer: 'https://login.test', clientId: 'slipway', scopes: 'openid email' } },
    });
  });
});

describe('while the provider is away', () => {
  const gone = useProvider();
  const startWithout = useGateway(() => [
    loginDoor({ provider: eager(gone), clientId, groupsClaim: 'groups', now: Date.now }),
  ]);

  it('those whose keys are not known wait, and tokens of other kinds are taken', async () => {
    const token = await gone.token();
    await gone.goAway();
    const parts = startWithout();
    const { status, body } = await parts.get('/v1/me', token);
    expect([status, body.error.code]).toEqual([503, 'unavailable']);
    expect(body.error.next).toContain('tokens of other kinds are taken as before');
    expect((await parts.get('/v1/me')).status).toBe(200);
  });

  it('it is not asked for each token that somebody sends: once, and not again for a while', async () => {
    let asked = 0;
    const silent = createServer((_request, response) => {
      asked += 1;
      response.writeHead(500).end();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const now = () => 1_000;
    const door = loginDoor({ provider: identityProvider({ issuer, now }), clientId, groupsClaim: 'groups', now });
    const part = (said: object) => Buffer.from(JSON.stringify(said)).toString('base64url');
    const token = `${part({ alg: 'RS256' })}.${part({ iss: issuer })}.AAAA`;
    const answers = await Promise.allSettled(Array.from({ length: 50 }, () => door(token)));
    answers.push(...(await Promise.allSettled([door(token)])));
    expect(answers.every((one) => one.status === 'rejected' && (one.reason as Refused).status === 503)).toBe(true);
    expect(asked).toBe(1);
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
  });
});

describe('a provider that has its keys elsewhere from now on', () => {
  const moving = movingProvider();
  const doorAt = (now: () => number) => {
    const asked = identityProvider({ issuer: moving.issuer(), now });
    const door = loginDoor({ provider: asked, clientId, groupsClaim: 'groups', now: Date.now });
    return async (token: string) =>
      door(token).then(
        () => 'taken',
        (error: Refused) => error.body.code,
      );
  };

  it.each([
    ['has another key there', { isOldGone: false }],
    ['has nothing any more where they were', { isOldGone: true }],
  ])('is found without a restart, where it %s', async (_, how) => {
    await moving.to('/keys');
    let now = 1_000_000;
    const come = doorAt(() => now);
    expect(await come(await moving.token())).toBe('taken');
    await moving.to(`/keys-${String(how.isOldGone)}`, how);
    now += 31_000;
    expect(await come(await moving.token())).toBe('taken');
  });

  it('is asked where they are once in half a minute, whoever sends tokens of keys that it has not', async () => {
    await moving.to('/keys');
    let now = 1_000_000;
    const come = doorAt(() => now);
    await come(await moving.token());
    const before = moving.described();
    const stranger = await moving.ofUnknownKey();
    const all = () => Promise.all(Array.from({ length: 20 }, () => come(stranger)));
    expect(new Set(await all())).toEqual(new Set(['bad-credential']));
    expect(moving.described()).toBe(before);
    now += 31_000;
    await all();
    await all();
    expect(moving.described()).toBe(before + 1);
  });

  it('is asked once more after ten minutes, and what was read is good where it does not answer', async () => {
    await moving.to('/keys');
    let now = 1_000_000;
    const come = doorAt(() => now);
    const token = await moving.token();
    await come(token);
    const before = moving.described();
    now += 600_000;
    moving.isAway = true;
    expect(await come(token)).toBe('taken');
    expect(moving.described()).toBe(before + 1);
    moving.isAway = false;
  });
});
