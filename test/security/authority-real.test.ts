import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { laneId, rollbackId } from '../../domain/contract/names.ts';
import { countsOf } from '../support/world-counts.ts';
import { endOf, verified } from '../support/world-end.ts';
import type { ForeignStep } from './workflows/foreign.ts';
import { startIntruder } from '../support/world-foreign.ts';
import type { Intruder } from '../support/world-foreign.ts';
import { keptAsking } from '../support/world-service.ts';
import type { Service } from '../support/world-service.ts';
import { patience } from '../support/world-until.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** A part of what authority-model.test.ts tries, on a real Temporal server, with the engine's own workers and PostgreSQL. */

const sequences = 50;

const { ask, end } = keptAsking();

let world: World;
let intruder: Intruder;
/** Waits for its approval, and has a migration; the other's release is verified. */
let waits: Known;
let done: Known;

interface Known {
  service: Service;
  releaseId: string;
  planHash: string;
  image: string;
}

beforeAll(async () => {
  world = await startWorld({ services: ['waits', 'done'] });
  intruder = await startIntruder(world);
  const migration = 'create table weights (grams integer)';
  const [first, second] = await Promise.all([world.add({ name: 'waits', migration }), world.add({ name: 'done' })]);
  const [firstImages, secondImages] = await Promise.all([first.images(), second.images()]);
  const [releaseId, view] = await Promise.all([
    first.start({ images: firstImages }),
    second.release({ images: secondImages }),
  ]);
  expect(endOf(view)).toEqual(verified);
  const { planHash = '' } = await first.reaches(releaseId, 'awaiting-approval');
  waits = { service: first, releaseId, planHash, image: firstImages['core']! };
  const finished = await second.status(view.releaseId);
  done = { service: second, releaseId: view.releaseId, planHash: finished.planHash!, image: secondImages['core']! };
}, patience.preparation);

afterAll(async () => {
  await end();
  await intruder?.leave();
  await world?.stop();
});

/** One workflow of the intruder's: as whom, whether the real lane is ended first, and which steps, told by numbers among what is known. */
const move = fc.record({
  as: fc.nat(99),
  type: fc.nat(99),
  endsLane: fc.boolean(),
  steps: fc.array(fc.array(fc.nat(99), { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
});
type Move = { as: number; type: number; endsLane: boolean; steps: number[][] };

const pick = <T>(from: readonly T[], n = 0): T => from[n % from.length]!;

/** Ids under which something is tried: of nobody, of those that there are, of a lane, and of each order that a decision could be. */
async function idsToTry(): Promise<{ ids: string[]; decisionIds: string[] }> {
  const decisionIds = (await records<{ id: string }>('select id from slipway.decisions')).map(({ id }) => id);
  const ids = [
    `foreign-${randomUUID()}`,
    waits.releaseId,
    done.releaseId,
    waits.releaseId.replace(/1$/, '7'),
    laneId(done.service.lane),
    laneId(done.service.lane),
    ...decisionIds.flatMap((id) => [waits, done].map(({ service }) => rollbackId(service.lane, id))),
  ];
  return { ids, decisionIds };
}

interface Trying {
  id: string;
  ids: string[];
  decisionIds: string[];
}

/** A step of any kind, with what a run of it would say, or somebody who means something else. */
function stepToTry(
  { id, ids, decisionIds }: Trying,
  [step, of, about, b = 0, c = 0, d = 0, e = 0, f = 0]: number[],
): ForeignStep {
  const known = pick([waits, done], of);
  const { lane } = done.service;
  const authority = {
    releaseId: b % 5 === 0 ? pick(ids, about) : id,
    subject: pick([known.releaseId, known.releaseId, id], about),
    planHash: b % 7 === 0 ? pick([waits, done], c).planHash : known.planHash,
    ticket: { incarnation: 1 + (d % 4), n: 1 + (f % 6) },
  };
  const { releaseId, subject, planHash, ticket } = authority;
  const region = pick(['de', 'nl'], c);
  const place = { authority, region, component: 'core', image: pick([waits, done], e).image };
  const outcome = pick(['verified', 'rolled-back', 'halted', 'failed', 'unproven'], e);
  const result = { outcome, summary: '', artifacts: [], regions: [], timings: [], planHash };
  const member = { releaseId: pick([id, known.releaseId], d), kind: 'rollback', commit: known.service.commit };
  const holder = { member: { ...member, queue: 'fifo', joinedAt: 0 }, ticket, since: 0 };
  const freeze = { id: 'said', kind: 'freeze', scope: lane, from: 0, passes: [], by: 'eve', reason: '' };
  const change = (name: string, input: object) => ({ queue: 'environment-production', step: name, input });
  const engine = (name: string, input: object) => ({ queue: 'slipway', step: name, input });
  return pick(
    [
      change('applyComponent', { ...place, purpose: 'deploy' }),
      change('applyComponent', { ...place, purpose: 'roll-back' }),
      change('verifyRegion', { authority, region, images: {} }),
      change('startMigration', { authority, database: 'shop' }),
      change('watchMigration', { authority, database: 'shop' }),
      change('verifyMigration', { authority, database: 'shop' }),
      change('tagImages', { authority, tags: 'moving' }),
      engine('recordVerified', { authority, regions: ['de', 'nl'] }),
      engine('chooseRollbacks', { planHash, releaseId: subject, regions: [region] }),
      engine('judgePlanDrift', { releaseId, planHash }),
      engine('planRelease', { releaseId }),
      engine('consumeApproval', { releaseId, planHash, decisionIds }),
      engine('takeOver', { releaseId, from: randomUUID() }),
      engine('recordEnd', { releaseId, result, notify: [], revoke: { releaseId: subject, regions: [region] } }),
      engine('beginLane', { lane }),
      engine('beginLane', { lane }),
      engine('lookAtHolder', { releaseId: subject }),
      engine('recordLane', { lane, ...ticket, sequence: ticket.n, closures: [], waiting: [], holder }),
      engine('recordLane', { lane, ...ticket, sequence: ticket.n, closures: [freeze], waiting: [] }),
    ],
    step,
  );
}

async function intrude({ as, type, endsLane, steps }: Move): Promise<void> {
  const trying = await idsToTry();
  const id = pick(trying.ids, as);
  const ownType = { release: 'deployRelease', rollback: 'rollBackRelease', lane: 'environmentLane' }[id.split('/')[0]!];
  const workflowType =
    (type % 4 > 0 && ownType) || pick(['foreign', 'deployRelease', 'rollBackRelease', 'environmentLane'], type);
  const isOver = (error: Error) => error.name === 'WorkflowNotFoundError';
  if (endsLane && id.startsWith('lane/'))
    await world.temporal.workflow
      .getHandle(id)
      .terminate('in the way')
      .catch((error: Error) => {
        if (!isOver(error)) throw error;
      });
  const made = steps.map((numbers) => stepToTry({ ...trying, id }, numbers));
  // Under an id that is at work, Temporal itself starts nothing else.
  await intruder.tries({ type: workflowType, id }, made).catch((error: Error) => {
    if (error.name !== 'WorkflowExecutionAlreadyStartedError') throw error;
  });
}

const records = <Row extends Record<string, unknown>>(text: string) =>
  ask<Row>(world.services.postgres.url('slipway'), text);

/** Everything that an environment is, by the worlds' own logs, and what is on record of it. */
async function environment() {
  return {
    waits: await countsOf(world, waits.service, ask),
    done: await countsOf(world, done.service, ask),
    inventory: await records('select * from slipway.inventory order by position'),
    ended: await records('select release_id, outcome from slipway.attempts order by position'),
    orders: await records('select id from slipway.lane_orders order by position'),
    used: await records('select decision_id from slipway.used_approvals order by decision_id'),
    schema: await records('select database, release_id from slipway.schema_changes order by position'),
  };
}

it('no sequence of steps without a valid order changes an environment of a real engine', async () => {
  const before = await environment();
  const [inventory] = before.inventory;
  expect(inventory).toBeDefined();
  for (const moves of fc.sample(fc.array(move, { minLength: 1, maxLength: 3 }), sequences)) {
    for (const one of moves) await intrude(one);
    const after = await environment();
    if (JSON.stringify(after) !== JSON.stringify(before)) expect({ moves, ...after }).toEqual({ moves, ...before });
  }
  await waits.service.approve(waits.releaseId);
  expect(endOf(await waits.service.ends(waits.releaseId))).toEqual(verified);
  expect(await countsOf(world, waits.service)).toMatchObject({ migrations: ['0001_change'], migrationStatements: 1 });
});
