import { createHash, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createKeyPair, createSigner } from '../../../activities/shared/signatures.ts';
import type { TokenCreated, TokenList } from '../../../domain/contract/tokens.ts';
import { aHash } from '../../domain/builders.ts';
import { anOrder, aStart, signer, tokens, useGateway } from './gateway.ts';
import type { Answer, TestGateway } from './gateway.ts';

const start = useGateway();
const day = 86_400_000;

/** Kim approves, and so may operate; Dana is a developer; the robot is somebody. */
function gateway(): TestGateway {
  const parts = start();
  parts.policy.people = {
    people: { kim: { token: 'kim' }, dana: { token: 'dana' }, robot: { github: 1 } },
    groups: { approvers: { members: ['kim'] } },
  };
  return parts;
}

const asked = (parts: TestGateway, changes: object = {}) => ({
  name: `ci-${randomUUID().slice(0, 8)}`,
  person: 'robot',
  rights: ['look', 'start'],
  services: [parts.service],
  environments: ['production'],
  expiresInMs: day,
  ...changes,
});

const create = (parts: TestGateway, changes: object = {}, token = tokens.kim): Promise<Answer> =>
  parts.post('/v1/tokens', asked(parts, changes), token);

async function aToken(parts: TestGateway, changes: object = {}): Promise<TokenCreated> {
  const { status, body } = await create(parts, changes);
  expect(status).toBe(201);
  return body as unknown as TokenCreated;
}

const revoke = (parts: TestGateway, name: string, token = tokens.kim) =>
  parts.post(`/v1/tokens/${name}/revoke`, {}, token);

async function listed(parts: TestGateway, token = tokens.kim) {
  const { body } = await parts.get('/v1/tokens', token);
  const { tokens: all } = body as unknown as TokenList;
  return all.filter(({ services }) => services.includes(parts.service));
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a token that a gateway has made', () => {
  it('lets its person in, to what it names and nothing else', async () => {
    const parts = gateway();
    const { secret } = await aToken(parts);
    expect((await parts.get('/v1/me', secret)).body).toMatchObject({
      ...{ id: 'robot', via: 'token', groups: [], behind: 'kim' },
      grants: [{ service: parts.service, environment: 'production', may: ['look', 'start'] }],
    });
    const { status, body } = await parts.post('/v1/releases', aStart(parts.service), secret);
    expect(status).toBe(201);
    const approval = anOrder('approve', { planHash: aHash() });
    expect((await parts.post(parts.decisionPath(body.releaseId), approval, secret)).status).toBe(403);
    const freeze = await parts.post(`/v1/lanes/${parts.service}/production/freeze`, { reason: 'why' }, secret);
    expect(freeze.status).toBe(403);
  });

  it('has no right that its person has not', async () => {
    const parts = gateway();
    const { secret } = await aToken(parts);
    parts.policy.access = { start: ['approvers'] };
    expect((await parts.post('/v1/releases', aStart(parts.service), secret)).status).toBe(403);
    parts.policy.people!.groups['approvers']!.members.push('robot');
    expect((await parts.post('/v1/releases', aStart(parts.service), secret)).status).toBe(201);
  });

  it('sees nothing of services that it does not name', async () => {
    const [parts, other] = [gateway(), gateway()];
    const { secret } = await aToken(parts);
    expect((await other.post('/v1/releases', aStart(other.service), secret)).status).toBe(404);
    expect((await other.get('/v1/audit', secret)).body).toEqual({ lanes: [], all: false });
  });

  it('lets nobody in from the moment when it is revoked, and stays so', async () => {
    const parts = gateway();
    const { name, secret } = await aToken(parts);
    expect((await revoke(parts, name)).body).toMatchObject({ state: 'revoked', revokedBy: 'kim' });
    const { status, body } = await parts.get('/v1/me', secret);
    expect([status, body.error]).toMatchObject([
      401,
      { code: 'bad-credential', message: `the token ${name} is revoked` },
    ]);
    expect((await revoke(parts, name)).status).toBe(200);
  });

  it('lets nobody in when its time is over', async () => {
    const parts = gateway();
    const { secret } = await aToken(parts, { expiresInMs: 60_000 });
    parts.later(60_000);
    const { status, body } = await parts.get('/v1/me', secret);
    expect([status, body.error.code]).toEqual([401, 'bad-credential']);
  });

  it('lets nobody in where its person is gone from the policy', async () => {
    const parts = gateway();
    const { secret } = await aToken(parts);
    delete parts.policy.people!.people['robot'];
    const { status, body } = await parts.get('/v1/me', secret);
    expect([status, body.error.code]).toEqual([403, 'stranger']);
  });

  it('is told once, and stored as its hash', async () => {
    const parts = gateway();
    const { secret, name } = await aToken(parts);
    expect(secret).toMatch(/^slp_[\w-]{43}$/);
    const stored = await parts.records.tokens.find(sha256(secret));
    expect(stored?.signed.token).toMatchObject({ name, person: 'robot', createdBy: 'kim' });
    expect(JSON.stringify([stored, await listed(parts)])).not.toContain(secret);
    expect(Object.keys((await listed(parts))[0]!)).not.toContain('secret');
  });

  it('is on record in the audit of each lane that it is good for', async () => {
    const parts = gateway();
    const { name } = await aToken(parts);
    await revoke(parts, name);
    const rows = await parts.records.audit.list(`${parts.service}/production`, 10);
    expect(rows.map(({ what, who, facts }) => [what, who, facts['name']])).toEqual([
      ['token revoked', 'kim', name],
      ['token created', 'kim', name],
    ]);
  });
});

describe('somebody who can write to the records, and has no key', () => {
  const secret = 'slp_written-by-hand';

  it.each([
    ['signed by another key', createSigner(createKeyPair().privateKeyPem)],
    ['moved under another hash', signer],
  ])('makes no token: %s', async (_, by) => {
    const parts = gateway();
    const hash = sha256(`${secret}${randomUUID()}`);
    const token = {
      ...{ name: `n-${hash.slice(0, 8)}`, hash, person: 'kim', rights: ['look' as const], services: [parts.service] },
      ...{ environments: ['production'], createdBy: 'kim', createdAt: 1, expiresAt: 9_000_000_000_000 },
    };
    const signed = by.signToken(token);
    const own = `slp_${randomUUID()}-byhand`;
    await parts.records.tokens.add({ ...signed, token: { ...token, hash: sha256(own) } });
    expect((await parts.get('/v1/me', own)).status).toBe(401);
    expect(await listed(parts)).toEqual([]);
  });
});

describe('who may make a token', () => {
  it.each<[string, object, keyof typeof tokens, number, string]>([
    ['somebody who may not operate there', {}, 'dana', 403, 'dana is not in the group approvers'],
    ['to decide for somebody else', { rights: ['decide'] }, 'kim', 403, 'kim may not have robot decide by a token'],
    ['of nobody', { person: 'nobody' }, 'kim', 400, 'the policy knows nobody called nobody'],
    ['of a service that is not there', { services: ['shpo'] }, 'kim', 404, 'the policy has no service shpo'],
    ['of an environment that is not there', { environments: ['x'] }, 'kim', 404, 'the policy lets no service into x'],
  ])('is refused: %s', async (_, changes, name, status, message) => {
    const parts = gateway();
    const { status: answered, body } = await create(parts, changes, tokens[name]);
    expect([answered, body.error.message]).toEqual([status, expect.stringContaining(message)]);
    expect(await listed(parts)).toEqual([]);
  });

  it('gives no right that they have not themselves', async () => {
    const parts = gateway();
    parts.policy.access = { start: ['developers'] };
    parts.policy.people!.groups['developers'] = { members: ['dana'] };
    const { status, body } = await create(parts);
    expect([status, body.error.message]).toEqual([
      403,
      expect.stringContaining('kim is in none of the groups that may start'),
    ]);
    expect((await create(parts, { rights: ['look'] })).status).toBe(201);
  });

  it('makes one to decide for themselves', async () => {
    const parts = gateway();
    const { secret } = await aToken(parts, { person: 'kim', rights: ['look', 'decide'] });
    const id = await parts.release();
    expect((await parts.post(parts.decisionPath(id), anOrder('approve', { planHash: aHash() }), secret)).status).toBe(
      200,
    );
  });

  it('makes none by a token, so that none lives for longer than it was given', async () => {
    const parts = gateway();
    const { secret } = await aToken(parts, { person: 'kim', rights: ['look', 'operate'] });
    const { status, body } = await create(parts, { person: 'kim', rights: ['look'] }, secret);
    expect([status, body.error.message]).toEqual([403, expect.stringContaining('nobody makes another one')]);
  });

  it('takes a name that no other has, or that was revoked', async () => {
    const parts = gateway();
    const { name } = await aToken(parts);
    expect((await create(parts, { name })).status).toBe(409);
    await revoke(parts, name);
    expect((await create(parts, { name })).status).toBe(201);
  });

  it('revokes what they have made, or what is theirs, wherever they may operate by now', async () => {
    const parts = gateway();
    const [made, theirs] = [await aToken(parts), await aToken(parts, { person: 'dana' })];
    parts.policy.people!.groups['approvers'] = { members: [] };
    parts.policy.access = { look: ['approvers'] };
    expect((await listed(parts, tokens.dana)).map(({ name }) => name)).toEqual([theirs.name]);
    expect((await revoke(parts, theirs.name, tokens.dana)).body).toMatchObject({ revokedBy: 'dana' });
    expect((await revoke(parts, made.name)).body).toMatchObject({ revokedBy: 'kim' });
  });

  it('revokes one of a lane that the policy has no more', async () => {
    const parts = gateway();
    parts.policy.beside = [`sso-${parts.service}`];
    const { name } = await aToken(parts, { services: [parts.service, `sso-${parts.service}`] });
    parts.policy.beside = [];
    parts.policy.people!.people['lee'] = { token: 'lee' };
    parts.policy.people!.groups['approvers'] = { members: ['lee'] };
    expect((await revoke(parts, name, tokens.dana)).status).toBe(403);
    expect((await revoke(parts, name, tokens.lee)).body).toMatchObject({ state: 'revoked' });
  });

  it('revokes nothing by a token that is theirs: one that was stolen ends no other', async () => {
    const parts = gateway();
    const { name } = await aToken(parts);
    const { secret } = await aToken(parts, { person: 'kim', rights: ['look'] });
    expect((await revoke(parts, name, secret)).status).toBe(403);
  });

  it('revokes nothing where they may not operate, nor what they may not see', async () => {
    const parts = gateway();
    const { name } = await aToken(parts);
    expect((await revoke(parts, name, tokens.dana)).status).toBe(403);
    parts.policy.access = { look: ['approvers'] };
    expect((await revoke(parts, name, tokens.dana)).status).toBe(404);
    expect(await listed(parts, tokens.dana)).toEqual([]);
    expect((await listed(parts)).map(({ state }) => state)).toEqual(['good']);
  });
});
