import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loginDoor } from '../../../client/gateway/login.ts';
import { identityProvider } from '../../../client/gateway/provider.ts';
import { useDeviceProvider } from '../../support/device-provider.ts';
import { clientId, useProvider } from '../../support/login-tokens.ts';
import { useGateway } from '../gateway/gateway.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { slipway } from './terminal.ts';
import type { Terminal } from './terminal.ts';

const provider = useProvider();
const devices = useDeviceProvider();
const start = useGateway(() =>
  [provider, devices].map(({ issuer }) =>
    loginDoor({
      provider: identityProvider({ issuer: issuer(), now: Date.now, cooldownMs: 0 }),
      ...{ clientId, groupsClaim: 'groups', now: Date.now },
    }),
  ),
);

let gateway: TestGateway;
let [url, home] = ['', ''];
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-login-'));
  gateway = start();
  gateway.policy.people = {
    people: { anna: { oidc: 'subject' } },
    groups: { managers: { members: [], oidc: 'managers' } },
  };
  gateway.login = Object.assign(gateway.login, { issuer: provider.issuer(), clientId });
  url = await gateway.server.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await gateway.server.close();
  await rm(home, { recursive: true });
});

const run = (args: string[], options: Terminal = {}) =>
  slipway(args, url, { ...options, env: { XDG_CONFIG_HOME: home, SLIPWAY_TOKEN: '', ...options.env } });

/** Goes where the command sends people, as their browser does. */
const browsing = { onWrite: (text: string) => void (/^http:\S+authorize/.test(text) && fetch(text.trim())) };
const logIn = () => run(['login'], browsing);
const kept = async () =>
  (JSON.parse(await readFile(join(home, 'slipway/logins.json'), 'utf8')) as Record<string, Record<string, unknown>>)[
    url
  ];
/** When the token that is kept is over. */
const later = async () => ({ clock: [Number((await kept())?.['expiresAt'])] });

describe('slipway login', () => {
  it('lets commands ask as whoever has logged in, and keeps what for where nobody else reads it', async () => {
    provider.says = { sub: 'subject', groups: ['managers'] };
    const { exitCode, stderr } = await logIn();
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('you are anna, in managers')]);
    expect((await run(['whoami'])).stdout).toContain('you      anna (oidc)');
    expect((await stat(join(home, 'slipway/logins.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, 'slipway'))).mode & 0o777).toBe(0o700);
  });

  it('sends people away with what only this login can be answered with, and shows no token', async () => {
    const { stdout, stderr } = await logIn();
    const { searchParams } = new URL(stdout.trim());
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...{ client_id: clientId, response_type: 'code', scope: 'openid email', code_challenge_method: 'S256' },
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/callback$/),
      ...{ state: expect.stringMatching(/.{20}/), nonce: expect.stringMatching(/.{20}/) },
    });
    const { idToken, refreshToken } = (await kept())!;
    for (const secret of [idToken, refreshToken]) expect(stdout + stderr).not.toContain(secret);
  });

  it.each<[string, () => void]>([
    ['another nonce', () => (provider.says = { sub: 'subject', nonce: 'another' })],
    ['a token of another issuer', () => (provider.says = { sub: 'subject', iss: 'https://example.com' })],
    ['a token for another client', () => (provider.says = { sub: 'subject', aud: 'wiki' })],
    [
      'a token that nobody has signed',
      () =>
        (provider.onAnswer = (body) => {
          const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
          body['id_token'] = `${none}.${String(body['id_token']).split('.')[1]}.`;
        }),
    ],
    ['a code that was used', () => (provider.onRedirect = (to) => to.searchParams.set('code', 'used'))],
  ])('keeps nothing where the answer has %s', async (_, change) => {
    change();
    const { exitCode, stderr } = await logIn();
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('slipway login');
    await expect(kept()).rejects.toThrow('ENOENT');
  });

  it('goes on where somebody else finds the port: nothing that has not its state is an answer to it', async () => {
    const strays: Promise<Response>[] = [];
    provider.onRedirect = ({ origin, pathname }) =>
      strays.push(...['', '?error=access_denied&state=x', '?code=a'].map((query) => fetch(origin + pathname + query)));
    expect((await logIn()).exitCode).toBe(0);
    expect((await Promise.all(strays)).map(({ status }) => status)).toEqual([404, 404, 404]);
  });

  it('says why the provider has refused', async () => {
    provider.onRedirect = (to) => {
      to.searchParams.delete('code');
      to.searchParams.set('error', 'access_denied');
    };
    expect((await logIn()).stderr).toContain('has refused it: access_denied');
  });

  it('tells whom the policy does not know what the operator adds', async () => {
    provider.says = { sub: 'nobody' };
    const { exitCode, stderr } = await logIn();
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('adds `oidc: nobody` to a person');
  });

  it('begins nothing at a gateway that is asked in the open', async () => {
    const { stderr } = await run(['login', '--gateway', 'http://slipway.example.com']);
    expect(stderr).toContain('Use its https address.');
  });
});

describe('slipway login --device', () => {
  beforeEach(() => void (gateway.login.issuer = devices.issuer()));
  const logIn = (options: Terminal = {}) => run(['login', '--device'], options);

  it('shows where a code is to be typed in, and goes on when somebody has', async () => {
    devices.says = { ...devices.says, verification_uri_complete: `${devices.issuer()}/code?c=ABCD-EFGH` };
    devices.answers = ['authorization_pending', 'authorization_pending'];
    const { exitCode, stdout, stderr } = await logIn();
    expect([exitCode, stdout]).toEqual([0, `${devices.issuer()}/code\nABCD-EFGH\n`]);
    expect(stderr).toContain(`with the code in it: ${devices.issuer()}/code?c=ABCD-EFGH`);
    expect(stderr).toContain('you are anna');
    expect(stdout + stderr).not.toContain('of this machine');
    expect((await run(['whoami'])).stdout).toContain('you      anna (oidc)');
    expect(devices.asked).toBe(3);
  });

  it.each<[string, string[], number]>([
    ['as often as it is told', ['authorization_pending'], 5],
    ['less often where it is told so', ['slow_down', 'authorization_pending', 'slow_down'], 5 + 10 + 10],
    ['less often where nobody answers', ['503', '503'], 5 + 10],
  ])('asks %s', async (_, answers, seconds) => {
    // By when the last question is asked: the code is good for that long, or just not.
    const goodFor = async (expires_in: number) => {
      devices.answers = [...answers];
      devices.says = { ...devices.says, expires_in };
      return (await logIn()).stderr;
    };
    expect(await goodFor(seconds + 1)).toContain('you are anna');
    expect(await goodFor(seconds)).toContain('nobody has typed in the code in time');
  });

  it.each([
    ['access_denied', 'has refused it: access_denied'],
    ['expired_token', 'has refused it: expired_token'],
  ])('keeps nothing where the provider says %s', async (answer, says) => {
    devices.answers = [answer];
    const { exitCode, stderr } = await logIn();
    expect([exitCode === 0, stderr]).toEqual([false, expect.stringContaining(says)]);
    await expect(kept()).rejects.toThrow('ENOENT');
  });

  it('ends at once by Ctrl-C', async () => {
    const interrupt = new AbortController();
    devices.answers = ['authorization_pending', 'authorization_pending'];
    const { exitCode } = await logIn({
      signal: interrupt.signal,
      onPause: (pauses) => void (pauses === 2 && interrupt.abort()),
    });
    expect([exitCode, devices.asked]).toEqual([130, 1]);
  });

  it('says where a provider has no such login', async () => {
    gateway.login.issuer = provider.issuer();
    const { exitCode, stderr } = await logIn();
    expect([exitCode === 0, stderr]).toEqual([
      false,
      expect.stringContaining('no login for machines without a browser'),
    ]);
  });
});

describe('a kept login', () => {
  it('is gone on with when its token is over, and what it gets is kept', async () => {
    await logIn();
    const before = await kept();
    expect((await run(['whoami'], await later())).stdout).toContain('anna (oidc)');
    expect(provider.asked).toEqual(['authorization_code', 'refresh_token']);
    expect((await kept())?.['refreshToken']).not.toBe(before?.['refreshToken']);
  });

  it('asks people to log in again where the provider gives nothing to go on with', async () => {
    provider.onAnswer = (body) => delete body['refresh_token'];
    await logIn();
    const { exitCode, stderr } = await run(['whoami'], await later());
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('your login has ended');
  });

  it('is for its own gateway alone, and comes after a token that is given', async () => {
    await logIn();
    const other = url.replace('127.0.0.1', 'localhost');
    expect((await run(['whoami', '--gateway', other])).stderr).toContain('there is no token');
    expect((await run(['whoami'], { env: { SLIPWAY_TOKEN: 'guessed' } })).stderr).toContain('does not know this token');
  });
});

describe('slipway logout', () => {
  it('leaves nothing here, and has the provider forget it', async () => {
    await logIn();
    expect((await run(['logout'])).stdout).toBe('You are logged out.\n');
    expect([await kept(), provider.asked]).toEqual([undefined, ['authorization_code', 'revoke']]);
    expect((await run(['whoami'])).stderr).toContain('there is no token');
  });

  it('is done where nobody is logged in', async () => {
    expect((await run(['logout'])).exitCode).toBe(0);
  });
});
