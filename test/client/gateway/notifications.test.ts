import { describe, expect, it } from '@jest/globals';
import type { NotificationList, OutboxMessage } from '../../../domain/contract/outbox.ts';
import { aMessage } from '../../contract/records-builders.ts';
import { tokens, useGateway } from './gateway.ts';
import type { TestGateway } from './gateway.ts';

const gateway = useGateway();

type Became = 'waiting' | 'delivered' | 'dead' | 'overtaken';

/** Those of its own lane, written in this order. */
async function written({ records: { outbox }, service }: TestGateway, ...became: Became[]): Promise<OutboxMessage[]> {
  const messages = became.map((_, n) => aMessage({ run: `release/${service}/production/${String(n)}/1` }));
  await outbox.put(messages);
  for (const message of await outbox.claim(1_000, 60_000)) {
    const came = became[messages.findIndex(({ key }) => key === message.key)];
    if (came === 'delivered') await outbox.settle(message, { came });
    else if (came === 'dead' || came === 'overtaken') await outbox.settle(message, { came, why: `it is ${came}` });
  }
  return messages;
}

/** What is listed of the lane of this test alone: other tests write here, too. */
async function listed(parts: TestGateway, query = '', token = tokens.kim) {
  const { status, body } = await parts.get(`/v1/notifications?limit=200${query}`, token);
  const { notifications } = body as unknown as NotificationList;
  expect(status).toBe(200);
  return notifications.filter(({ run }) => run.includes(`/${parts.service}/`));
}

async function theDead(parts: TestGateway): Promise<number> {
  await written(parts, 'dead');
  return (await listed(parts))[0]!.id;
}

const again = (parts: TestGateway, id: number | string, token = tokens.kim) =>
  parts.post(`/v1/notifications/${id}/again`, {}, token);
const audited = async ({ records, service }: TestGateway) =>
  (await records.audit.list(`${service}/production`, 100)).filter(({ what }) => what === 'notification again');

describe('notifications', () => {
  it('are listed that wait or were given up, the newest first, and the others after them where they are asked for', async () => {
    const parts = gateway();
    await written(parts, 'delivered', 'dead', 'overtaken', 'waiting');
    expect((await listed(parts)).map(({ state }) => state)).toEqual(['waiting', 'dead']);
    expect((await listed(parts, '&all=true')).map(({ state }) => state)).toEqual([
      ...['waiting', 'dead'],
      ...['overtaken', 'delivered'],
    ]);
  });

  it('say that there are more where not all that were asked for have room', async () => {
    const parts = gateway();
    const messages = Array.from({ length: 40 }, (_, n) =>
      aMessage({ run: `release/${parts.service}/production/${n}/1`, facts: { words: 'x'.repeat(30_000) } }),
    );
    await parts.records.outbox.put(messages);
    const { body } = await parts.get('/v1/notifications?limit=50', tokens.kim);
    const { notifications, more } = body as unknown as NotificationList;
    expect([notifications.length < 50, more]).toEqual([true, true]);
  });

  it('say to whom, about what, how often it was tried, and why it was not taken, and nothing that strangers may have written at length', async () => {
    const parts = gateway();
    const [message] = await written(parts, 'dead');
    const { thread: _thread, facts: _facts, ...known } = message!;
    expect(await listed(parts)).toEqual([
      { ...known, id: expect.any(Number), state: 'dead', tries: 1, madeAt: expect.any(Number), why: 'it is dead' },
    ]);
  });

  it('say that there are older ones', async () => {
    const parts = gateway();
    await written(parts, 'dead', 'dead');
    const { body } = await parts.get('/v1/notifications?limit=1');
    expect(body).toMatchObject({ notifications: [{ state: 'dead' }], more: true });
  });

  it('about lanes that somebody may not look at are shown to nobody', async () => {
    const parts = gateway();
    const id = await theDead(parts);
    parts.policy.access = { look: ['approvers'] };
    expect((await listed(parts)).map((one) => one.id)).toEqual([id]);
    expect(await listed(parts, '&all=true', tokens.dana)).toEqual([]);
  });

  it('go out again once somebody asks for it, who is in the audit', async () => {
    const parts = gateway();
    const id = await theDead(parts);
    expect(await again(parts, id)).toMatchObject({ status: 200, body: { id, state: 'waiting', tries: 0 } });
    const [run] = (await listed(parts)).map((one) => one.run);
    expect(await audited(parts)).toMatchObject([
      { who: 'kim', facts: { id, target: 'channel', event: 'approval', run } },
    ]);
    expect(await again(parts, id)).toMatchObject({ status: 200, body: { state: 'waiting' } });
    expect(await audited(parts)).toHaveLength(1);
    const [claimed] = (await parts.records.outbox.claim(1_000, 60_000)).filter((one) => one.id === id);
    expect(claimed?.tries).toBe(1);
  });

  it.each(['delivered', 'overtaken'] as const)(
    'that were %s do not go out again, and nobody is told so',
    async (came) => {
      const parts = gateway();
      await written(parts, came);
      const [one] = await listed(parts, '&all=true');
      expect(await again(parts, one!.id)).toMatchObject({ status: 409, body: { error: { code: 'conflict' } } });
      expect((await listed(parts, '&all=true'))[0]?.state).toBe(came);
      expect(await audited(parts)).toEqual([]);
    },
  );

  it.each(['0', '-1', 'all', '1e3', '99999999999'])('have numbers: not %s', async (id) => {
    const { status } = await again(gateway(), id);
    expect([400, 404]).toContain(status);
  });

  it('go out again for those alone who may operate the lane', async () => {
    const parts = gateway();
    const id = await theDead(parts);
    parts.policy.access = { operate: ['approvers'] };
    expect((await again(parts, id, tokens.dana)).status).toBe(403);
    expect((await listed(parts))[0]?.state).toBe('dead');
    expect((await again(parts, id, tokens.kim)).status).toBe(200);
  });
});
