import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aHash, aPolicy } from '../../domain/builders.ts';
import { anOrder, tokens, useGateway, verifier } from './gateway.ts';
import type { Answer, TestGateway } from './gateway.ts';

const gateway = useGateway();

/** Two gateways of one installation: the same records, policy and Temporal. */
let one: TestGateway;
let other: TestGateway;
let run: string;

beforeEach(async () => {
  [one, other] = [gateway(), gateway()];
  other.policy.beside = [one.service];
  other.engine.runs = one.engine.runs;
  run = await one.release();
});
afterEach(() => Promise.all([one.server.close(), other.server.close()]));

const send = (by: TestGateway, order: Record<string, unknown>, token: string): Promise<Answer> =>
  by.post(by.decisionPath(run), order, token);
const approval = (changes: Record<string, unknown> = {}) => anOrder('approve', { planHash: aHash(), ...changes });
const statuses = (answers: Answer[]) => answers.map(({ status }) => status);
const onRecord = async () =>
  (await one.records.decisions.list(run)).map(({ decision: { kind, by } }) => `${by.id} ${kind}`).sort();
const heard = () =>
  [...one.engine.decided, ...other.engine.decided].map(({ decision: { kind, by } }) => `${by.id} ${kind}`).sort();

describe('two gateways at once', () => {
  it('take the decisions of two people at the same moment, each of them signed, stored and delivered', async () => {
    one.policy.approval = other.policy.approval = aPolicy({ quorum: 2 });
    const answers = await Promise.all([send(one, approval(), tokens.kim), send(other, approval(), tokens.lee)]);
    expect(statuses(answers)).toEqual([200, 200]);
    expect(await onRecord()).toEqual(['kim approve', 'lee approve']);
    expect(heard()).toEqual(['kim approve', 'lee approve']);
    for (const signed of await one.records.decisions.list(run)) expect(verifier.verify(signed)).toBe(true);
  });

  it('take a yes and a no at the same moment: both are on record, and the no is one from before any change', async () => {
    const answers = await Promise.all([
      send(one, approval(), tokens.kim),
      send(other, anOrder('reject', { planHash: aHash() }), tokens.lee),
    ]);
    expect(statuses(answers)).toEqual([200, 200]);
    expect(await onRecord()).toEqual(['kim approve', 'lee reject']);
    const weighed = await one.records.decisions.weigh(run);
    expect(weighed.filter(({ afterChange, refused }) => afterChange || refused !== undefined)).toEqual([]);
  });

  it('make one of a decision that is sent to both at once', async () => {
    const same = approval();
    const answers = await Promise.all([one, other, one, other].map((by) => send(by, same, tokens.kim)));
    expect(statuses(answers)).toEqual([200, 200, 200, 200]);
    expect(await onRecord()).toEqual(['kim approve']);
    const signatures = [...one.engine.decided, ...other.engine.decided].map(({ signature }) => signature);
    expect(new Set(signatures).size).toBe(1);
  });

  it('take one of two decisions that come under one id at once: the other is refused', async () => {
    const decisionId = `the-same-${one.service}`;
    const answers = await Promise.all([
      send(one, approval({ decisionId }), tokens.kim),
      send(other, anOrder('reject', { planHash: aHash(), decisionId }), tokens.kim),
    ]);
    expect(statuses(answers).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.error.code).toBe('conflict');
    expect(await onRecord()).toHaveLength(1);
  });
});

describe('a gateway that ends between storing a decision and delivering it', () => {
  it('leaves it on record: sent again to another it is that one, delivered, and no second', async () => {
    const cut = Promise.withResolvers<void>();
    const stored = Promise.withResolvers<void>();
    one.engine.onDecide = () => {
      stored.resolve();
      return cut.promise;
    };
    const same = approval();
    const lost = send(one, same, tokens.kim);
    await stored.promise;
    expect([await onRecord(), heard()]).toEqual([['kim approve'], []]);
    const [before] = await one.records.decisions.list(run);

    const again = await send(other, same, tokens.kim);
    expect([again.status, again.body.message]).toEqual([200, 'the run has taken it']);
    expect(other.engine.decided).toEqual([before]);
    expect(await onRecord()).toEqual(['kim approve']);
    cut.resolve();
    await lost;
  });

  it('has those who send it again answered by who they are now: taken out of the group meanwhile, they are refused', async () => {
    const people = { kim: { token: 'kim' }, lee: { token: 'lee' }, dana: { token: 'dana' } };
    for (const { policy } of [one, other])
      policy.people = { people, groups: { approvers: { members: ['kim', 'lee'] } } };
    const same = approval();
    expect((await send(one, same, tokens.kim)).status).toBe(200);
    other.policy.people = { people, groups: { approvers: { members: ['lee'] } } };
    const again = await send(other, same, tokens.kim);
    expect([again.status, again.body.error.code]).toEqual([403, 'forbidden']);
    expect(other.engine.decided).toEqual([]);
  });
});
