import { describe, expect, it } from '@jest/globals';
import { laneOperations } from '../../../client/gateway/openapi/lane-operations.ts';
import { aHash } from '../../domain/builders.ts';
import { anOrder, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();

/** One whose operator says who is on call, with a release that is open. */
async function onCall() {
  const parts = gateway();
  parts.policy.onCall = ['on-call'];
  const id = await parts.release();
  const decide = (kind: string, token = tokens.ola) => {
    const about = kind === 'approve' || kind === 'reject' ? { planHash: aHash() } : {};
    return parts.post(parts.decisionPath(id), anOrder(kind, about), token);
  };
  const orderLane = (order: string, body: object) =>
    parts.post(`/v1/lanes/${parts.service}/production/${order}`, body, tokens.ola);
  return { ...parts, id, decide, orderLane };
}

describe('somebody on call who may not approve', () => {
  it.each([
    ['roll-back', 200],
    ['accept-failure', 200],
    ['retry', 200],
    ['abort', 200],
    ['approve', 403],
    ['reject', 403],
  ])('is answered to %s with %d', async (kind, status) => {
    const { decide, records, id } = await onCall();
    expect((await decide(kind)).status).toBe(status);
    const stored = (await records.decisions.list(id)).map(({ decision }) => [decision.kind, decision.by.id]);
    expect(stored).toEqual(status === 200 ? [[kind, 'ola']] : []);
  });

  it.each([
    ['clear-hold', { reason: 'looked' }, 200],
    ['clear-ticket', { reason: 'looked', ticket: '9.9' }, 200],
    ['tell', {}, 200],
    ['freeze', { reason: 'sale' }, 403],
    ['unfreeze', { reason: 'over' }, 403],
  ])('is answered to %s of a lane, %j, with %d, as the description of the API says', async (order, body, status) => {
    const { orderLane } = await onCall();
    expect((await orderLane(order, body)).status).toBe(status);
    const { notes } = laneOperations.find(({ path }) => path.endsWith(`/${order}`))!;
    expect([notes?.includes('whoever may approve'), notes?.includes('or is on call')]).toEqual([true, status === 200]);
  });

  it('may do nothing once the policy names them no more', async () => {
    const { decide, policy, orderLane } = await onCall();
    policy.onCall = ['others'];
    expect(await decide('roll-back')).toMatchObject({
      status: 403,
      body: { error: { message: 'ola is in none of the groups approvers, others' } },
    });
    expect((await orderLane('clear-hold', { reason: 'looked' })).status).toBe(403);
  });
});
