import { describe, expect, it } from '@jest/globals';
import { createKeyPair, createSigner } from '../../activities/shared/signatures.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import { aLaneOrder } from '../contract/records-builders.ts';
import { anOrder, aStart, signer, tokens, useGateway } from '../client/gateway/gateway.ts';
import type { TestGateway } from '../client/gateway/gateway.ts';

/** What is signed is kept for ever, and read by every step: nobody adds to it without end. */

const gateway = useGateway();
const day = 86_400_000;

describe('decisions of one person about one run', () => {
  const decided = async ({ records, release }: TestGateway, kind: Decision['kind'], count: number) => {
    const releaseId = await release();
    const by = { id: 'kim', via: 'token', groups: ['approvers'] } as const;
    const about = { kind, releaseId, planHash: '', by: { ...by, groups: [...by.groups] }, channel: 'cli', reason: 'x' };
    for (let n = 0; n < count; n += 1)
      await records.decisions.store(signer.sign({ ...about, id: `${releaseId}-${n}`, decidedAt: 1 }));
    return releaseId;
  };

  it('have an end, for that person and that run alone', async () => {
    const parts = gateway();
    const { post, decisionPath, records, engine } = parts;
    const id = await decided(parts, 'retry', 49);
    expect((await post(decisionPath(id), anOrder('retry'), tokens.kim)).status).toBe(200);
    engine.decided.length = 0;
    expect(await post(decisionPath(id), anOrder('retry'), tokens.kim)).toMatchObject({
      status: 409,
      body: {
        error: { message: `kim has decided 50 times about ${id}`, next: expect.stringContaining('somebody else') },
      },
    });
    expect([(await records.decisions.list(id)).length, engine.decided.length]).toEqual([50, 0]);
    expect((await post(decisionPath(id), anOrder('retry'), tokens.lee)).status).toBe(200);
    const { body } = await post('/v1/releases', aStart(parts.service, { commit: 'b'.repeat(40) }));
    expect((await post(decisionPath(body.releaseId), anOrder('retry'), tokens.kim)).status).toBe(200);
  });

  it('are stored, and told to count, only where those who go by them read them', async () => {
    const parts = gateway();
    const { post, decisionPath, records } = parts;
    const id = await parts.release();
    const known = `known-${parts.service}`;
    await post(decisionPath(id), anOrder('abort', { decisionId: known }), tokens.kim);
    expect((await records.decisions.weigh(id)).map(({ decision }) => decision.id)).toEqual([known]);
    const unread = `unread-${parts.service}`;
    expect(await post(decisionPath(id), anOrder('abort', { decisionId: unread }), tokens.crowd)).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('nobody would read it') } },
    });
    expect(await records.decisions.find(unread)).toBeUndefined();
  });

  it('are not counted where somebody without the key has put them there in the name of others', async () => {
    const parts = gateway();
    const id = await decided(parts, 'retry', 0);
    const stranger = createSigner(createKeyPair().privateKeyPem);
    const about = { kind: 'retry', releaseId: id, planHash: '', channel: 'cli', reason: 'x', decidedAt: 1 } as const;
    for (let n = 0; n < 60; n += 1)
      await parts.records.decisions.store(
        stranger.sign({ ...about, id: `${id}-${n}`, by: { id: 'kim', via: 'token', groups: [] } }),
      );
    expect((await parts.post(parts.decisionPath(id), anOrder('retry'), tokens.kim)).status).toBe(200);
  });

  it('never keep out the first no, nor the first order to go back', async () => {
    const parts = gateway();
    const { post, decisionPath } = parts;
    const id = await decided(parts, 'retry', 50);
    const answers: number[] = [];
    for (const kind of ['reject', 'abort', 'roll-back', 'abort'])
      answers.push((await post(decisionPath(id), anOrder(kind), tokens.kim)).status);
    expect(answers).toEqual([200, 200, 200, 409]);
  });

  it('never keep out a no where somebody has written more of them than are read', async () => {
    const parts = gateway();
    const { post, decisionPath, records } = parts;
    const id = await decided(parts, 'retry', 1_001);
    const [no, more] = [`no-${parts.service}`, `more-${parts.service}`];
    await post(decisionPath(id), anOrder('abort', { decisionId: no }), tokens.lee);
    expect(await records.decisions.find(no)).toMatchObject({ decision: { kind: 'abort', by: { id: 'lee' } } });
    await post(decisionPath(id), anOrder('retry', { decisionId: more }), tokens.lee);
    expect(await records.decisions.find(more)).toBeUndefined();
  });

  it('are counted one after the other, also where a hundred come at once', async () => {
    const parts = gateway();
    const id = await parts.release();
    const send = () => parts.post(parts.decisionPath(id), anOrder('retry'), tokens.kim);
    const answers = await Promise.all(Array.from({ length: 100 }, send));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
    expect(await parts.records.decisions.list(id)).toHaveLength(50);
  });

  it('may be sent again when there is room for no more', async () => {
    const parts = gateway();
    const id = await decided(parts, 'retry', 49);
    const last = anOrder('retry');
    const send = async () => (await parts.post(parts.decisionPath(id), last, tokens.kim)).status;
    expect([await send(), await send()]).toEqual([200, 200]);
  });
});

describe('orders to one lane', () => {
  const laneOf = ({ service }: TestGateway) => ({ service, environment: 'production' });
  const order = (
    { post, service }: TestGateway,
    name: string,
    body: Record<string, unknown> = {},
    token = tokens.kim,
  ) => post(`/v1/lanes/${service}/production/${name}`, { reason: 'sale', ...body }, token);
  const ordered = async (
    parts: TestGateway,
    count: number,
    made: Parameters<typeof aLaneOrder>[1],
    { at = 1_000_000, by = 'kim' } = {},
  ) => {
    for (let n = 0; n < count; n += 1) {
      const { order: one } = aLaneOrder(laneOf(parts), made);
      const id = `${parts.service}-${by === 'kim' ? '' : `${by}-`}${n}`;
      await parts.records.closings.order(signer.signOrder({ ...one, id, by, at: at - count + n }));
    }
  };

  it('freeze it as often as people can tell apart, and then one is lifted first', async () => {
    const parts = gateway();
    await ordered(parts, 20, { kind: 'freeze' });
    expect(await order(parts, 'freeze')).toMatchObject({
      status: 409,
      body: {
        error: {
          message: '20 freezes of kim are in force in this lane',
          next: expect.stringContaining('slipway unfreeze'),
        },
      },
    });
    expect((await order(parts, 'unfreeze', { id: `${parts.service}-0` })).status).toBe(200);
    expect((await order(parts, 'freeze')).status).toBe(200);
  });

  it('freeze it for one person, however often another has done so; but not for all together without end', async () => {
    const parts = gateway();
    for (const by of ['a', 'b', 'c', 'd']) await ordered(parts, 20, { kind: 'freeze' }, { by });
    await ordered(parts, 19, { kind: 'freeze' });
    expect((await order(parts, 'freeze')).status).toBe(200);
    expect((await order(parts, 'unfreeze', { id: `${parts.service}-0` })).status).toBe(200);
    await ordered(parts, 1, { kind: 'freeze' }, { by: 'e' });
    expect(await order(parts, 'freeze')).toMatchObject({
      status: 409,
      body: { error: { message: '100 freezes are in force in this lane' } },
    });
  });

  it('are counted one after the other, also where a hundred come at once, and those of others beside them', async () => {
    const parts = gateway();
    const many = Promise.all(Array.from({ length: 100 }, () => order(parts, 'freeze')));
    expect((await order(parts, 'freeze', {}, tokens.lee)).status).toBe(200);
    const answers = await many;
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect((await parts.records.closings.list(laneOf(parts))).orders).toHaveLength(21);
  });

  it.each([
    ['unfreeze', 'freeze'],
    ['clear-hold', 'hold'],
  ])('lift one thing once, also where many want to at once: %s', async (name, what) => {
    const parts = gateway();
    const id = `${parts.service}-0`;
    if (what === 'freeze') await ordered(parts, 1, { kind: 'freeze' });
    else await parts.records.closings.hold(laneOf(parts), { id, by: 'release/one', reason: 'halted', from: 1 });
    const answers = await Promise.all(Array.from({ length: 30 }, () => order(parts, name, { id })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { orders } = await parts.records.closings.list(laneOf(parts));
    expect(orders.filter(({ signed }) => signed.order.kind === name)).toHaveLength(1);
  });

  it('are of one day so many, also where those that are left come at once', async () => {
    const parts = gateway();
    await ordered(parts, 195, { kind: 'clear-ticket', ticket: '9.9' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => order(parts, 'clear-ticket', { ticket: '1.1' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(5).fill(200),
      ...Array<number>(15).fill(429),
    ]);
  });

  it('say why in a sentence or two', async () => {
    const parts = gateway();
    const prefix = '/v1/lanes/:service/:environment/';
    const orders = parts.routes.filter(({ method, path }) => method === 'POST' && path.startsWith(prefix));
    expect(orders).not.toEqual([]);
    for (const { path } of orders) {
      const name = path.slice(prefix.length);
      const { status, body } = await order(parts, name, { reason: 'x'.repeat(301) });
      expect({ name, status, ...body.error }).toMatchObject({
        name,
        status: 400,
        message: expect.stringMatching(/reason/),
      });
    }
    expect((await order(parts, 'freeze', { reason: 'x'.repeat(300) })).status).toBe(200);
  });

  it('are so many of one person in a day; what is in force is lifted all the same', async () => {
    const parts = gateway();
    await ordered(parts, 199, { kind: 'clear-ticket', ticket: '9.9' });
    expect((await order(parts, 'freeze')).status).toBe(200);
    for (const [name, body] of [
      ['freeze', {}],
      ['clear-ticket', { ticket: '1.1' }],
      ['clear-hold', { id: 'what-the-lane-alone-says' }],
    ] as const) {
      parts.engine.laneAnswers = name !== 'clear-hold';
      expect([name, (await order(parts, name, body)).status]).toEqual([name, 429]);
    }
    parts.engine.laneAnswers = true;
    expect((await order(parts, 'clear-ticket', { ticket: '1.1' }, tokens.lee)).status).toBe(200);
    expect((await order(parts, 'unfreeze')).status).toBe(200);
  });

  it('of the day before count no more', async () => {
    const parts = gateway();
    await ordered(parts, 200, { kind: 'clear-ticket', ticket: '9.9' }, { at: 1_000_000 - day });
    expect((await order(parts, 'freeze')).status).toBe(200);
  });

  it('that are on record in hundreds are shown as the newest, and how many more, and can be lifted each', async () => {
    const parts = gateway();
    await ordered(parts, 120, { kind: 'freeze' });
    const { body } = await parts.get(`/v1/lanes/${parts.service}/production`);
    const { status, moreClosures, differs } = body as unknown as {
      status: { closures: { id: string }[] };
      moreClosures: number;
      differs: string[];
    };
    const newest = Array.from({ length: 50 }, (_, n) => `${parts.service}-${70 + n}`);
    expect(status.closures.map(({ id }) => id)).toEqual(newest);
    expect([moreClosures, differs.length]).toEqual([70, 50]);
    const several = await order(parts, 'unfreeze');
    expect(several.body.error.message).toMatch(/^there are 120: /);
    expect(several.body.error.message.length).toBeLessThan(10_000);
    expect(await order(parts, 'unfreeze', { id: `${parts.service}-0` })).toMatchObject({
      status: 200,
      body: { moreClosures: 69 },
    });
  });
});
