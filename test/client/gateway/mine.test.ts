import { describe, expect, it } from '@jest/globals';
import type { MyDecisions, MyOrders } from '../../../domain/contract/mine.ts';
import { aHash } from '../../domain/builders.ts';
import { anOrder, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();

/** Kim and Lee may approve, Ola is on call, Dana may start releases; who may decide or operate is not restricted further. */
function aGuarded() {
  const parts = gateway();
  parts.policy.onCall = ['on-call'];
  return parts;
}

const people = Object.entries({ kim: tokens.kim, ola: tokens.ola, dana: tokens.dana });

describe('what somebody may decide about a run', () => {
  it.each(people)('is told to %s before as it is judged afterwards', async (_who, token) => {
    const { release, get, post, decisionPath } = aGuarded();
    const id = await release();
    const { decisions } = (await get(`/v1/releases/${encodeURIComponent(id)}/mine`, token))
      .body as unknown as MyDecisions;
    expect(decisions).toHaveLength(6);
    for (const { kind, refused } of decisions) {
      const about = kind === 'approve' || kind === 'reject' ? { planHash: aHash() } : {};
      const { status, body } = await post(decisionPath(id), anOrder(kind, about), token);
      expect([kind, status === 403 ? body.error.message : undefined]).toEqual([kind, refused]);
    }
  });

  it('is asked of no run that is not there', async () => {
    const { get } = aGuarded();
    const id = encodeURIComponent(`release/nothing/production/${'a'.repeat(40)}/1`);
    expect((await get(`/v1/releases/${id}/mine`, tokens.kim)).status).toBe(404);
  });
});

describe('what somebody may order of a lane', () => {
  const bodies = { freeze: {}, unfreeze: {}, 'clear-hold': {}, 'clear-ticket': { ticket: '9.9' }, tell: undefined };

  it.each(people)('is told to %s before as it is judged afterwards', async (_who, token) => {
    const { service, get, post } = aGuarded();
    const path = `/v1/lanes/${service}/production`;
    const { orders } = (await get(`${path}/mine`, token)).body as unknown as MyOrders;
    expect(orders.map(({ kind }) => kind).sort()).toEqual(Object.keys(bodies).sort());
    for (const { kind, refused } of orders) {
      const order = bodies[kind] ? { reason: 'because', ...bodies[kind] } : {};
      const { status, body } = await post(`${path}/${kind}`, order, token);
      expect([kind, status === 403 ? body.error.message : undefined]).toEqual([kind, refused]);
    }
  });

  it('is nothing without the right to operate it, and why is told', async () => {
    const { service, get, policy } = aGuarded();
    policy.access = { operate: ['approvers'] };
    const { body } = await get(`/v1/lanes/${service}/production/mine`, tokens.ola);
    for (const { refused } of (body as unknown as MyOrders).orders)
      expect(refused).toMatch(/^ola is in none of the groups that may operate/);
  });
});
