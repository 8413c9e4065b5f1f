import { randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sha256 } from '../../../activities/shared/sha256.ts';
import type { Proof } from '../../../domain/contract/people.ts';
import type { Caller } from '../../../domain/contract/rights.ts';
import type { Session } from '../../../domain/contract/sessions.ts';
import type { Stranger } from '../../../domain/people.ts';
import { noTextAt } from '../../../domain/whole-text.ts';
import type { GatewayParts } from '../calls.ts';
import { entered } from '../doors.ts';
import { Refused } from '../errors.ts';
import type { Browser } from './browser.ts';
import { cookieIn } from './cookies.ts';

type Parts = Pick<GatewayParts, 'records' | 'verifier' | 'pipeline' | 'now'>;

/** s: the records count it, and whoever puts a row there a second time makes it no younger. */
export const sessionSeconds = 12 * 3_600;
/** s: as much as the clocks of gateways and of the records may differ. */
const skew = 300;

/** Begins a session of whoever that is; what the browser keeps of it is here in this answer, and nowhere else. */
export async function beginSession(
  { records, signer, now }: Pick<GatewayParts, 'records' | 'signer' | 'now'>,
  { client }: Browser,
  proof: Proof,
): Promise<string> {
  const secret = randomBytes(32).toString('base64url');
  const { issuer } = client.provider;
  const session = { hash: sha256(secret), issuer, clientId: client.clientId, proof: toKeep(proof), at: now() };
  await records.sessions.begin(signer.signSession(session));
  return secret;
}

/**
 * Who comes with this session, as the policy in force has them; undefined where there is none. Throws 403 for what another page may have sent, and
 * 401 for a session that is good for nothing. `isUse`: it is used by that, and goes on for another hour.
 */
export async function callerBySession(
  parts: Parts,
  browser: Browser,
  { request, isUse }: { request: FastifyRequest; isUse: boolean },
): Promise<Caller | Stranger | undefined> {
  const secret = cookieIn(request, browser.cookies.session);
  if (secret === undefined) return undefined;
  requireOwnPage(request, browser);
  const session = await liveSession(parts, browser, { secret, isUse });
  if (!session) throw over();
  return entered({ proof: { via: 'oidc', ...session.proof } }, await parts.pipeline.people());
}

/** Throws 403 and 401 as that does, and for whoever comes without one. */
export async function requireSession(parts: Parts, browser: Browser, request: FastifyRequest): Promise<void> {
  const secret = cookieIn(request, browser.cookies.session) ?? '';
  if (secret !== '') requireOwnPage(request, browser);
  if (!(await liveSession(parts, browser, { secret, isUse: false }))) throw over();
}

/**
 * The browser sends the cookie whoever has made it ask. What changes something must come from a page of ours: browsers say in `Origin` of whose it
 * is, which no page can write itself, and a header of our own has each of other origins asked for first, which is answered with no. There is no
 * token to hand out, keep or lose; either is enough today, and nobody comes in where one of them fails.
 */
function requireOwnPage({ method, headers }: FastifyRequest, { origin }: Browser): void {
  if (method === 'GET' || method === 'HEAD') return;
  if (headers.origin === origin && headers[ownHeader] === '1') return;
  const why = 'what comes with a session, and changes something, must come from a page of this gateway';
  throw new Refused(
    403,
    'cross-site',
    why,
    `Its pages send \`${ownHeader}: 1\`, from ${origin}. Programs send a token.`,
  );
}

const ownHeader = 'x-slipway-csrf';

async function liveSession(
  parts: Parts,
  browser: Browser,
  { secret, isUse }: { secret: string; isUse: boolean },
): Promise<Session | undefined> {
  return formOfSecret.test(secret) ? sessionOf(parts, browser, { hash: sha256(secret), isUse }) : undefined;
}

const formOfSecret = /^[\w-]{43}$/;

const line = z.string();
const form = z.object({
  session: z.strictObject({
    ...{ hash: line, issuer: line, clientId: line, at: z.number() },
    proof: z.strictObject({
      ...{ id: line, belongs: z.array(line), called: line.exactOptional(), email: line.exactOptional() },
    }),
  }),
  ...{ keyId: line, signature: line },
});

async function sessionOf(
  { records, verifier, now }: Parts,
  { client }: Browser,
  { hash, isUse }: { hash: string; isUse: boolean },
): Promise<Session | undefined> {
  const signed = form.safeParse(await records.sessions.find(hash, { isUse })).data;
  if (!signed || signed.session.hash !== hash || !verifier.verifySession(signed)) return undefined;
  const { issuer, clientId, at } = signed.session;
  // Of a provider, or a client, that the operator has changed since: its subjects may be others.
  if (issuer !== client.provider.issuer || clientId !== client.clientId) return undefined;
  return at > now() - (sessionSeconds + skew) * 1_000 ? signed.session : undefined;
}

/** Bytes of what somebody is in: what is more than that is left out, and whoever is in fewer groups may less. */
const mostGroups = 32_768;

/** What can be stored of it. */
function toKeep({ id, called, email, belongs }: Proof): Session['proof'] {
  let left = mostGroups;
  const kept = belongs.filter((group) => isText(group) && (left -= Buffer.byteLength(JSON.stringify(group)) + 1) >= 0);
  return {
    ...{ id, belongs: kept },
    ...(called !== undefined && isText(called) && { called }),
    ...(email !== undefined && { email }),
  };
}

const isText = (text: string) => noTextAt({ text }) === undefined;

function over(): Refused {
  return new Refused(401, 'bad-credential', 'this session is over, or was never one here', 'Log in: /auth/login.');
}
