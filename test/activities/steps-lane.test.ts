import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { createKeyPair, createSigner, createVerifier } from '../../activities/shared/signatures.ts';
import { authorize } from '../../activities/steps/authorize.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { readInput } from '../../activities/steps/inputs.ts';
import { createLaneSteps } from '../../activities/steps/lane-steps.ts';
import { touching } from '../../activities/steps/touching.ts';
import type { LaneHolder, LaneOrder } from '../../domain/contract/lane.ts';
import { laneId, rollbackId } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { holdIdOf } from '../../domain/lane-closures.ts';
import { aCommit, aMember } from '../domain/builders.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing } from '../support/acting-release.ts';
import { aRequest } from '../contract/records-builders.ts';
import { usePostgres } from '../support/postgres.ts';

/** A lane that says what it wants: somebody has ended the real one, and runs a workflow of their own under its id. */

const postgres = usePostgres();
const { privateKeyPem, publicKeyPem } = createKeyPair();
const signer = createSigner(privateKeyPem);
let records: Records;
beforeAll(async () => {
  records = await createPostgresRecords({ url: await postgres.freshDatabase() });
});
afterAll(() => records?.close());

const now = 5_000;

function aLane(
  lane: LaneKey = { service: `shop-${randomUUID().slice(0, 8)}`, environment: 'production' },
  verifier = createVerifier([publicKeyPem]),
  open = false,
) {
  const info = { workflowExecution: { workflowId: laneId(lane), runId: randomUUID() } };
  const lanes = {
    join: () => Promise.resolve(),
    look: () => Promise.resolve({ open }),
    before: () => Promise.resolve(undefined),
  };
  const steps = createLaneSteps({ records, lanes, verifier, now: () => now });
  const act = <I, O>(step: (input: I) => Promise<O>, input: I): Promise<O> =>
    new MockActivityEnvironment(info).run(step, input);
  return {
    lane,
    begin: () => act(steps.beginLane, { lane }),
    /** Whom it says that it lets in, with its `sequence`th write. */
    write: (holder: LaneHolder | undefined, sequence: number, incarnation = 1) =>
      act(steps.recordLane, {
        lane,
        incarnation,
        sequence,
        ...(holder && { holder }),
        closures: [],
        waiting: [],
      }),
    lookFor: (releaseId: string) => act(steps.lookAtHolder, { releaseId }),
    order: (what: Partial<LaneOrder> & Pick<LaneOrder, 'kind'>, sign = signer) => {
      const order = { id: randomUUID(), lane, by: 'kim', at: 1, reason: 'sale', ...what } as LaneOrder;
      return records.closings.order(sign.signOrder(order)).then(() => order.id);
    },
    closures: async () => (await act(steps.beginLane, { lane })).closures,
  };
}

const release = ({ service, environment }: LaneKey) => `release/${service}/${environment}/${aCommit()}/1`;
const holding = (releaseId: string, n = 1, incarnation = 1): LaneHolder => ({
  member: aMember(releaseId),
  ticket: { incarnation, n },
  since: 1,
});

describe('a lane that begins anew', () => {
  it('is given the newest of what closes it, and how many more there are', async () => {
    const { begin, order } = aLane();
    const freeze = (n: number) => order({ kind: 'freeze', reason: `freeze ${n}`, at: n });
    for (let n = 50; n > 0; n -= 1) await freeze(n);
    const all = await begin();
    expect([all.closures.length, all.moreClosures]).toEqual([50, undefined]);
    for (const n of [51, 52]) await freeze(n);
    const { closures, moreClosures } = await begin();
    const reasons = closures.map(({ reason }) => reason);
    expect([closures.length, moreClosures, reasons[0], reasons.at(-1)]).toEqual([50, 2, 'freeze 3', 'freeze 52']);
  });

  it('is given a freeze whose key is not known with that key, and writes it down so', async () => {
    const { lane, begin, order } = aLane();
    const stranger = createKeyPair();
    const id = await order({ kind: 'freeze' }, createSigner(stranger.privateKeyPem));
    const { closures } = await begin();
    const [unprovenKey] = createVerifier([stranger.publicKeyPem]).keyIds;
    expect(closures).toMatchObject([{ id, reason: 'sale', unprovenKey }]);
    const written = { lane, incarnation: 1, sequence: 1, closures, waiting: [] };
    expect(readInput('recordLane', [written])).toEqual(written);
  });

  it('is given no more names of who waited than it can ask, however many somebody has written under its id', async () => {
    const { lane, begin } = aLane();
    await begin();
    const waiting = Array.from({ length: 20_000 }, (_, n) => `invented/${n}`);
    await records.lanes.remember(lane, { waiting }, { incarnation: 1, sequence: 1, runId: 'another' });
    expect((await begin()).waiting).toEqual(waiting.slice(0, 1_000));
  });
});

describe('a lane that lets somebody in', () => {
  it('does so on record, by a ticket of its own', async () => {
    const { lane, begin, write } = aLane();
    await begin();
    expect(await write(holding(release(lane)), 1)).toEqual({ written: true });
    expect(await records.lanes.holder(lane)).toMatchObject({ ticket: { incarnation: 1, n: 1 } });
  });

  it.each<[string, LaneHolder['ticket']]>([
    ['a ticket of another incarnation', { incarnation: 999_999, n: 1 }],
    ['a number that no write has', { incarnation: 1, n: 999_999_999_999 }],
    ['a number that is none', { incarnation: 1, n: 0.5 }],
    ['a negative number', { incarnation: 1, n: -1 }],
  ])('cannot do so with %s', async (_what, ticket) => {
    const { lane, begin, write } = aLane();
    await begin();
    expect(await write({ ...holding(release(lane)), ticket }, 1)).toEqual({ written: false });
    expect(await records.lanes.holder(lane)).toBeUndefined();
  });

  it('cannot do so as an incarnation that nobody has begun', async () => {
    const { lane, begin, write } = aLane();
    await begin();
    expect(await write(holding(release(lane), 1, 999), 1, 999)).toEqual({ written: false });
  });

  it('cannot let a release past a signed freeze, whatever closures it says there are', async () => {
    const { lane, begin, write, order } = aLane();
    await begin();
    const freeze = await order({ kind: 'freeze' });
    expect(await write(holding(release(lane)), 1)).toEqual({ written: false });
    expect((await begin()).closures).toMatchObject([{ kind: 'freeze', id: freeze }]);
  });

  it('cannot let a release past it under the name of a rollback', async () => {
    const { lane, begin, write, order } = aLane();
    await begin();
    await order({ kind: 'freeze' });
    const member = { ...aMember(release(lane)), kind: 'rollback' as const };
    expect(await write({ ...holding(''), member }, 1)).toEqual({ written: false });
  });

  it('lets a rollback past it', async () => {
    const { lane, begin, write, order } = aLane();
    await begin();
    await order({ kind: 'freeze' });
    expect(await write(holding(rollbackId(lane, 'order-1')), 1)).toEqual({ written: true });
  });

  it('keeps whom it has let in before the freeze', async () => {
    const { lane, begin, write, order } = aLane();
    await begin();
    await write(holding(release(lane)), 1);
    await order({ kind: 'freeze' });
    expect(await write(holding(release(lane)), 2)).toEqual({ written: true });
  });
});

describe('a holder that has begun to change something', () => {
  async function aRunAtWork(open: boolean) {
    const acting = await aReleaseThatMayAct(records);
    const { releaseId, ticket } = acting.authority;
    const lane = aLane(acting.lane, authorizing(records).verifier, open);
    const { incarnation, sequence } = await lane.begin();
    const letsIn = (who: string | undefined) =>
      lane.write(who === undefined ? undefined : holding(who, sequence + 1, incarnation), sequence + 1, incarnation);
    const holds = async () => (await records.closings.list(acting.lane)).holds.map(({ by }) => by);
    return { acting, releaseId, ticket, letsIn, holds };
  }
  const changes = ({ acting }: Awaited<ReturnType<typeof aRunAtWork>>) =>
    acting.act(() => touching({ records, now: () => 2_000 }, 'core in de'), undefined);

  it.each<[string, (id: string) => string | undefined]>([
    ['let in another', (id) => id.replace(/1$/, '2')],
    ['let in a rollback', (id) => id.replace(/^release/, 'rollback').replace(/\/[^/]+\/1$/, '/order-1')],
    ['say that nobody is there', () => undefined],
  ])('stays until its end is on record, whatever the lane was told: it cannot %s', async (_what, next) => {
    const run = await aRunAtWork(true);
    await changes(run);
    expect(await run.letsIn(next(run.releaseId))).toEqual({ written: false });
    expect(await records.lanes.holder(run.acting.lane)).toMatchObject({ ticket: run.ticket });
    const end = { outcome: 'halted', summary: 'it ended', endedAt: 3_000 };
    await records.attempts.conclude(run.releaseId, end);
    expect(await run.letsIn(next(run.releaseId))).toEqual({ written: true });
  });

  it('leaves its hold when its run is gone, before anybody else is let in', async () => {
    const run = await aRunAtWork(false);
    await changes(run);
    expect(await run.letsIn(run.releaseId.replace(/1$/, '2'))).toEqual({ written: false });
    expect(await run.holds()).toEqual([run.releaseId]);
    expect(await records.attempts.find(run.releaseId)).toMatchObject({ outcome: 'halted' });
  });

  it('is let go of when its run is gone', async () => {
    const run = await aRunAtWork(false);
    await changes(run);
    expect(await run.letsIn(undefined)).toEqual({ written: true });
    expect(await run.holds()).toEqual([run.releaseId]);
  });

  it('may be replaced as long as it has changed nothing', async () => {
    const run = await aRunAtWork(true);
    expect(await run.letsIn(run.releaseId.replace(/1$/, '2'))).toEqual({ written: true });
    expect(await run.holds()).toEqual([]);
  });
});

describe('what closes a lane', () => {
  const stranger = createSigner(createKeyPair().privateKeyPem);

  it('is no order that somebody else has signed in the name of a key that is known', async () => {
    const { begin, order, closures } = aLane();
    await begin();
    const { keyId } = signer.signOrder({} as LaneOrder);
    await order({ kind: 'freeze' }, { ...stranger, signOrder: (one) => ({ ...stranger.signOrder(one), keyId }) });
    expect(await closures()).toEqual([]);
  });

  it('is a freeze whose key is not known any more, until somebody whose key is lifts it', async () => {
    const { begin, order, closures } = aLane();
    await begin();
    const lifts = await order({ kind: 'freeze' }, stranger);
    expect((await closures()).map(({ id }) => id)).toEqual([lifts]);
    await order({ kind: 'unfreeze', lifts });
    expect(await closures()).toEqual([]);
  });

  it('is a hold that was cleared with a key that is not known any more', async () => {
    const { begin, order, closures, lane } = aLane();
    await begin();
    const { attempt } = await records.attempts.open(aRequest(lane), { requestKey: 'one', fresh: true });
    const by = attempt.releaseId;
    await records.closings.hold(lane, { id: holdIdOf(by), by, reason: 'halted', from: 1 });
    for (const [sign, open] of [
      [stranger, false],
      [signer, true],
    ] as const) {
      await order({ kind: 'clear-hold', lifts: holdIdOf(by), of: by }, sign);
      expect(await closures()).toHaveLength(open ? 0 : 1);
    }
  });

  it('is no order for another lane', async () => {
    const { begin, order, closures } = aLane();
    await begin();
    await order({ kind: 'freeze', lane: { service: 'other', environment: 'production' } });
    expect(await closures()).toEqual([]);
  });

  it('is lifted by a signed order alone, and each by its own', async () => {
    const { begin, order, closures } = aLane();
    await begin();
    const [first, second] = [await order({ kind: 'freeze' }), await order({ kind: 'freeze' })];
    await order({ kind: 'unfreeze', lifts: second }, createSigner(createKeyPair().privateKeyPem));
    await order({ kind: 'clear-hold', lifts: second });
    expect((await closures()).map(({ id }) => id)).toEqual([first, second]);
    await order({ kind: 'unfreeze', lifts: first });
    expect((await closures()).map(({ id }) => id)).toEqual([second]);
  });

  it('ends when its time is over', async () => {
    const { begin, order, closures } = aLane();
    await begin();
    await order({ kind: 'freeze', until: now });
    const id = await order({ kind: 'freeze', until: now + 1 });
    expect((await closures()).map((closure) => closure.id)).toEqual([id]);
  });

  it('is the end of a run that left something behind, though nobody tells the lane', async () => {
    const acting = await aReleaseThatMayAct(records);
    const { releaseId } = acting.authority;
    const { lookFor, closures } = aLane(acting.lane);
    expect(await lookFor(releaseId)).toEqual({ open: false, outcome: 'halted' });
    expect(await closures()).toMatchObject([{ kind: 'hold', by: releaseId, id: holdIdOf(releaseId) }]);
  });

  it('is the end of a rollback, too, that somebody ended from outside', async () => {
    const release = await aReleaseThatMayAct(records);
    const rollback = await aRollbackOf(release, { records, regions: ['de'] });
    const { releaseId } = rollback.authority;
    const { verifier } = authorizing(records);
    expect(await aLane(release.lane, verifier).lookFor(releaseId)).toEqual({ open: false, outcome: 'halted' });
    expect((await records.closings.list(release.lane)).holds).toMatchObject([
      { id: holdIdOf(releaseId), by: releaseId },
    ]);
  });

  it('is cleared by whoever has seen it, under the name that the lane gave it, and no later one with it', async () => {
    const acting = await aReleaseThatMayAct(records);
    const { releaseId } = acting.authority;
    const { lookFor, closures, order } = aLane(acting.lane);
    await order({ kind: 'clear-hold', lifts: 'hold-1.1', of: releaseId });
    await lookFor(releaseId);
    expect(await closures()).toHaveLength(1);
    await order({ kind: 'clear-hold', lifts: 'hold-1.1', of: releaseId });
    expect(await closures()).toEqual([]);
  });
});

describe('a run that Temporal does not know', () => {
  it('is not over for a lane where it may not have begun yet: it was asked for while Temporal was away', async () => {
    const { lane, begin, lookFor, closures } = aLane();
    await begin();
    const { attempt } = await records.attempts.open(aRequest(lane), { requestKey: randomUUID(), fresh: true });
    expect(await lookFor(attempt.releaseId)).toEqual({ open: false });
    expect((await records.attempts.find(attempt.releaseId))?.outcome).toBeUndefined();
    expect(await closures()).toEqual([]);
  });

  it('is not over for another lane', async () => {
    const { authority } = await aReleaseThatMayAct(records);
    expect(await aLane().lookFor(authority.releaseId)).toEqual({ open: false });
    expect((await records.attempts.find(authority.releaseId))?.outcome).toBeUndefined();
  });
});

describe('a lane that finds its holder gone after others did', () => {
  const ended = { open: false, outcome: 'halted' };

  it('is told when the hold that it left was lifted by then, and not before: it closes by none that people have cleared', async () => {
    const acting = await aReleaseThatMayAct(records);
    const { releaseId } = acting.authority;
    const { lookFor, order } = aLane(acting.lane);
    await lookFor(releaseId);
    await order({ kind: 'clear-hold', lifts: 'another' });
    expect(await lookFor(releaseId)).toEqual(ended);
    await order({ kind: 'clear-hold', lifts: holdIdOf(releaseId) }, createSigner(createKeyPair().privateKeyPem));
    expect(await lookFor(releaseId)).toEqual(ended);
    await order({ kind: 'clear-hold', lifts: holdIdOf(releaseId) });
    expect(await lookFor(releaseId)).toEqual({ ...ended, lifted: true });
  });
});

describe('a step of a run that the lane should not have let in', () => {
  it('is refused by the freeze that was there before', async () => {
    const acting = await aReleaseThatMayAct(records);
    const { order } = aLane(acting.lane);
    const may = (authority = acting.authority) =>
      acting.act(
        () =>
          authorize(
            authority,
            { ...authorizing(records), verifier: bothKeys() },
            { purpose: 'deploy', regions: ['de'] },
          ),
        undefined,
      );
    await order({ kind: 'freeze' });
    // Let in before it: whoever is inside goes on.
    await may();
    const ticket = await writeHolderAgain(acting.lane, acting.authority.releaseId);
    await expect(may({ ...acting.authority, ticket })).rejects.toMatchObject({ details: { code: 'SLIP-REL-10' } });
  });

  it('is told so before it does anything, by the look at its plan, and waits again', async () => {
    const acting = await aReleaseThatMayAct(records);
    const { releaseId, planHash } = acting.authority;
    const { order } = aLane(acting.lane);
    const pipeline = { floorOf: authorizing(records).floorOf };
    const deps = { ...authorizing(records), verifier: bothKeys(), pipeline };
    const { judgePlanDrift } = createEngineSteps(deps as unknown as EngineDependencies);
    await order({ kind: 'freeze', reason: 'sale' });
    await writeHolderAgain(acting.lane, releaseId);
    expect(await acting.act(judgePlanDrift, { releaseId, planHash })).toEqual({
      kind: 'closed',
      why: 'frozen by kim: sale',
    });
  });

  it('goes on under a freeze that ends within a moment: by the clock of the lane it may have ended', async () => {
    const acting = await aReleaseThatMayAct(records);
    const { order } = aLane(acting.lane);
    await order({ kind: 'freeze', until: authorizing(records).now() + 9_000 });
    const ticket = await writeHolderAgain(acting.lane, acting.authority.releaseId);
    await acting.act(
      () =>
        authorize(
          { ...acting.authority, ticket },
          { ...authorizing(records), verifier: bothKeys() },
          { purpose: 'deploy' },
        ),
      undefined,
    );
  });

  /** Decisions are signed by the key of the acting release, orders by ours. */
  function bothKeys() {
    const orders = createVerifier([publicKeyPem]);
    const { verifier } = authorizing(records);
    return { ...verifier, verifyOrder: orders.verifyOrder.bind(orders) };
  }

  /** Straight into the records, as the role of an engine could. */
  async function writeHolderAgain(lane: LaneKey, releaseId: string): Promise<LaneHolder['ticket']> {
    const { incarnation, n } = (await records.lanes.look(lane))!.lastTicket;
    const by = { incarnation, runId: randomUUID() };
    await records.lanes.remember(lane, { waiting: [] }, { ...by, sequence: n + 1 });
    const ticket = { incarnation, n: n + 2 };
    const again = { member: aMember(releaseId), ticket, since: 1 };
    await records.lanes.remember(lane, { holder: again, waiting: [] }, { ...by, sequence: n + 2 });
    return ticket;
  }
});
