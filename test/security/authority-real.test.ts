import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { laneId, rollbackId } from '../../domain/contract/names.ts';
import { countsOf } from '../support/world-counts.ts';
import { endOf, verified } from '../support/world-end.ts';
import { startIntruder } from '../support/world-foreign.ts';
import type { Intruder } from '../support/world-foreign.ts';
import { ask } from '../support/world-service.ts';
import type { Service } from '../support/world-service.ts';
import { patience } from '../support/world-until.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** A part of what authority-model.test.ts tries, on a real Temporal server, with the engine's own workers and PostgreSQL. */

const sequences = 50;

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
  await intruder?.leave();
  await world?.stop();
});

/** One workflow of the intruder's: as whom, and which steps, told by numbers among what is known. */
const move = fc.record({
  as: fc.nat(99),
  type: fc.nat(99),
  steps: fc.array(fc.array(fc.nat(99), { minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 4 }),
});
type Move = { as: number; type: number; steps: number[][] };

const pick = <T>(from: readonly T[], n = 0): T => from[n % from.length]!;

async function intrude({ as, type, steps }: Move): Promise<void> {
  const decisions = await records<{ id: string }>('select id from slipway.decisions');
  const all = [waits, done];
  const ids = [
    `foreign-${randomUUID()}`,
    waits.releaseId,
    done.releaseId,
    waits.releaseId.replace(/1$/, '7'),
    laneId(done.service.lane),
    ...decisions.flatMap(({ id }) => all.map(({ service }) => rollbackId(service.lane, id))),
  ];
  const id = pick(ids, as);
  const ownType = { release: 'deployRelease', rollback: 'rollBackRelease', lane: 'environmentLane' }[id.split('/')[0]!];
  const workflowType =
    (type % 4 > 0 && ownType) || pick(['foreign', 'deployRelease', 'rollBackRelease', 'environmentLane'], type);
  const made = steps.map(([step, of, about, b = 0, c, d = 0, e, f = 0]) => {
    const known = pick(all, of);
    const authority = {
      releaseId: b % 5 === 0 ? pick(ids, about) : id,
      subject: pick([known.releaseId, known.releaseId, id], about),
      planHash: b % 7 === 0 ? pick(all, c).planHash : known.planHash,
      ticket: { incarnation: 1 + (d % 2), n: 1 + (f % 6) },
    };
    const region = pick(['de', 'nl'], c);
    const place = { authority, region, component: 'core', image: pick(all, e).image };
    const queue = 'environment-production';
    const result = {
      outcome: pick(['verified', 'rolled-back', 'halted', 'failed'], e),
      summary: '',
      artifacts: [],
      regions: [],
      timings: [],
    };
    const member = { releaseId: id, kind: 'rollback', commit: known.service.commit, queue: 'fifo', joinedAt: 0 };
    const { lane } = done.service;
    return pick(
      [
        { queue, step: 'applyComponent', input: { ...place, purpose: 'deploy' } },
        { queue, step: 'applyComponent', input: { ...place, purpose: 'roll-back' } },
        { queue, step: 'verifyRegion', input: { authority, region, images: {} } },
        { queue, step: 'startMigration', input: { authority, database: 'shop' } },
        { queue, step: 'tagImages', input: { authority, tags: 'moving' } },
        { queue: 'slipway', step: 'recordVerified', input: { authority, regions: ['de', 'nl'] } },
        {
          queue: 'slipway',
          step: 'chooseRollbacks',
          input: { planHash: authority.planHash, releaseId: authority.subject, regions: [region] },
        },
        {
          queue: 'slipway',
          step: 'consumeApproval',
          input: { releaseId: id, planHash: authority.planHash, decisionIds: decisions.map((one) => one.id) },
        },
        {
          queue: 'slipway',
          step: 'recordEnd',
          input: {
            releaseId: authority.releaseId,
            result,
            notify: [],
            revoke: { releaseId: authority.subject, regions: [region] },
          },
        },
        { queue: 'slipway', step: 'beginLane', input: { lane } },
        {
          queue: 'slipway',
          step: 'recordLane',
          input: {
            lane,
            ...authority.ticket,
            sequence: authority.ticket.n,
            closures: [],
            waiting: [],
            holder: { member, ticket: authority.ticket, since: 0 },
          },
        },
      ],
      step,
    );
  });
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
    waits: await countsOf(world, waits.service),
    done: await countsOf(world, done.service),
    inventory: await records('select * from slipway.inventory order by position'),
    ended: await records('select release_id, outcome from slipway.attempts order by position'),
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
