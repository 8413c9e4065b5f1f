import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { rollbackId } from '../../domain/contract/names.ts';
import { aLane, aLaneOrder } from '../contract/records-builders.ts';
import { aDecision } from '../domain/builders.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';
import { aStart, at, parametersOf, tokens, useGateway } from '../client/gateway/gateway.ts';

/** Text that is no text: half of a character, and NUL. JSON carries both as escapes, and what is behind the door cannot read them again. */

const half = '\ud83d';
const gateway = useGateway();

describe('text that is no text, at the door', () => {
  it('is refused in whatever is sent, wherever something can be sent', async () => {
    const bodies = [{ reason: half }, { reason: `${half} and more` }, { reason: 'a\0b' }, { by: [{ [half]: 1 }] }];
    const posts = gateway().routes.filter(({ method }) => method === 'POST');
    expect(posts).not.toEqual([]);
    for (const { path } of posts) {
      const { post } = gateway();
      for (const body of bodies) {
        const { status, body: answer } = await post(at(path), body);
        expect({ path, body, status, ...answer.error }).toMatchObject({
          path,
          body,
          status: 400,
          code: 'bad-request',
          message: expect.stringMatching(/^body\S* holds half of a character, or NUL/),
        });
      }
    }
  });

  it('is refused in an address, and in what follows it, of whatever can be asked', async () => {
    const { routes, get } = gateway();
    const paths = routes.filter(({ method }) => method === 'GET').map(({ path }) => path);
    expect(paths).not.toEqual([]);
    const addresses = paths.flatMap((path) => [
      `${at(path)}?lane=a%00`,
      ...parametersOf(path).map((name) => at(path.replace(name, 'x%00'))),
    ]);
    for (const address of addresses)
      expect({ address, ...(await get(address)).body.error }).toMatchObject({
        address,
        code: 'bad-request',
        message: expect.stringMatching(/^(params|query)\.\w+ holds/),
      });
  });

  it('has no rollback ordered, signed or begun for its sake', async () => {
    const { post, release, records, engine, service } = gateway();
    const releaseId = await release();
    const order = { releaseId, decisionId: randomUUID(), channel: 'cli', reason: `broken ${half}` };
    expect((await post('/v1/rollbacks', order, tokens.kim)).status).toBe(400);
    expect(await records.decisions.list(releaseId)).toEqual([]);
    expect(engine.rollbacks).not.toContain(rollbackId({ service, environment: 'production' }, order.decisionId));
  });

  it('is nothing that people write: whole characters go through', async () => {
    const { post, service } = gateway();
    const freeze = { reason: 'Feiertag 🎉 — naïve, 日本語' };
    expect((await post(`/v1/lanes/${service}/production/freeze`, freeze, tokens.kim)).status).toBe(200);
    expect((await post('/v1/releases', aStart(service))).status).toBe(201);
  });
});

describe('text that is no text, in the records', () => {
  const records = useSeparatedRecords();
  const tries = (statement: string, ...values: unknown[]) => records.database.ask('gateway', statement, values);

  it.each([
    ['half of a character', half, 'invalid input syntax for type json'],
    ['NUL', '\0', 'unsupported Unicode escape sequence'],
  ])('is refused when it is stored, by whichever gateway: %s', async (_, words, refused) => {
    const reason = `broken ${words}`;
    const decision = aDecision('roll-back', { id: randomUUID(), reason });
    const decides = 'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3)';
    await expect(tries(decides, decision.id, decision.releaseId, JSON.stringify({ decision }))).rejects.toThrow(
      refused,
    );
    const { order } = aLaneOrder(aLane(), { kind: 'freeze' });
    const { service, environment } = order.lane;
    const orders = 'insert into slipway.lane_orders (id, service, environment, signed) values ($1, $2, $3, $4)';
    const signed = JSON.stringify({ order: { ...order, reason } });
    await expect(tries(orders, order.id, service, environment, signed)).rejects.toThrow(refused);
    expect(await records.owner.decisions.find(decision.id)).toBeUndefined();
  });

  it('was stored before that was asked: what is there stays as it is', async () => {
    const { database, owner } = records;
    const decision = aDecision('retry', { id: randomUUID() });
    const signed = { decision, keyId: 'k', signature: 's' };
    await database.ask('owner', 'alter table slipway.decisions disable trigger own_names');
    const insert = 'insert into slipway.decisions (id, release_id, signed) values ($1, $2, $3)';
    await database.ask('owner', insert, ['of-before', decision.releaseId, JSON.stringify(signed)]);
    await database.ask('owner', 'alter table slipway.decisions enable trigger own_names');
    expect(await records.gateway.decisions.refuse('of-before', 'no')).toBe(true);
    expect(await owner.decisions.list(decision.releaseId)).toEqual([signed]);
  });
});
