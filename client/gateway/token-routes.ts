import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { sha256 } from '../../activities/shared/sha256.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { laneInPath } from '../../domain/contract/names.ts';
import type { ServiceToken, StoredToken, TokenCreated, TokenList, TokenView } from '../../domain/contract/tokens.ts';
import { refuseLane } from '../../domain/known-lanes.ts';
import { isInSight } from '../../domain/rights.ts';
import { lanesOfToken, refuseToken, tokenView } from '../../domain/service-tokens.ts';
import { accepted } from './calls.ts';
import type { GatewayParts } from './calls.ts';
import { Refused } from './errors.ts';
import { mayOrder, noLane } from './order-lane.ts';
import { asking } from './rights.ts';
import type { Asker } from './rights.ts';
import * as schemas from './schemas.ts';
import { isProven, tokenPrefix } from './service-tokens.ts';

/** Tokens of less than a person: made, listed, and made void. */
export function tokenRoutes(server: FastifyInstance, parts: GatewayParts): void {
  const { records, signer, verifier, now } = parts;

  server.post('/v1/tokens', async (request, reply): Promise<TokenCreated> => {
    const asker = await asking(parts, request);
    const { expiresInMs, ...wanted } = accepted(schemas.createToken, request.body);
    const lanes = lanesOfToken(wanted);
    if (lanes.length > mostLanes) throw new Refused(400, 'bad-request', `a token is of ${mostLanes} lanes at most`);
    for (const lane of lanes) await mayOperate(parts, asker, lane);
    await requirePerson(parts, wanted.person);
    const refused = refuseToken(asker.caller, wanted, asker.known(lanes));
    if (refused !== undefined) throw new Refused(403, 'forbidden', refused);
    const secret = `${tokenPrefix}${randomBytes(32).toString('base64url')}`;
    const createdAt = now();
    const by = { createdBy: asker.who.id, createdAt, expiresAt: createdAt + expiresInMs };
    const signed = signer.signToken({ ...wanted, hash: sha256(secret), ...by });
    await audit(parts, 'token created', asker.who.id, signed.token);
    if (!(await records.tokens.add(signed))) throw taken(wanted.name);
    void reply.status(201);
    return { ...tokenView({ signed }, createdAt), secret };
  });

  server.get('/v1/tokens', async (request): Promise<TokenList> => {
    const asker = await asking(parts, request);
    const seen = seenBy(asker, await records.tokens.list());
    return { tokens: seen.map((stored) => tokenView(stored, now())) };
  });

  server.post<{ Params: { name: string } }>('/v1/tokens/:name/revoke', async (request): Promise<TokenView> => {
    const asker = await asking(parts, request);
    const { name } = accepted(schemas.tokenParameters, request.params);
    accepted(schemas.nothing, request.body);
    const [found] = seenBy(asker, await records.tokens.named(name));
    if (!found) throw new Refused(404, 'not-found', `there is no token ${name}`);
    const { token } = found.signed;
    if (isOwn(asker, token)) asker.toTheirOwn('operate');
    else await mayRevoke(parts, asker, token);
    if (found.revokedBy !== undefined) return tokenView(found, now());
    await audit(parts, 'token revoked', asker.who.id, token);
    await records.tokens.revoke(token.hash, asker.who.id);
    return tokenView({ ...found, revokedBy: asker.who.id }, now());
  });

  /** Their own, and those of which they may look at every lane. */
  const seenBy = (asker: Asker, stored: readonly StoredToken[]): StoredToken[] => {
    const { sight } = asker;
    const isSeen = ({ signed: { token } }: StoredToken) =>
      isOwn(asker, token) || lanesOfToken(token).every((lane) => isInSight(sight, lane));
    return stored.filter((one) => isProven(one, verifier) && isSeen(one));
  };
}

/** Each has a row in the audit. */
const mostLanes = 50;

/** Made by them or for them, where they come themselves: a token that was stolen ends no other. */
function isOwn({ caller }: Asker, { createdBy, person }: ServiceToken): boolean {
  return caller.grants === undefined && [createdBy, person].includes(caller.who.id);
}

/** What the policy has no more keeps nobody from it: the token is good for nothing there. */
async function mayRevoke(parts: GatewayParts, asker: Asker, token: ServiceToken): Promise<void> {
  const there = await parts.pipeline.lanes();
  for (const lane of lanesOfToken(token)) {
    asker.require('operate', lane, (seen) => noLane(lane, seen));
    if (refuseLane(lane, there) === undefined) await mayOrder(parts, asker.who, lane, 'freeze');
  }
}

/** As for an order that closes the lane. */
async function mayOperate(parts: GatewayParts, asker: Asker, lane: LaneKey): Promise<void> {
  asker.require('operate', lane, (seen) => noLane(lane, seen));
  await mayOrder(parts, asker.who, lane, 'freeze');
}

async function requirePerson({ pipeline }: GatewayParts, person: string): Promise<void> {
  const known = await pipeline.people();
  if (known && Object.hasOwn(known.people, person)) return;
  const there = 'A token is of somebody under `people` in the policy';
  const [why, next] = known
    ? [`the policy knows nobody called ${person}`, `${there}: the operator adds \`${person}: {}\`, if it may.`]
    : ['the policy names no people', `${there}, which names everybody then, and who is in which group.`];
  throw new Refused(400, 'bad-request', why, next);
}

function taken(name: string): Refused {
  const next = `Revoke it first (slipway token revoke ${name}), or take another name.`;
  return new Refused(409, 'conflict', `there is a token ${name} already: nothing was made`, next);
}

/** In the chain of each lane that it is good for. */
async function audit({ records, now }: GatewayParts, what: string, who: string, token: ServiceToken): Promise<void> {
  const { name, person, rights, expiresAt, hash } = token;
  const key = `${what}/${hash}`;
  const facts = { name, person, rights: [...rights], expiresAt };
  for (const lane of lanesOfToken(token))
    await records.audit.append({ lane: laneInPath(lane), key, at: now(), what, who, facts });
}
