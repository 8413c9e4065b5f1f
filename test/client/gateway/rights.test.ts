import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { allOperations } from '../../../client/gateway/openapi/operations.ts';
import type { AuditLanes, Me } from '../../../domain/contract/gateway.ts';
import { rights } from '../../../domain/contract/rights.ts';
import type { Right } from '../../../domain/contract/rights.ts';
import type { ServiceToken } from '../../../domain/contract/tokens.ts';
import { aHash, aPlan } from '../../domain/builders.ts';
import { aMessage } from '../../contract/records-builders.ts';
import { anOrder, aStart, signer, tokens, useGateway } from './gateway.ts';
import type { Answer, TestGateway } from './gateway.ts';

const gateway = useGateway();

/** Dana is a developer, Kim may approve, Ola is on call. */
const restricted = { look: ['developers', 'approvers'], start: ['developers'], operate: ['approvers'] };

/** Each operation that needs a right, asked about a lane and a release. */
const questions: Record<
  string,
  (
    parts: TestGateway,
    about: { service: string; id: string; hash: string; token: string; notification: number },
    token: string,
  ) => Promise<Answer>
> = {
  getOverview: ({ get }, _about, token) => get('/v1/overview', token),
  startRelease: ({ post }, { service }, token) => post('/v1/releases', aStart(service), token),
  listReleases: ({ get }, { service }, token) => get(`/v1/releases?service=${service}`, token),
  getRelease: ({ get }, { id }, token) => get(`/v1/releases/${encodeURIComponent(id)}`, token),
  getEvidence: ({ get }, { id }, token) => get(`/v1/releases/${encodeURIComponent(id)}/evidence`, token),
  getEvidenceLog: ({ get, records }, { id }, token) =>
    records.plans
      .keep(id, 'tests', { passed: true, exitCode: 0, total: 1, failed: [], files: {}, output: 'one test' })
      .then(() => get(`/v1/releases/${encodeURIComponent(id)}/evidence/log?of=tests`, token)),
  watchRelease: ({ get }, { id }, token) => get(`/v1/releases/${encodeURIComponent(id)}/events`, token),
  decide: ({ post, decisionPath }, { id }, token) => post(decisionPath(id), anOrder('abort'), token),
  getMyDecisions: ({ get }, { id }, token) => get(`/v1/releases/${encodeURIComponent(id)}/mine`, token),
  previewRollback: ({ get }, { id }, token) => get(`/v1/rollbacks/preview?release=${encodeURIComponent(id)}`, token),
  startRollback: ({ post }, { id: releaseId }, token) => {
    const { kind: _kind, ...order } = anOrder('roll-back', { releaseId });
    return post('/v1/rollbacks', order, token);
  },
  getPlan: ({ get }, { hash }, token) => get(`/v1/plans/${hash}`, token),
  getVerifiedBeside: ({ get }, { hash }, token) => get(`/v1/plans/${hash}/verified`, token),
  getPlanCommits: ({ get }, { hash }, token) => get(`/v1/plans/${hash}/commits`, token),
  listLanes: ({ get }, _about, token) => get('/v1/lanes', token),
  getLane: ({ get }, { service }, token) => get(`/v1/lanes/${service}/production`, token),
  getTypicalDurations: ({ get }, { service }, token) => get(`/v1/lanes/${service}/production/typical`, token),
  getMyOrders: ({ get }, { service }, token) => get(`/v1/lanes/${service}/production/mine`, token),
  freezeLane: order('freeze'),
  unfreezeLane: order('unfreeze'),
  clearHold: order('clear-hold'),
  clearTicket: order('clear-ticket', { ticket: '9.1' }),
  tellLane: ({ post }, { service }, token) => post(`/v1/lanes/${service}/production/tell`, {}, token),
  createToken: ({ post }, { service }, token) =>
    post(
      '/v1/tokens',
      {
        ...{ name: `ci-${randomUUID().slice(0, 8)}`, person: 'robot', rights: ['look'] },
        ...{ services: [service], environments: ['production'], expiresInMs: 60_000 },
      },
      token,
    ),
  listTokens: ({ get }, _about, token) => get('/v1/tokens', token),
  revokeToken: ({ post }, { token: name }, token) => post(`/v1/tokens/${name}/revoke`, {}, token),
  listNotifications: ({ get }, _about, token) => get('/v1/notifications', token),
  tellAgain: ({ post }, { notification }, token) => post(`/v1/notifications/${notification}/again`, {}, token),
  listAuditLanes: ({ get }, _about, token) => get('/v1/audit', token),
  listAuditRows: ({ get }, { service }, token) => get(`/v1/audit/rows?lane=${service}/production`, token),
  getInsights: ({ get }, { service }, token) => get(`/v1/insights?service=${service}`, token),
  getInsightsRows: async ({ server }, { service }, token) => {
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode: status, body } = await server.inject({ url: `/v1/insights.csv?service=${service}`, headers });
    // No JSON, but where it is refused.
    return { status, body: (status === 200 ? {} : JSON.parse(body)) as Answer['body'] };
  },
  getEngine: ({ get }, _about, token) => get('/v1/engine', token),
  getHealth: ({ get }, _about, token) => get('/v1/health', token),
};

function order(kind: string, more: object = {}): (typeof questions)[string] {
  return ({ post }, { service }, token) =>
    post(`/v1/lanes/${service}/production/${kind}`, { reason: 'why', ...more }, token);
}

/** Answered to anybody who is known, with what they may look at. */
const lists = [
  ...['listReleases', 'listLanes', 'listTokens', 'listNotifications', 'listAuditLanes', 'getEngine', 'getHealth'],
  ...['getOverview', 'getInsights', 'getInsightsRows'],
];
const askedOf = allOperations.filter(({ needs }) => needs !== 'nothing');
const aboutOne = askedOf.filter(({ id }) => !lists.includes(id)).map(({ id, needs }) => [id, needs as Right] as const);

function aServiceToken(changes: Partial<ServiceToken>): ServiceToken {
  return {
    ...{ name: 'ci', hash: randomUUID().replaceAll('-', '').repeat(2), person: 'robot', rights: ['look'] as const },
    ...{ services: ['shop'], environments: ['production'], createdBy: 'kim', createdAt: 1, expiresAt: 9_000_000_000 },
    ...changes,
  };
}

async function aDeadMessage({ outbox }: TestGateway['records'], run: string): Promise<number> {
  const message = aMessage({ run });
  await outbox.put([message]);
  const claimed = (await outbox.claim(1_000, 60_000)).find(({ key }) => key === message.key);
  await outbox.settle(claimed!, { came: 'dead', why: 'refused' });
  return claimed!.id;
}

async function aRelease(parts: TestGateway) {
  const { service, records } = parts;
  const id = await parts.release();
  const hash = randomUUID().replaceAll('-', '').repeat(2);
  await records.plans.store(hash, aPlan({ service, environment: 'production' }));
  const token = `ci-${randomUUID().slice(0, 8)}`;
  await records.tokens.add(signer.signToken(aServiceToken({ name: token, services: [service] })));
  return { service, id, hash, token, notification: await aDeadMessage(records, id) };
}

describe('the rights of the gateway', () => {
  it('are asked for by each operation that is about a lane', () => {
    expect(Object.keys(questions).sort()).toEqual(askedOf.map(({ id }) => id).sort());
  });

  it('are asked for, or nobody is answered: not by a route that has forgotten it', async () => {
    const { server, logged } = gateway();
    server.get('/v1/forgotten', async () => ({ secret: 'of somebody' }));
    const answer = await server.inject({ url: '/v1/forgotten', headers: { authorization: `Bearer ${tokens.dana}` } });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('of somebody');
    expect(String(logged[0])).toContain('/v1/forgotten has not asked for the right look');
  });

  it('are asked for, or nobody is answered: no file either, which is sent as it is', async () => {
    const { server, logged } = gateway();
    server.get('/v1/forgotten.csv', async (_request, reply) => reply.type('text/csv').send('of somebody'));
    const headers = { authorization: `Bearer ${tokens.dana}` };
    const answer = await server.inject({ url: '/v1/forgotten.csv', headers });
    expect(answer.statusCode).toBe(500);
    expect(answer.headers['content-type']).toContain('application/json');
    expect(answer.body).not.toContain('of somebody');
    expect(String(logged[0])).toContain('/v1/forgotten.csv has not asked for the right look');
  });

  it.each(aboutOne)('%s is as of what is not there to whoever may not look', async (id) => {
    const parts = gateway();
    const there = await aRelease(parts);
    parts.policy.access = { look: ['nobody'] };
    const elsewhere = 'shop-elsewhere';
    const nowhere = {
      service: elsewhere,
      id: there.id.replace(there.service, elsewhere),
      hash: aHash('e'),
      token: 'ci-none',
      notification: 2_000_000_000,
    };
    const [unseen, unknown] = [
      await questions[id]!(parts, there, tokens.dana),
      await questions[id]!(parts, nowhere, tokens.dana),
    ];
    expect(unseen.status).toBe(404);
    const plainly = (answer: Answer) =>
      JSON.stringify(answer.body)
        .replaceAll(there.service, elsewhere)
        .replaceAll(there.token, nowhere.token)
        .replaceAll(`notification ${there.notification}`, `notification ${nowhere.notification}`);
    expect(plainly(unseen)).toBe(plainly(unknown));
    expect([...parts.engine.ordered, ...parts.engine.decided, ...parts.engine.rollbacks]).toEqual([]);
  });

  it.each([{ environment: 'production' }, {}])(
    'are asked for before anything is read of what somebody wants to start: %j',
    async (named) => {
      const parts = gateway();
      const wanted = aStart(parts.service, named);
      parts.policy.access = { start: ['nobody'] };
      const { status } = await parts.post('/v1/releases', wanted);
      expect([status, parts.askedFiles]).toEqual([403, []]);
      delete parts.policy.access;
      expect((await parts.post('/v1/releases', wanted)).status).toBe(201);
      expect(parts.askedFiles).toEqual([parts.service]);
    },
  );

  // A stream that is let in has no end here: test/client/gateway/events.test.ts has those.
  const withAnEnd = aboutOne.filter(([id, right]) => right !== 'decide' && id !== 'watchRelease');
  it.each(withAnEnd)('%s is for those who may %s', async (id, right) => {
    const parts = gateway();
    const there = await aRelease(parts);
    parts.policy.access = restricted;
    const allowed = right === 'look' ? ['dana', 'kim'] : right === 'start' ? ['dana'] : ['kim'];
    for (const name of ['dana', 'kim', 'ola'] as const) {
      const { status } = await questions[id]!(parts, there, tokens[name]);
      const outsider = name === 'ola' ? 404 : 403;
      expect([name, allowed.includes(name) ? 'let' : status]).toEqual([
        name,
        allowed.includes(name) ? 'let' : outsider,
      ]);
      if (allowed.includes(name)) expect([403, 404].includes(status) && id !== 'getPlanCommits').toBe(false);
    }
  });

  it('leave out of lists what somebody may not look at', async () => {
    const parts = gateway();
    const { id, service } = await aRelease(parts);
    await parts.post(parts.decisionPath(id), anOrder('abort'), tokens.kim);
    const listed = async (token: string) => {
      const { body } = await parts.get(`/v1/releases?service=${service}`, token);
      const audit = await parts.get('/v1/audit', token);
      const { lanes, all } = audit.body as unknown as AuditLanes;
      return [
        body.releases.map(({ releaseId }) => releaseId),
        lanes.some(({ lane }) => lane.startsWith(`${service}/production`)),
        all,
      ];
    };
    parts.policy.access = restricted;
    expect(await listed(tokens.dana)).toEqual([[id], true, true]);
    expect(await listed(tokens.ola)).toEqual([[], false, false]);
  });

  it('tell whoever may not look at everything that something is wrong, and not what', async () => {
    const parts = gateway();
    parts.policy.access = restricted;
    parts.policy.problem = `services.${parts.service} is wrong`;
    expect((await parts.get('/v1/health', tokens.dana)).body).toMatchObject({ policy: { says: parts.policy.problem } });
    const { body } = await parts.get('/v1/health', tokens.ola);
    expect(body).toMatchObject({ policy: { ok: false, says: 'told to whoever may look at every lane' } });
  });

  it('leave decisions to those whom the policy asks, who may look besides', async () => {
    const parts = gateway();
    const { id } = await aRelease(parts);
    parts.policy.access = restricted;
    const approve = (token: string) =>
      parts.post(parts.decisionPath(id), anOrder('approve', { planHash: aHash() }), token);
    expect((await approve(tokens.ola)).status).toBe(404);
    expect((await approve(tokens.dana)).status).toBe(403);
    expect((await approve(tokens.kim)).status).toBe(200);
  });

  it('are told to each as they are then let in, or refused', async () => {
    const parts = gateway();
    const there = await aRelease(parts);
    parts.policy.access = restricted;
    const asked = { look: 'getLane', start: 'startRelease', decide: 'decide', operate: 'freezeLane' } as const;
    for (const name of ['dana', 'kim', 'ola'] as const) {
      const { body } = await parts.get('/v1/me', tokens[name]);
      const [told, ...others] = (body as unknown as Me).grants;
      expect(others).toEqual([]);
      for (const right of rights) {
        const { status, body: answer } = await questions[asked[right]]!(parts, there, tokens[name]);
        // Whom the policy asks for a decision or an order is another matter.
        const isWithout =
          status === 404 || (status === 403 && /none of the groups that may/.test(answer.error.message));
        expect([name, right, told?.may.includes(right) ?? false]).toEqual([name, right, !isWithout]);
      }
    }
  });
});
