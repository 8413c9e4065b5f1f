import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createTemporalLanes } from '../../activities/lanes/temporal-lanes.ts';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { createKeyPair, createSigner, createVerifier } from '../../activities/shared/signatures.ts';
import { leaveHold } from '../../activities/steps/lane-closings.ts';
import { createLaneSteps } from '../../activities/steps/lane-steps.ts';
import { createEngine } from '../../client/engine.ts';
import type { Engine } from '../../client/engine.ts';
import type { GatewayParts } from '../../client/gateway/calls.ts';
import { laneView } from '../../client/gateway/lane-view.ts';
import { whyNotOver } from '../../client/gateway/whether-over.ts';
import { createGateway } from '../../client/gateway/server.ts';
import { NoAnswer, NotTaken } from '../../client/no-answer.ts';
import type { LaneView } from '../../domain/contract/gateway.ts';
import type { SignedLaneOrder } from '../../domain/contract/lane.ts';
import { deploymentName, engineQueue, orderOfRollback, searchAttributes } from '../../domain/contract/names.ts';
import { cacheDirectory } from '../../lab/kubernetes/cache.ts';
import { startTemporal } from '../../lab/services/temporal.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import { makeCurrent } from '../../workers/make-current.ts';
import { aPolicy, aResult } from '../domain/builders.ts';
import { guardedSteps } from '../support/guarded-steps.ts';
import { holds, isFree, LanePlay } from '../support/lane-play.ts';
import type { LaneServer } from '../support/lane-play.ts';
import { usePostgres } from '../support/postgres.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { FakeWorlds } from '../workflows/support/fake-world.ts';
import { describeLanes } from './lanes.suite.ts';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const postgres = usePostgres();
/** Signs orders, and knows the signatures. */
const worlds = new FakeWorlds(
  () => server.lanes,
  () => Promise.resolve(Date.now()),
);
const verifier = { ...createVerifier([]), verify: () => true, verifyOrder: () => true };
const keys = createKeyPair();
const people = { signer: createSigner(keys.privateKeyPem), verifier: createVerifier([keys.publicKeyPem]) };
let server: LaneServer;
let engine: Engine;
let records: Records;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-lanes-'));
  stops.push(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, 0o755);
  const temporal = await startTemporal({
    directory,
    ui: false,
    searchAttributes: Object.values(searchAttributes),
    // A lane would continue as new after thousands of events.
    settings: { 'limit.historyCount.suggestContinueAsNew': '60' },
    progress: () => undefined,
  });
  stops.push(() => temporal.stop());
  const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  stops.push(() => client.connection.close());
  const connection = await NativeConnection.connect({ address: temporal.address });
  stops.push(() => connection.close());
  records = await createPostgresRecords({ url: await postgres.freshDatabase() });
  stops.push(() => records.close());
  const lanes = createTemporalLanes({ client });
  const { codePath, buildId } = await workflowBundle(cacheDirectory());
  const version = { deploymentName, buildId };
  const { verifyOrder } = worlds.steps();
  const worker = await Worker.create({
    connection,
    taskQueue: engineQueue,
    workflowBundle: { codePath },
    // Orders are those of the worlds, and those that a gateway of this file has signed.
    activities: {
      ...createLaneSteps({ records, lanes, verifier, now: Date.now }),
      verifyOrder: async (signed: SignedLaneOrder) => people.verifier.verifyOrder(signed) || verifyOrder(signed),
    },
    interceptors: guardedSteps,
    // The lane asks to move to the current version by itself, which only a versioned worker can promise.
    workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
  });
  const running = worker.run();
  stops.push(async () => {
    worker.shutdown();
    await running;
  });
  await makeCurrent(client, version);
  engine = createEngine({ client });
  server = {
    client,
    lanes,
    // As the gateway does it: on record before the lane hears of it.
    engine: {
      ...engine,
      async orderLane(signed) {
        await records.closings.order(signed);
        return engine.orderLane(signed);
      },
    },
  };
});
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

describeLanes('Temporal', async () => ({
  lanes: server.lanes,
  places: async (lane) => {
    // An Update is answered after everything that came before it; a query may look too early.
    const world = worlds.create({}, lane.service);
    const { queue } = await server.engine.orderLane(world.order({ kind: 'unfreeze', lifts: 'none' }));
    return queue.map((member) => member.releaseId);
  },
  openRun: async (releaseId) => {
    // Nobody works on this queue: the run stays as it is.
    const handle = await server.client.workflow.start('deployRelease', {
      workflowId: releaseId,
      taskQueue: 'nobody',
      args: [],
    });
    return { runId: handle.firstExecutionRunId, end: async () => void (await handle.terminate()) };
  },
  tearDown: async () => undefined,
}));

describe('a lane with its records', () => {
  const aPlay = () => new LanePlay({ ...server, world: worlds.create() });
  const found = async (query: string) => {
    const ids: string[] = [];
    for await (const { workflowId } of server.client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  };
  /** By the lane of a run that holds it: what the gateway goes by where Temporal does not know the run itself any more. */
  const isOfThisTemporal = async (releaseId: string) =>
    (await whyNotOver({ engine, records } as GatewayParts, releaseId)) === undefined;
  async function held() {
    const play = aPlay();
    const member = await play.release();
    await play.join(member);
    await play.claim(member);
    // One that is shown may not be on record yet.
    await play.untilToldOfGrant(member);
    return { play, member, key: { service: play.world.service, environment: 'production' } };
  }

  it('is found by its service and environment, and by who holds it or what closes it', async () => {
    const { play, member, key } = await held();
    const mine = `SlipwayService = '${key.service}' and SlipwayEnvironment = 'production' and ExecutionStatus = 'Running'`;
    const isFoundBy = (what: string) =>
      eventually(`it to be found by ${what}`, async () => (await found(`${mine} and ${what}`)).includes(play.id));
    await isFoundBy(`SlipwayStage = 'held' and SlipwayWaitingFor = '${member.releaseId}'`);
    await play.leave(member, { kind: 'hold', reason: 'look at de' });
    await isFoundBy("SlipwayStage = 'closed' and SlipwayWaitingFor = 'hold-1.1'");
    await play.order({ kind: 'clear-hold', lifts: 'hold-1.1' });
    await isFoundBy("SlipwayStage = 'open' and SlipwayWaitingFor is null");
  });

  it('begins anew from the records when it was set back, and knows what it did after that point', async () => {
    const { play, member, key } = await held();
    const freeze = await play.order({ kind: 'freeze' }, 'sale');
    await play.reset();
    await play.claim(await play.release());
    const lane = await play.until(({ lastTicket }) => lastTicket.incarnation === 2);
    expect(lane).toMatchObject({ holder: { releaseId: member.releaseId }, closures: [{ id: freeze.id }] });
    expect((await records.lanes.holder(key))?.ticket).toEqual({ incarnation: 1, n: 1 });
    expect(await isOfThisTemporal(member.releaseId)).toBe(true);
    expect(await engine.look(play.id, 'restored')).toBeUndefined();
    expect(await engine.look(play.id, randomUUID())).toBeUndefined();
    await play.leave(member);
    await play.until(isFree);
    await eventually('the records to know', async () => (await records.lanes.holder(key)) === undefined);
  });

  it('lets nobody past an order that it has not heard of, and finds it at once where it would have', async () => {
    const { play, member } = await held();
    await play.leave(member);
    await play.until(isFree);
    // On record, and its delivery was lost.
    const { order, ...seal } = play.world.order({ kind: 'freeze' }, 'sale');
    await records.closings.order({ order, ...seal });
    const next = await play.release();
    await play.claim(next);
    const lane = await play.until(({ queue }) => queue.some(({ claiming }) => claiming));
    expect(lane).toMatchObject({ closures: [{ id: order.id }], queue: [{ releaseId: next.releaseId }] });
    const { events } = await server.client.workflow.getHandle(play.id).fetchHistory();
    const summaries = (events ?? []).map(({ userMetadata }) => String(userMetadata?.summary?.data ?? ''));
    expect(summaries.join()).toContain('record: no holder, freeze');
    // Nor does it wait, as it would for another lane that writes to its records.
    expect(summaries.join()).not.toContain('the records belong to another lane');
    await play.order({ kind: 'unfreeze', lifts: order.id });
    await play.until(holds(next));
  });

  it('carries everything when it continues as new, also once somebody has asked it to stop', async () => {
    const { play, member } = await held();
    const waiting = await play.release();
    await play.claim(waiting);
    await play.cancel();
    const freeze = await play.order({ kind: 'freeze' }, 'sale');
    for (let round = 0; round < 3; round += 1) {
      const { runId } = await server.client.workflow.getHandle(play.id).describe();
      await Promise.all(Array.from({ length: 60 }, () => play.claim(member)));
      const next = await eventually('its next run', async () => {
        const now = await server.client.workflow.getHandle(play.id).describe();
        return now.runId !== runId && now.status.name === 'RUNNING' && now.runId;
      });
      let before: string | undefined = next;
      while (before !== undefined && before !== runId)
        before = await server.lanes.before({ workflowId: play.id, runId: before });
      expect(before).toBe(runId);
      expect(await isOfThisTemporal(member.releaseId)).toBe(true);
    }
    await play.leave(member);
    const lane = await play.until(isFree);
    expect(lane).toMatchObject({ closures: [{ id: freeze.id }], queue: [{ releaseId: waiting.releaseId }] });
    await play.order({ kind: 'unfreeze', lifts: freeze.id });
    expect((await play.until(holds(waiting))).lastTicket).toEqual({ incarnation: 1, n: 2 });
  });

  it('begins, answers, lets a rollback in and takes an unfreeze, whatever number of freezes the records hold', async () => {
    const play = aPlay();
    const lane = { service: play.world.service, environment: 'production' };
    // More than a server takes in one message.
    const freezes = Array.from({ length: 800 }, () => play.world.order({ kind: 'freeze' }, '\u4e00'.repeat(1_000)));
    for (const freeze of freezes) await records.closings.order(freeze);
    const undo = await play.rollback();
    await play.join(undo);
    await play.claim(undo);
    await play.untilToldOfGrant(undo);
    await play.leave(undo);
    expect((await play.until(isFree)).closures).toHaveLength(50);
    const newest = freezes.at(-1)!.order.id;
    await play.order({ kind: 'unfreeze', lifts: newest });
    expect((await play.until(({ closures }) => closures.every(({ id }) => id !== newest))).closures).toHaveLength(49);
    await play.order({ kind: 'freeze' }, 'sale');
    await play.order({ kind: 'freeze' }, 'more sale');
    const carried = await play.until(({ closures }) => closures.at(-1)?.reason === 'more sale');
    expect(carried.closures).toHaveLength(50);
    // What it does not carry keeps others out all the same: the lane hears of it from the records.
    for (const { id } of carried.closures) await play.order({ kind: 'unfreeze', lifts: id });
    const kept = await play.release();
    await play.claim(kept);
    await play.until(({ queue, closures }) => closures.length === 50 && queue.some(({ claiming }) => claiming));
    expect(await records.lanes.holder(lane)).toBeUndefined();
    const again = await play.rollback();
    await play.claim(again);
    await play.untilToldOfGrant(again);
  });

  it('is on hold after a holder that was ended from outside, which is concluded as halted', async () => {
    const play = aPlay();
    const { attempt } = await records.attempts.open(play.world.request(), { requestKey: randomUUID(), fresh: false });
    const member = await play.release();
    expect(member.releaseId).toBe(attempt.releaseId);
    await play.join(member);
    await play.claim(member);
    await play.untilToldOfGrant(member);
    await play.end(member);
    // A claim of a run that is not there any more makes the lane look at once.
    await play.claim(member);
    expect((await play.until(isFree)).closures).toMatchObject([{ kind: 'hold', by: member.releaseId }]);
    expect((await records.attempts.find(member.releaseId))?.outcome).toBe('halted');
  });

  it('tells of a hold what is on record of it, to those who wait as well, whatever its run has told the lane', async () => {
    const play = aPlay();
    const lane = { service: play.world.service, environment: 'production' };
    await records.attempts.open(play.world.request(), { requestKey: randomUUID(), fresh: false });
    const [{ releaseId, ...member }, next] = [await play.release(), await play.release()];
    const liar = { ...member, releaseId };
    for (const one of [liar, next]) {
      await play.join(one);
      await play.claim(one);
    }
    await play.untilToldOfGrant(liar);
    await records.touched.record({ workflowId: releaseId, runId: 'one', what: 'core in de', at: 1 });
    const end = { releaseId, outcome: 'halted', summary: 'nothing was changed: clear this hold' };
    await leaveHold(records, end, 1);
    await records.attempts.conclude(releaseId, { ...end, endedAt: 1 });
    const [hold] = (await records.closings.list(lane)).holds;
    await play.leave(liar, { kind: 'hold', reason: end.summary });
    // One that is shown may not be told yet.
    const told = await play.untilTold(
      next,
      (answer) => answer.kind === 'waiting' && answer.reason.startsWith('on hold'),
    );
    expect(hold?.reason).toMatch(/^nothing was changed.*; it had begun to change core in de\.\n/);
    expect(told).toEqual({ kind: 'waiting', reason: `on hold: ${hold?.reason}` });
    const said = await play.until(isFree);
    expect(said.closures.map(({ reason }) => reason)).toEqual([hold?.reason]);
    const parts = { ...server, records, verifier, now: Date.now } as unknown as GatewayParts;
    const view = await laneView(parts, lane, said);
    expect(view.status?.closures.map(({ reason }) => reason)).toEqual([hold?.reason]);
    expect(view).not.toHaveProperty('differs');
  });

  it('goes to the next rollback after one that was ended from outside, which is concluded as halted', async () => {
    const play = aPlay();
    const [undo, other] = [await play.rollback(), await play.rollback()];
    await records.decisions.store(
      play.world.sign(
        'roll-back',
        { releaseId: 'a release' },
        { id: orderOfRollback(undo.releaseId)!, run: undo.releaseId },
      ),
    );
    await play.join(undo);
    await play.claim(undo);
    await play.untilToldOfGrant(undo);
    await play.join(other);
    await play.claim(other);
    await play.until(({ queue }) => queue.some(({ claiming }) => claiming));
    await play.end(undo);
    // A claim of a run that is not there any more makes the lane look at once.
    await play.claim(undo);
    const lane = await play.until(holds(other));
    expect(lane.closures).toMatchObject([{ kind: 'hold', by: undo.releaseId }]);
    expect(await records.plans.kept(undo.releaseId, 'result')).toMatchObject({ outcome: 'halted' });
  });

  it('is free after a rollback that was gone, but had recorded that it changed nothing', async () => {
    const play = aPlay();
    const undo = await play.rollback();
    await play.join(undo);
    await play.claim(undo);
    await play.untilToldOfGrant(undo);
    await records.plans.keep(undo.releaseId, 'result', aResult('failed'));
    await play.end(undo);
    await play.claim(undo);
    expect((await play.until(isFree)).closures).toEqual([]);
  });
});

describe('a lane and the gateway', () => {
  /** The real gateway, before the real lane of a service of its own; orders that it loses do not reach Temporal. */
  function aGateway() {
    const service = worlds.create().service;
    const key = { service, environment: 'production' };
    const way = { isLost: false };
    const gateway = createGateway({
      engine: {
        ...engine,
        async orderLane(signed) {
          if (way.isLost) throw new NoAnswer('the order');
          return engine.orderLane(signed);
        },
      },
      records,
      pipeline: {
        read: () => Promise.reject(new Error('nothing is released here')),
        floorOf: async () => ({
          approval: aPolicy(),
          clusters: [],
          planMigrationsBeforeApproval: false,
          tags: [],
          services: {},
        }),
        people: async () => undefined,
        github: async () => [],
        lanes: async () => [key],
        policyOf: async () => ({ hash: 'd'.repeat(64), floor: {} }),
        slackChannels: async () => [],
        promotions: async () => [],
        policyProblem: async () => undefined,
      },
      source: {
        descends: async () => true,
        commits: async () => ({ commits: [], more: false }),
        times: async () => new Map(),
      },
      ...people,
      identify: async () => ({ who: { id: 'kim', via: 'token', groups: ['approvers'] } }),
      temporal: { namespace: 'default' },
      now: Date.now,
    });
    const order = async (what: string, body: object): Promise<LaneView> => {
      const url = `/v1/lanes/${service}/production/${what}`;
      const answer = await gateway.inject({
        method: 'POST',
        url,
        payload: body,
        headers: { authorization: 'Bearer t' },
      });
      expect(answer.statusCode).toBe(200);
      return answer.json();
    };
    const lost = async (...asked: Parameters<typeof order>) => {
      way.isLost = true;
      const view = await order(...asked);
      way.isLost = false;
      expect(view.unheard).toBeDefined();
      return view;
    };
    const ownWords = async () => (await engine.laneStatus(key))?.closures.map(({ reason }) => reason);
    return { key, order, lost, ownWords };
  }

  it('hear of a freeze that was lost on its way with the next order, and of an unfreeze', async () => {
    const { order, lost, ownWords } = aGateway();
    await order('freeze', { reason: 'stocktaking' });
    await lost('freeze', { reason: 'sale' });
    expect(await ownWords()).toEqual(['stocktaking']);
    const both = await order('freeze', { reason: 'audit' });
    expect([await ownWords(), both.differs]).toEqual([['stocktaking', 'audit', 'sale'], undefined]);
    const idOf = (wanted: string) => both.status?.closures.find(({ reason }) => reason === wanted)?.id;
    await lost('unfreeze', { reason: 'sold', id: idOf('sale') });
    await lost('unfreeze', { reason: 'counted', id: idOf('stocktaking') });
    expect(await ownWords()).toHaveLength(3);
    const open = await order('unfreeze', { reason: 'all is well', id: idOf('audit') });
    expect([await ownWords(), open.differs]).toEqual([[], undefined]);
  });

  it('are brought together by whoever has the lane told, with no order more', async () => {
    const { key, order, lost, ownWords } = aGateway();
    await order('freeze', { reason: 'stocktaking' });
    await lost('freeze', { reason: 'sale' });
    expect((await order('tell', {})).differs).toBeUndefined();
    expect(await ownWords()).toEqual(['stocktaking', 'sale']);
    expect((await records.closings.list(key)).orders).toHaveLength(2);
  });

  it('do not take a lane that somebody has ended for one that runs, and whoever has it told has it begin anew from the records', async () => {
    const { key, order, ownWords } = aGateway();
    await order('freeze', { reason: 'stocktaking' });
    expect((await order('tell', {})).status).toBeDefined();
    await server.client.workflow.getHandle(`lane/${key.service}/${key.environment}`).terminate();
    expect(await ownWords()).toBeUndefined();
    const view = await order('tell', {});
    expect(view).toMatchObject({ unseen: { away: 'begun', recorded: { closures: [{ reason: 'stocktaking' }] } } });
    const read = await eventually('the lane to have read the records', async () => {
      const words = await ownWords();
      return words?.length === 1 ? words : undefined;
    });
    expect(read).toEqual(['stocktaking']);
  });

  it('deliver an order that was refused once as if it had never been', async () => {
    const { key, ownWords } = aGateway();
    const { id, at } = { id: randomUUID(), at: Date.now() };
    const signed = people.signer.signOrder({ id, lane: key, kind: 'freeze', by: 'kim', at, reason: 'sale' });
    // On its way somebody has changed it.
    await expect(engine.orderLane({ ...signed, signature: 'bm9uZQ==' })).rejects.toBeInstanceOf(NotTaken);
    expect((await engine.orderLane(signed)).closures).toMatchObject([{ id }]);
    expect(await ownWords()).toEqual(['sale']);
  });
});
