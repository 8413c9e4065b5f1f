import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { decodeJwt } from 'jose';
import { startLabLogin } from '../../lab/login/provider.ts';
import type { LabLogin } from '../../lab/login/provider.ts';

const people = [
  { name: 'lab-approver', may: 'decides & "approves"' },
  { name: 'visitor', may: '<b>looks</b>' },
];
const verifier = 'v'.repeat(43);
const callback = 'http://127.0.0.1:4711/auth/callback';

let login: LabLogin;
beforeAll(async () => {
  login = await startLabLogin(people);
});
afterAll(() => login.stop());

function asked(changes: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    ...{ response_type: 'code', client_id: login.clientId, redirect_uri: callback, scope: 'openid' },
    ...{ state: 's"><script>', nonce: 'n', code_challenge_method: 'S256' },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    ...changes,
  });
  return `${login.issuer}/authorize?${query.toString()}`;
}

const get = (url: string) => fetch(url, { redirect: 'manual' });
const token = (form: Record<string, string>) =>
  fetch(`${login.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: login.clientId, code_verifier: verifier, ...form }),
  });

/** By a name, or from a page, that fetch does not let one say. */
function raw(url: URL, headers: Record<string, string>): Promise<{ status: number | undefined; names: string[] }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode, names: Object.keys(answer.headers) });
    })
      .once('error', reject)
      .end();
  });
}

async function codeOf(name: string): Promise<string> {
  const { headers } = await get(asked({ as: name }));
  return new URL(headers.get('location') ?? '').searchParams.get('code') ?? '';
}

describe('the identity provider of the lab', () => {
  it('asks who somebody is, on a page that has no script and no word of whoever has asked', async () => {
    const page = await get(asked());
    const html = await page.text();
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
    expect(html).toContain('<b>lab-approver</b> <small>decides &amp; &quot;approves&quot;</small>');
    expect(html).toContain('&lt;b&gt;looks&lt;/b&gt;');
    expect(html).not.toContain('<script');
  });

  it('gives a token of whoever was chosen, once', async () => {
    const [one, other] = [await codeOf('visitor'), await codeOf('lab-approver')];
    const form = { grant_type: 'authorization_code', redirect_uri: callback };
    const subjects = [];
    for (const code of [other, one]) {
      const { id_token: idToken } = (await (await token({ ...form, code })).json()) as { id_token: string };
      subjects.push(decodeJwt(idToken));
    }
    expect(subjects).toMatchObject([
      { sub: 'lab-approver', aud: login.clientId, nonce: 'n', iss: login.issuer },
      { sub: 'visitor' },
    ]);
    expect((await token({ ...form, code: one })).status).toBe(400);
  });

  it.each([
    ['with a password', { grant_type: 'password', username: 'lab-approver', password: '' }],
    ['with a code of nobody', { grant_type: 'authorization_code', code: 'made-up' }],
    ['without a code', { grant_type: 'refresh_token', refresh_token: 'x' }],
    ['as a program', { grant_type: 'client_credentials' }],
  ])('gives none %s', async (_how, form) => {
    expect((await token(form)).status).toBe(400);
  });

  it.each([
    ['to another machine', { redirect_uri: 'https://evil.test/auth/callback' }],
    ['to a name', { redirect_uri: 'http://localhost.evil.test/' }],
    ['for another program', { client_id: 'other' }],
    ['without PKCE', { code_challenge: '' }],
  ])('sends nobody %s', async (_where, changes) => {
    const answer = await get(asked({ as: 'visitor', ...changes }));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it.each([
    ['of a page of elsewhere', { origin: 'https://evil.test' }],
    ['of a page of this machine', { origin: 'http://127.0.0.1:4711' }],
    ['of a page without a name', { origin: 'null' }],
    ['under a name that points here', { host: 'evil.test' }],
    ['on another port', { host: '127.0.0.1:1' }],
  ])('answers nothing %s', async (_what, headers) => {
    for (const path of [
      new URL(asked({ as: 'visitor' })),
      new URL(`${login.issuer}/token`),
      new URL(`${login.issuer}/jwks`),
    ]) {
      const answer = await raw(path, headers);
      expect([answer.status, answer.names.filter((name) => /^(access-control-|location)/.test(name))]).toEqual([
        403,
        [],
      ]);
    }
  });

  it('lets no page read what it answers', async () => {
    const code = await codeOf('visitor');
    const answers = [
      await get(asked({ as: 'visitor' })),
      await get(asked()),
      await get(`${login.issuer}/jwks`),
      await get(`${login.issuer}/.well-known/openid-configuration`),
      await token({ grant_type: 'authorization_code', redirect_uri: callback, code }),
      await token({ grant_type: 'password' }),
      await fetch(`${login.issuer}/token`, { method: 'OPTIONS' }),
    ];
    const names = answers.flatMap(({ headers }) => [...headers.keys()]);
    expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  it('sends nobody to itself', async () => {
    const answer = await get(asked({ as: 'visitor', redirect_uri: `${login.issuer}/jwks` }));
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null]);
  });

  it('asks again for whom there is not', async () => {
    expect((await get(asked({ as: 'root' }))).status).toBe(200);
  });

  it('has nothing else', async () => {
    for (const path of ['/', '/userinfo', '/introspect', '/endsession'])
      expect((await get(login.issuer + path)).status).toBe(404);
  });
});
