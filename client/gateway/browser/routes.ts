import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sha256 } from '../../../activities/shared/sha256.ts';
import { holderOf } from '../../../domain/addresses.ts';
import type { BegunLogin } from '../../../domain/contract/sessions.ts';
import { accepted, identified, requireText } from '../calls.ts';
import type { GatewayParts } from '../calls.ts';
import { entered } from '../doors.ts';
import { Refused } from '../errors.ts';
import type { Allow } from '../limits.ts';
import * as schemas from '../schemas.ts';
import { loginSeconds, readLogin, writeLogin } from './begun-login.ts';
import type { Browser } from './browser.ts';
import { cookieIn, dropCookie, setCookie } from './cookies.ts';
import { badLogin, beginLogin, finishLogin } from './provider-client.ts';
import { ownPath } from './return-path.ts';
import { beginSession, requireSession, sessionSeconds } from './sessions.ts';

/** A look ahead would use up what is good once. */
const once = { exposeHeadRoute: false };

/** How people log in with a browser, and out. */
export function browserRoutes(server: FastifyInstance, parts: GatewayParts, allow: Allow): void {
  const { signer, now } = parts;
  const begin = (request: FastifyRequest, reply: FastifyReply): Browser => {
    void reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    allow('login', holderOf(request.ip));
    return browserOf(parts);
  };

  server.get('/auth/login', once, async (request, reply) => {
    const { client, cookies, origin } = begin(request, reply);
    const { to: asked = '/' } = accepted(schemas.loginQuery, request.query);
    const to = ownPath(asked, origin);
    if (to === undefined) throw new Refused(400, 'bad-request', 'to must be a path of this gateway, and not of /auth');
    const { url, begun } = await beginLogin(client);
    const login = writeLogin({ ...begun, to, until: now() + loginSeconds * 1_000 }, signer);
    void reply.header('set-cookie', setCookie(cookies, cookies.login, login, loginSeconds));
    return reply.redirect(url.href);
  });

  server.get('/auth/callback', once, async (request, reply) => {
    const { cookies, origin, ...browser } = begin(request, reply);
    const { search, searchParams } = new URL(request.url, origin);
    const login = await answeredLogin(parts, cookieIn(request, cookies.login) ?? '', searchParams.getAll('state'));
    // Of no other answer: whoever sends a browser here by a link ends nobody's login.
    void reply.header('set-cookie', dropCookie(cookies, cookies.login));
    const proof = await browser.proofIn(await finishLogin(browser.client, search, login));
    if (!proof) throw badLogin('the identity provider has given a token of another one');
    const caller = entered({ proof }, await parts.pipeline.people());
    if ('refused' in caller) throw new Refused(403, 'stranger', caller.refused, caller.next);
    await endSession(parts, cookieIn(request, cookies.session));
    const secret = await beginSession(parts, { cookies, origin, ...browser }, proof);
    void reply.header('set-cookie', setCookie(cookies, cookies.session, secret, sessionSeconds));
    return reply.redirect(origin + login.to);
  });

  // Whoever has none is told so before their body is read, as everywhere. Who somebody is, is not asked: whom the policy has no more logs out, too.
  const ownSession = {
    config: { ownDoor: true },
    onRequest: async (request: FastifyRequest) => {
      await (parts.browser ? requireSession(parts, parts.browser, request) : identified(parts, request));
    },
  } as const;
  server.post('/auth/logout', ownSession, async (request, reply): Promise<object> => {
    requireText({ body: request.body });
    accepted(schemas.nothing, request.body);
    const { cookies } = browserOf(parts);
    await endSession(parts, cookieIn(request, cookies.session));
    void reply.header('set-cookie', dropCookie(cookies, cookies.session));
    return {};
  });

  // Of what somebody has seen by a session nothing is left in the browser for whoever comes after them.
  server.addHook('onSend', async (request, reply) => {
    if (parts.browser && cookieIn(request, parts.browser.cookies.session) !== undefined)
      void reply.header('cache-control', reply.getHeader('cache-control') ?? 'no-store');
  });
}

function browserOf({ browser }: GatewayParts): Browser {
  if (browser) return browser;
  const next = 'Use a token, or `slipway login`; its operator sets SLIPWAY_PUBLIC_URL.';
  throw new Refused(404, 'not-found', 'nobody logs in with a browser here', next);
}

/** Throws 401 where it is no answer to what this browser has begun, or is the second one. */
async function answeredLogin(
  { records, verifier, now }: GatewayParts,
  kept: string,
  states: string[],
): Promise<BegunLogin> {
  const login = readLogin(kept, { verifier, now: now() });
  if (!login) throw badLogin('this browser has begun none, or more than ten minutes ago');
  if (states.length !== 1 || states[0] !== login.state)
    throw badLogin('it is not the answer to what this browser has begun');
  const { state, until } = login;
  const isFirst = await records.credentials.use({ id: `login ${state}`, use: randomUUID(), until });
  if (!isFirst) throw badLogin('it was answered before');
  return login;
}

/** Also one that is over by itself. */
async function endSession({ records }: Pick<GatewayParts, 'records'>, secret: string | undefined): Promise<void> {
  if (secret !== undefined) await records.sessions.end(sha256(secret));
}
