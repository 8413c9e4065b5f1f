import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { createKeyPair, createSigner } from '../../../activities/shared/signatures.ts';
import { browserLogin } from '../../../client/gateway/browser/browser.ts';
import { identityProvider } from '../../../client/gateway/provider.ts';
import type { Session } from '../../../domain/contract/sessions.ts';
import { clientId, useProvider } from '../../support/login-tokens.ts';
import { until } from '../../support/world-until.ts';
import { aStatus } from '../cli/builders.ts';
import { aBrowser, ofOwnPage, origin } from './browsers.ts';
import { requireDocumented } from './documented.ts';
import { aStart, signer, tokens, useGateway } from './gateway.ts';
import type { AnswerBody, TestGateway } from './gateway.ts';
import { useStreams } from './streams.ts';

const provider = useProvider();
const settings = () => ({
  ...{ origin, clientId, scopes: 'openid email offline_access', groupsClaim: 'groups', now: Date.now },
  provider: identityProvider({ issuer: provider.issuer(), now: Date.now, cooldownMs: 0 }),
});
const start = useGateway(
  () => [],
  () => browserLogin(settings()),
);
const startInTheOpen = useGateway(
  () => [],
  () => browserLogin({ ...settings(), origin: 'http://localhost:7777' }),
);
const startWithSecret = useGateway(
  () => [],
  () => browserLogin({ ...settings(), clientId: 'browser', secret: 'of the client' }),
);
const { listening, open } = useStreams();

const knowing = {
  people: { anna: { oidc: 'subject' }, bert: { email: 'bert@example.com' } },
  groups: { managers: { members: [], oidc: 'release-managers' }, founders: { members: ['anna'] } },
};

/** That knows Anna by her subject, and Bert by his address; by the clock of this machine. */
function gateway(starting = start, ...given: Parameters<typeof start>): TestGateway {
  const parts = starting(...given);
  parts.policy.people = structuredClone(knowing);
  parts.later(Date.now() - 1_000_000);
  return parts;
}

async function loggedIn(parts = gateway()) {
  const browser = aBrowser(parts);
  await browser.logIn();
  return { parts, browser };
}

const refusal = (answer: LightMyRequestResponse) => {
  const { error } = answer.json<AnswerBody>();
  return [answer.statusCode, error.code, error.message];
};
const sessionOf = ({ jar }: ReturnType<typeof aBrowser>) => jar.get('__Host-slipway');
const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex');
const age = ({ database }: TestGateway, secret: string, [begun, used]: [string, string]) =>
  database.ask(
    'owner',
    `update slipway.sessions set begun_at = begun_at - $2::interval, used_at = used_at - $3::interval where hash = $1`,
    [hashOf(secret), begun, used],
  );

describe('a browser that logs in', () => {
  it('has a session, by which it asks as whoever the policy knows by that, with what they may do', async () => {
    provider.says = { sub: 'subject', groups: ['release-managers'] };
    const parts = gateway();
    const browser = aBrowser(parts);
    const { statusCode, headers } = await browser.logIn('/releases?open=true#newest');
    expect([statusCode, headers.location]).toEqual([302, `${origin}/releases?open=true#newest`]);
    const me = await browser.ask('GET', '/v1/me');
    expect(me.json()).toEqual({
      ...{ id: 'anna', via: 'oidc', groups: ['managers', 'founders'] },
      grants: [{ service: parts.service, environment: 'production', may: ['look', 'start', 'decide', 'operate'] }],
    });
    requireDocumented({ method: 'GET', url: '/v1/me', status: 200, body: me.json() });
    expect(me.headers['cache-control']).toBe('no-store');
  });

  it('keeps what no script reads, no other host sets and nothing carries in the open; the records have its hash alone', async () => {
    const parts = gateway();
    const browser = aBrowser(parts);
    const { headers } = await browser.logIn();
    const [dropped, set] = headers['set-cookie'] as string[];
    expect(dropped).toBe('__Host-slipway-login=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure');
    expect(set).toMatch(/^__Host-slipway=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure$/);
    expect(headers['cache-control']).toBe('no-store');
    const secret = sessionOf(browser)!;
    const [row] = await parts.database.ask('owner', 'select * from slipway.sessions where hash = $1', [hashOf(secret)]);
    expect(JSON.stringify(row)).toContain('"subject"');
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  it('is sent to the provider with what only this login can be answered with', async () => {
    const { headers } = await aBrowser(gateway()).ask('GET', '/auth/login');
    expect(Object.fromEntries(new URL(String(headers.location)).searchParams)).toEqual({
      ...{ client_id: clientId, response_type: 'code', scope: 'openid email', code_challenge_method: 'S256' },
      redirect_uri: `${origin}/auth/callback`,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      ...{ state: expect.stringMatching(/.{20}/), nonce: expect.stringMatching(/.{20}/) },
    });
  });

  it('comes by the secret of the client where it has one, which is shown to nobody', async () => {
    const parts = gateway(startWithSecret);
    const browser = aBrowser(parts);
    const answer = await browser.logIn();
    expect((await browser.ask('GET', '/v1/me')).statusCode).toBe(200);
    expect(provider.authorizations).toEqual([`Basic ${Buffer.from('browser:of+the+client').toString('base64')}`]);
    expect(JSON.stringify([answer.headers, answer.body, [...browser.jar]])).not.toContain('of the client');
  });

  it('may do so on this machine without TLS, by a name that browsers take there', async () => {
    const { headers } = await aBrowser(gateway(startInTheOpen)).logIn();
    expect(String(headers['set-cookie'])).toMatch(
      /(^|,)slipway=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/,
    );
  });

  it('is in no more groups than are kept, and in none that is no text', async () => {
    const many = Array.from({ length: 400 }, (_, nth) => `${nth}${'ü'.repeat(200)}`);
    provider.says = { sub: 'subject', groups: ['half \ud800', 'NUL \u0000', 'release-managers', ...many, 'late'] };
    const parts = gateway();
    parts.policy.people = { ...knowing, groups: { ...knowing.groups, late: { members: [], oidc: 'late' } } };
    const { browser } = await loggedIn(parts);
    expect((await browser.ask('GET', '/v1/me')).json()).toMatchObject({ groups: ['managers', 'founders'] });
  });

  it('may begin at one gateway, come back to another, and has its session at both', async () => {
    const [one, other] = [gateway(), gateway()];
    const browser = aBrowser(one);
    await browser.ask('GET', await browser.begin(), {}, other);
    for (const parts of [one, other]) expect((await browser.ask('GET', '/v1/me', {}, parts)).statusCode).toBe(200);
    await browser.post('/auth/logout', {}, other);
    expect((await browser.ask('GET', '/v1/me', {}, one)).statusCode).toBe(401);
  });

  it('ends the session that it had', async () => {
    const { parts, browser } = await loggedIn();
    const before = sessionOf(browser)!;
    await browser.logIn();
    const asked = await parts.server.inject({ url: '/v1/me', headers: { cookie: `__Host-slipway=${before}` } });
    expect(asked.statusCode).toBe(401);
    expect((await browser.ask('GET', '/v1/me')).statusCode).toBe(200);
  });

  it('finds nothing at a gateway at which nobody logs in with a browser', async () => {
    const without = useless();
    for (const url of ['/auth/login', '/auth/callback'])
      expect(refusal(await aBrowser(without).ask('GET', url)).slice(0, 2)).toEqual([404, 'not-found']);
    expect((await without.post('/auth/logout', {})).status).toBe(404);
  });
});

const useless = useGateway();

describe('an answer to a login', () => {
  it.each<[string, (path: string, browser: ReturnType<typeof aBrowser>, parts: TestGateway) => unknown, string]>([
    ['has another state', (path) => path.replace(/state=[^&]+/, 'state=another'), 'is not the answer to what'],
    ['has two states', (path) => `${path}&state=another`, 'is not the answer to what'],
    ['comes to a browser that has begun none', (_, { jar }) => jar.clear(), 'has begun none'],
    ['comes after more than ten minutes', (_path, _browser, { later }) => later(600_000), 'more than ten minutes ago'],
    [
      'comes with a login that nobody has signed',
      (_, { jar }) => {
        const [name, text] = [...jar][0]!;
        const login = JSON.parse(Buffer.from(text, 'base64url').toString()) as { login: object };
        Object.assign(login.login, { to: '/elsewhere' });
        jar.set(name, Buffer.from(JSON.stringify(login)).toString('base64url'));
      },
      'has begun none',
    ],
    [
      'has a code that the provider does not know',
      (path) => path.replace(/code=[^&]+/, 'code=guessed'),
      'cannot be believed',
    ],
    ['says that somebody has refused', (path) => path.replace(/code=[^&]+/, 'error=access_denied'), 'access_denied'],
  ])('is refused that %s', async (_, change, message) => {
    const parts = gateway();
    const browser = aBrowser(parts);
    const path = await browser.begin();
    const changed = change(path, browser, parts);
    const answer = await browser.ask('GET', typeof changed === 'string' ? changed : path);
    expect(refusal(answer)).toEqual([401, 'bad-credential', expect.stringContaining(message)]);
    expect(sessionOf(browser)).toBeUndefined();
  });

  it.each<[string, () => void, string]>([
    ['another nonce', () => (provider.says = { sub: 'subject', nonce: 'another' }), 'cannot be believed'],
    ['another issuer', () => (provider.says = { sub: 'subject', iss: 'https://example.com' }), 'cannot be believed'],
    ['another client', () => (provider.says = { sub: 'subject', aud: 'wiki' }), 'cannot be believed'],
    [
      'no signature of the provider',
      () =>
        (provider.onAnswer = (body) => {
          const [head, claims] = String(body['id_token']).split('.');
          body['id_token'] = [head, claims, randomBytes(256).toString('base64url')].join('.');
        }),
      'has not signed it',
    ],
    ['no ID token', () => (provider.onAnswer = (body) => delete body['id_token']), 'cannot be believed'],
  ])('is refused that brings a token with %s', async (_, change, message) => {
    const browser = aBrowser(gateway());
    change();
    expect(refusal(await browser.logIn())).toEqual([401, 'bad-credential', expect.stringContaining(message)]);
    expect(sessionOf(browser)).toBeUndefined();
  });

  it('is good once, at whichever gateway, also for whoever has kept what the browser had', async () => {
    const [one, other] = [gateway(), gateway()];
    const browser = aBrowser(one);
    const path = await browser.begin();
    const kept = new Map(browser.jar);
    expect((await browser.ask('GET', path)).statusCode).toBe(302);
    for (const parts of [one, other]) {
      const replaying = aBrowser(parts);
      for (const [name, value] of kept) replaying.jar.set(name, value);
      expect(refusal(await replaying.ask('GET', path))).toEqual([401, 'bad-credential', 'it was answered before']);
    }
  });

  it('that is none to it ends no login that a browser has begun', async () => {
    const browser = aBrowser(gateway());
    const path = await browser.begin();
    expect((await browser.ask('GET', '/auth/callback?code=a&state=another')).statusCode).toBe(401);
    expect((await browser.ask('GET', path)).statusCode).toBe(302);
  });

  it('is not used up by a look ahead', async () => {
    const parts = gateway();
    const browser = aBrowser(parts);
    const path = await browser.begin();
    const { statusCode } = await parts.server.inject({
      method: 'HEAD',
      url: path,
      headers: { cookie: browser.cookie() },
    });
    expect(statusCode).toBe(401);
    expect((await browser.ask('GET', path)).statusCode).toBe(302);
  });

  it.each([
    ['that nobody has verified', { sub: 'other', email: 'bert@example.com', email_verified: false }],
    ['of nobody whom the policy knows', { sub: 'other', email: 'eve@example.com', email_verified: true }],
  ])('of an address %s has no session, and is told what the operator adds', async (_, claims) => {
    provider.says = claims;
    const browser = aBrowser(gateway());
    const answer = await browser.logIn();
    expect(refusal(answer)).toEqual([403, 'stranger', 'the login other is nobody whom the policy knows']);
    expect(answer.json<AnswerBody>().error.next).toContain('adds `oidc: other` to a person under `people`');
    expect(sessionOf(browser)).toBeUndefined();
  });

  it('of a verified address is of whom the policy knows by it', async () => {
    provider.says = { sub: 'other', email: 'Bert@example.com', email_verified: true };
    const { browser } = await loggedIn();
    expect((await browser.ask('GET', '/v1/me')).json()).toMatchObject({ id: 'bert', via: 'oidc' });
  });
});

describe('where a browser goes behind its login', () => {
  it.each([
    ['//example.com'],
    ['///example.com'],
    ['https://example.com'],
    ['https:example.com'],
    ['/\\example.com'],
    ['\\\\example.com'],
    ['/\t/example.com'],
    ['/\n/example.com'],
    ['\t//example.com'],
    ['/.//example.com'],
    ['/a/..//example.com'],
    ['/%2e//example.com'],
    ['javascript:alert(1)'],
    ['releases'],
    [''],
    ['/auth/login?to=/'],
    ['/./auth/callback'],
    [`/${'a'.repeat(1_001)}`],
    [`/${'ü'.repeat(500)}`],
    ['/\u0000'],
    ['/a\r\nset-cookie: slipway=mine'],
  ])('is no other place than its own pages: %j', async (to) => {
    const answer = await aBrowser(gateway()).ask('GET', `/auth/login?${new URLSearchParams({ to }).toString()}`);
    expect(refusal(answer).slice(0, 2)).toEqual([400, 'bad-request']);
    expect(answer.headers).not.toHaveProperty('location');
  });

  it.each([
    ['/', '/'],
    ['/releases/release%2Fshop%2F1?tab=plan#top', '/releases/release%2Fshop%2F1?tab=plan#top'],
    ['/lanes/shop/../wiki', '/lanes/wiki'],
    ['/@example.com', '/@example.com'],
    ['/authors', '/authors'],
    ['/größe', '/gr%C3%B6%C3%9Fe'],
  ])('is %j as a browser reads it', async (to, path) => {
    expect((await aBrowser(gateway()).logIn(to)).headers.location).toBe(origin + path);
  });
});

describe('a session', () => {
  const isRefused = async ({ browser }: Awaited<ReturnType<typeof loggedIn>>) =>
    expect(refusal(await browser.ask('GET', '/v1/me'))).toEqual([
      401,
      'bad-credential',
      'this session is over, or was never one here',
    ]);

  it.each<[string, [string, string]]>([
    ['was not used for an hour', ['61 minutes', '61 minutes']],
    ['has begun twelve hours ago', ['12 hours', '0']],
  ])('is over that %s', async (_, by) => {
    const known = await loggedIn();
    await age(known.parts, sessionOf(known.browser)!, by);
    await isRefused(known);
  });

  it('is over when somebody logs out, for whoever has kept it, too', async () => {
    const known = await loggedIn();
    const secret = sessionOf(known.browser)!;
    const { statusCode, headers } = await known.browser.post('/auth/logout', {});
    expect([statusCode, sessionOf(known.browser)]).toEqual([200, undefined]);
    expect(headers['cache-control']).toBe('no-store');
    known.browser.jar.set('__Host-slipway', secret);
    await isRefused(known);
    expect((await known.browser.post('/auth/logout', {})).statusCode).toBe(401);
  });

  it('is over when somebody logs out whom the policy has no more', async () => {
    const { parts, browser } = await loggedIn();
    parts.policy.people = { ...knowing, people: { bert: knowing.people.bert } };
    expect((await browser.ask('GET', '/v1/me')).statusCode).toBe(403);
    const secret = sessionOf(browser)!;
    expect((await browser.post('/auth/logout', {})).statusCode).toBe(200);
    parts.policy.people = structuredClone(knowing);
    browser.jar.set('__Host-slipway', secret);
    await isRefused({ parts, browser });
  });

  it.each([['guessed'], [randomBytes(32).toString('base64url')], ['']])(
    'is none that is made up: %j',
    async (secret) => {
      const { browser, parts } = await loggedIn();
      browser.jar.set('__Host-slipway', secret);
      await isRefused({ browser, parts });
    },
  );

  it('is none where the browser has two, of which nobody can tell which is meant', async () => {
    const { parts, browser } = await loggedIn();
    const cookie = `__Host-slipway=${sessionOf(browser)!}; __Host-slipway=another`;
    expect((await parts.server.inject({ url: '/v1/me', headers: { cookie } })).json()).toMatchObject({
      error: { code: 'unauthenticated' },
    });
  });

  const written = async (parts: TestGateway, changes: Partial<Session>, by = signer) => {
    const secret = randomBytes(32).toString('base64url');
    const usual = { issuer: provider.issuer(), clientId, proof: { id: 'subject', belongs: [] }, at: Date.now() };
    await parts.records.sessions.begin(by.signSession({ hash: hashOf(secret), ...usual, ...changes }));
    const browser = aBrowser(parts);
    browser.jar.set('__Host-slipway', secret);
    return { parts, browser };
  };

  it('of another installation is good for nothing, whatever is in the records', async () => {
    expect((await (await written(gateway(), {})).browser.ask('GET', '/v1/me')).statusCode).toBe(200);
    await isRefused(await written(gateway(), {}, createSigner(createKeyPair().privateKeyPem)));
  });

  it.each<[string, Partial<Session>]>([
    ['of another provider, which the operator had before', { issuer: 'https://login.example.com' }],
    ['of another client', { clientId: 'before' }],
    ['that is put there a second time, long after', { at: Date.now() - 13 * 3_600_000 }],
    ['that is signed for another one', { hash: 'a'.repeat(64) }],
  ])('%s is good for nothing', async (_, changes) => {
    const parts = gateway();
    const known = await written(parts, changes);
    if (changes.hash !== undefined)
      await parts.database.ask('owner', 'update slipway.sessions set hash = $2 where hash = $1', [
        changes.hash,
        hashOf(sessionOf(known.browser)!),
      ]);
    await isRefused(known);
  });

  it('is of whom the policy has now: who is taken out is out at once, and in no group that they have left', async () => {
    const { parts, browser } = await loggedIn();
    parts.policy.people = { ...knowing, groups: {} };
    expect((await browser.ask('GET', '/v1/me')).json()).toMatchObject({ id: 'anna', groups: [] });
    parts.policy.people = { people: { bert: { oidc: 'another' } }, groups: {} };
    expect(refusal(await browser.ask('GET', '/v1/me')).slice(0, 2)).toEqual([403, 'stranger']);
  });

  it('goes on while the provider is away; who logs in is told so, and what works', async () => {
    const away = gateway(startAway);
    const { browser } = await written(away, { issuer: nowhere });
    away.policy.people!.people['dana'] = { token: 'dana' };
    const answer = await aBrowser(away).ask('GET', '/auth/login');
    expect(refusal(answer)).toEqual([503, 'unavailable', expect.stringContaining('identity provider')]);
    expect(answer.json<AnswerBody>().error.next).toContain('Whoever is logged in stays so');
    expect((await away.get('/v1/me')).status).toBe(200);
    expect((await browser.ask('GET', '/v1/me')).statusCode).toBe(200);
  });

  it('that cannot be looked up, as the records are away, is told as that', async () => {
    const { parts, browser } = await loggedIn();
    parts.silence.falls = true;
    const late = gateway(start, { answerMs: 50 });
    late.silence.falls = true;
    expect(refusal(await browser.ask('GET', '/v1/me', {}, late)).slice(0, 2)).toEqual([503, 'unavailable']);
  });
});

/** Nothing listens there. */
const nowhere = 'http://127.0.0.1:9';
const startAway = useGateway(
  () => [],
  () =>
    browserLogin({
      ...settings(),
      provider: identityProvider({ issuer: nowhere, now: Date.now, cooldownMs: 0 }),
    }),
);

describe('what comes with a session and changes something', () => {
  it('is taken from a page of the gateway', async () => {
    const { parts, browser } = await loggedIn();
    const answer = await browser.post('/v1/releases', aStart(parts.service));
    expect([answer.statusCode, parts.engine.started[0]?.requestedBy]).toMatchObject([201, { id: 'anna', via: 'oidc' }]);
  });

  it.each<[string, Record<string, string>]>([
    ['from another origin', { ...ofOwnPage, origin: 'https://example.com' }],
    ['from a host below its own', { ...ofOwnPage, origin: 'https://evil.slipway.test' }],
    ['from the same host in the open', { ...ofOwnPage, origin: 'http://slipway.test' }],
    ['from nowhere', { ...ofOwnPage, origin: 'null' }],
    ['without an origin', { 'x-slipway-csrf': '1' }],
    ['without the header', { origin }],
    ['with the header otherwise', { ...ofOwnPage, 'x-slipway-csrf': 'true' }],
    ['with another origin behind it', { ...ofOwnPage, origin: `${origin}, https://example.com` }],
  ])('is refused %s, and nothing was done', async (_, headers) => {
    const { parts, browser } = await loggedIn();
    for (const [url, body] of [
      ['/v1/releases', aStart(parts.service)],
      ['/auth/logout', {}],
    ] as const) {
      const answer = await browser.ask('POST', url, { headers, body });
      expect(refusal(answer).slice(0, 2)).toEqual([403, 'cross-site']);
      requireDocumented({ method: 'POST', url, status: 403, body: answer.json(), sent: body });
    }
    expect(parts.engine.started).toEqual([]);
    expect((await browser.ask('GET', '/v1/me')).statusCode).toBe(200);
  });

  it('is asked for nothing of that where it comes with a token', async () => {
    const parts = gateway();
    parts.policy.people = { people: { dana: { token: 'dana' } }, groups: {} };
    expect((await parts.post('/v1/releases', aStart(parts.service))).status).toBe(201);
  });

  it('is refused where it comes with a token, too: nobody guesses who is meant', async () => {
    const { browser } = await loggedIn();
    const answer = await browser.ask('GET', '/v1/me', { headers: { authorization: `Bearer ${tokens.dana}` } });
    expect(refusal(answer).slice(0, 2)).toEqual([400, 'bad-request']);
  });
});

describe('whoever has no name yet', () => {
  it.each<[string, Record<string, string>]>([
    ['from another page', {}],
    ['of a page of ours', ofOwnPage],
    ['with a token as well', { authorization: 'Bearer guessed' }],
  ])('is listened to no further by a session that was made up, %s', async (_, headers) => {
    const { server } = gateway();
    const cookie = '__Host-slipway=made-up';
    const answer = await server.inject({ method: 'POST', url: '/v1/releases', headers: { cookie, ...headers } });
    expect([answer.statusCode >= 400, answer.headers.connection]).toEqual([true, 'close']);
  });

  it('has nothing signed by a logout that is none', async () => {
    const { evidence, server } = gateway();
    const sent = { method: 'POST', url: '/auth/logout', headers: ofOwnPage, payload: {} } as const;
    expect((await server.inject(sent)).statusCode).toBe(401);
    expect(evidence.asked).toBe(0);
  });

  it('leaves nothing in the records by beginning logins, nor by answers that are none', async () => {
    const parts = gateway();
    const browser = aBrowser(parts);
    await browser.begin();
    for (const path of ['/auth/callback', '/auth/callback?code=a&state=another', '/v1/me'])
      expect((await browser.ask('GET', path)).statusCode).toBe(401);
    expect([...parts.askedRecords, ...parts.askedTemporal]).toEqual([]);
  });

  it('is told where browsers log in', async () => {
    const answer = await aBrowser(gateway()).ask('GET', '/v1/me');
    expect(answer.json<AnswerBody>().error.next).toContain('/auth/login');
  });

  it('may begin so many logins from one address, and is told when the next', async () => {
    const parts = gateway();
    const begin = () => parts.server.inject({ url: '/auth/login' });
    const answers = await Promise.all(Array.from({ length: 200 }, begin));
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]!.headers['retry-after']).toBeDefined();
    const elsewhere = await parts.server.inject({ url: '/auth/login', remoteAddress: '198.51.100.7' });
    expect(elsewhere.statusCode).toBe(302);
  });
});

describe('a stream of events that comes with a session', () => {
  const saying = (parts: TestGateway) =>
    void (parts.engine.status = async (releaseId) => ({ ...aStatus({ doing: 'builds core' }), releaseId }));

  async function watched() {
    const parts = gateway(start, { aliveMs: 50 });
    const { browser } = await loggedIn(parts);
    const { releaseId } = (await browser.post('/v1/releases', aStart(parts.service))).json<AnswerBody>();
    saying(parts);
    const stream = await open(await listening(parts), releaseId, { cookie: browser.cookie() });
    expect(await stream.doing()).toBe('builds core');
    return { parts, browser, stream };
  }

  it('ends when somebody logs out', async () => {
    const { browser, stream } = await watched();
    await browser.post('/auth/logout', {});
    expect(await stream.next()).toBeUndefined();
  });

  it('ends when nobody has used the session for an hour otherwise: it is no use itself', async () => {
    const { parts, browser, stream } = await watched();
    const secret = sessionOf(browser)!;
    await age(parts, secret, ['30 minutes', '30 minutes']);
    const before = parts.askedRecords.length;
    await until('the gateway has looked at the session', () => parts.askedRecords.length > before + 2);
    await age(parts, secret, ['31 minutes', '31 minutes']);
    expect(await stream.next()).toBeUndefined();
  });

  it('ends when the person is taken out of the policy', async () => {
    const { parts, stream } = await watched();
    parts.policy.people = { people: {}, groups: {} };
    expect(await stream.next()).toBeUndefined();
  });
});
