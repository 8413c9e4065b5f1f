import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { examples } from '../../../client/gateway/openapi/examples.ts';
import { startFakeGateway, type FakeGateway } from './fake-gateway.ts';
import { slipway } from './terminal.ts';

const { token, secret } = examples;
const day = 86_400_000;
const asked = ['--for', 'release-robot', '--rights', 'look, start', '--services', 'shop', '--environments', 'a,b'];

let gateway: FakeGateway;
beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

describe('slipway token', () => {
  it('prints a token that is made alone, to be kept', async () => {
    let sent: unknown;
    gateway.on('POST /v1/tokens', ({ body }) => {
      sent = body;
      return { status: 201, body: { ...token, secret } };
    });
    const { exitCode, stdout, stderr } = await slipway(
      ['token', 'create', 'shop-ci', ...asked, '--expires', '90d'],
      gateway.url,
    );
    expect([exitCode, stdout]).toEqual([0, `${secret}\n`]);
    expect(stderr).toBe("shop-ci is release-robot's; nobody is told it a second time\n");
    expect(sent).toEqual({
      ...{ name: 'shop-ci', person: 'release-robot', rights: ['look', 'start'] },
      ...{ services: ['shop'], environments: ['a', 'b'], expiresInMs: 90 * day },
    });
  });

  it.each([
    ['a time that is none', ['--expires', 'soon'], '"soon" is no time'],
    ['a right that is none', ['--expires', '1d', '--rights', 'look,approve'], '"approve" is no right'],
  ])('takes no %s', async (_, options, says) => {
    const { exitCode, stderr } = await slipway(['token', 'create', 'shop-ci', ...asked, ...options], gateway.url);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(says);
  });

  it('lists those that were made, and what they are good for', async () => {
    const revoked = { ...token, name: 'old-ci', state: 'revoked', revokedBy: 'kim' };
    gateway.on('GET /v1/tokens', { body: { tokens: [token, revoked] } });
    const { stdout } = await slipway(['token', 'list'], gateway.url);
    const [heading, good, gone] = stdout.split('\n');
    expect(heading).toMatch(/^NAME +FOR +RIGHTS +SERVICES +ENVIRONMENTS +STATE$/);
    expect(good).toMatch(/^shop-ci +release-robot +look,start +shop +staging,production +good for \d+ days$/);
    expect(gone).toMatch(/^old-ci .* revoked$/);
  });

  it('makes one void', async () => {
    gateway.on('POST /v1/tokens/shop-ci/revoke', { body: { ...token, state: 'revoked', revokedBy: 'kim' } });
    const { exitCode, stdout } = await slipway(['token', 'revoke', 'shop-ci'], gateway.url);
    expect([exitCode, stdout]).toEqual([0, 'shop-ci is revoked\n']);
  });
});
