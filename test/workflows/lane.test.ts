import { describe, expect, it } from '@jest/globals';
import { laneId, messages } from '../../domain/contract/names.ts';
import { holdReason } from '../../domain/hold-reason.ts';
import { aHash, aMember, aPolicy, aWave } from '../domain/builders.ts';
import { eventually } from './support/eventually.ts';
import type { FakeWorld } from './support/fake-world.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();
const open = { approval: aPolicy({ required: false }), queue: 'fifo' } as const;
const minutes = 60_000;

/** A release that holds the lane, until `go`. */
async function aHolder(world: ReturnType<typeof temporal.world>) {
  const step = world.hold('tagImages commit');
  const run = await temporal.start(world);
  await step.reached;
  return { run, go: step.go };
}

async function clearHold(world: ReturnType<typeof temporal.world>): Promise<void> {
  const [hold] = (await temporal.lane(world)).closures;
  await temporal.engine().orderLane(world.order({ kind: 'clear-hold', lifts: hold?.id ?? '' }));
}

function laneOf(world: ReturnType<typeof temporal.world>) {
  return temporal.env().client.workflow.getHandle(laneId({ service: world.service, environment: 'production' }));
}

async function endLane(world: ReturnType<typeof temporal.world>): Promise<void> {
  await temporal.endByHand(laneId({ service: world.service, environment: 'production' }));
}

/** Keeps whoever deploys in its lane, without a step under way that would keep time from being skipped: a look that tells nothing, for days. */
function aBake(world: FakeWorld): { mend(): void } {
  world.spec.waves = [aWave(['de'], minutes)];
  world.spec.onFailure = { ...world.spec.onFailure, holdMs: 10_000 * minutes };
  return world.fail('observeRegion', 'SLIP-VER-3', 'it is too early to tell');
}

async function endInItsBake(world: FakeWorld, id: string): Promise<void> {
  await eventually('its first look', () => Promise.resolve(world.calls.includes('observeRegion de')));
  await temporal.endByHand(id);
}

describe('the lane of an environment', () => {
  it('lets one release after the other write, in order', async () => {
    const world = temporal.world(open);
    const first = await aHolder(world);
    const second = await temporal.start(world, { attempt: 2, requestedAt: 2_000 });
    await second.until('awaiting-lane', /holds the lane/);
    expect(world.calls.filter((c) => c === 'tagImages commit')).toHaveLength(1);
    first.go();
    expect([await first.run.outcome(), await second.outcome()]).toEqual(['verified', 'verified']);
    expect((await temporal.lane(world)).lastTicket).toEqual({ incarnation: 1, n: 2 });
  });

  it('lets the newer of two that wait go instead of the older', async () => {
    const world = temporal.world({ ...open, queue: 'supersede' });
    const holder = await aHolder(world);
    const older = await temporal.start(world, { attempt: 2, requestedAt: 2_000 });
    await older.until('awaiting-lane', /holds the lane/);
    const newer = await temporal.start(world, { attempt: 3, requestedAt: 3_000 });
    expect(await older.outcome()).toBe('superseded');
    holder.go();
    expect([await holder.run.outcome(), await newer.outcome()]).toEqual(['verified', 'verified']);
  });

  it('parks a claim while it is frozen, and lets it go on afterwards', async () => {
    const world = temporal.world(open);
    const freeze = world.order({ kind: 'freeze' }, 'Black Friday');
    await temporal.engine().orderLane(freeze);
    const run = await temporal.start(world);
    await run.until('awaiting-lane', /frozen by kim: Black Friday/);
    expect(world.calls).not.toContain('tagImages commit');
    expect(world.lane.closures).toMatchObject([{ id: freeze.order.id, kind: 'freeze', reason: 'Black Friday' }]);
    const lifted = await temporal.engine().orderLane(world.order({ kind: 'unfreeze', lifts: freeze.order.id }));
    expect(lifted.closures).toEqual([]);
    expect(await run.outcome()).toBe('verified');
    expect(world.lane.closures).toEqual([]);
  });

  it('takes back whom it let in while it was being frozen, and lets them in afterwards, as they were approved', async () => {
    const world = temporal.world({ queue: 'fifo' });
    world.drifts = [{ kind: 'closed', why: 'frozen by kim: sale' }];
    const look = world.hold('judgePlanDrift');
    const run = await temporal.start(world);
    await run.approve();
    await look.reached;
    const freeze = world.order({ kind: 'freeze' }, 'sale');
    await temporal.engine().orderLane(freeze);
    look.go();
    const { waitingFor } = await run.until('awaiting-lane', /^waiting for the lane: frozen by kim: sale/);
    expect(waitingFor?.what).toBe('the lane: frozen by kim: sale');
    expect(world.calls).not.toContain('tagImages commit');
    expect((await temporal.lane(world)).holder).toBeUndefined();
    await temporal.engine().orderLane(world.order({ kind: 'unfreeze', lifts: freeze.order.id }));
    expect(await run.outcome()).toBe('verified');
    expect(world.calls.filter((call) => call === 'planRelease')).toHaveLength(1);
    expect(world.calls.filter((call) => call.startsWith('consumeApproval'))).toEqual(['consumeApproval 1']);
    expect((await temporal.lane(world)).lastTicket).toEqual({ incarnation: 1, n: 2 });
  });

  it('stays frozen while one of two freezes is in force', async () => {
    const world = temporal.world(open);
    const [sale, audit] = [world.order({ kind: 'freeze' }, 'sale'), world.order({ kind: 'freeze' }, 'audit')];
    for (const order of [sale, audit]) await temporal.engine().orderLane(order);
    const run = await temporal.start(world);
    await run.until('awaiting-lane', /sale/);
    await temporal.engine().orderLane(world.order({ kind: 'unfreeze', lifts: sale.order.id }));
    await run.until('awaiting-lane', /audit/);
    await temporal.engine().orderLane(world.order({ kind: 'unfreeze', lifts: audit.order.id }));
    expect(await run.outcome()).toBe('verified');
  });

  it('opens by itself when a freeze is over', async () => {
    const world = temporal.world(open);
    const now = await temporal.env().currentTimeMs();
    await temporal.engine().orderLane(world.order({ kind: 'freeze', until: now + 90 * minutes }, 'sale'));
    const run = await temporal.start(world);
    await run.until('awaiting-lane', /frozen by kim until .*: sale/);
    await temporal.env().sleep(80 * minutes);
    expect(await temporal.lane(world)).toMatchObject({ closures: [{ reason: 'sale' }], queue: [{ claiming: true }] });
    expect(await run.outcome()).toBe('verified');
    expect(world.lane.closures).toEqual([]);
  });

  it('stays closed after a failure until a person clears the hold', async () => {
    const world = temporal.world(open);
    world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    const bad = await temporal.start(world);
    expect(await bad.outcome()).toBe('rolled-back');
    // Leaving the lane is the last thing a run does: the lane hears of it after the run has its outcome.
    expect((await eventually('the hold', async () => world.lane.closures[0])).by).toBe(bad.id);
    const next = await temporal.start(world, { attempt: 2 });
    await next.until('awaiting-lane', /on hold/);
    await clearHold(world);
    expect(await next.outcome()).toBe('rolled-back');
  });

  it('is found again by those who wait when it was ended by hand, and knows who was writing', async () => {
    const world = temporal.world(open);
    const holder = await aHolder(world);
    const waiting = await temporal.start(world, { attempt: 2 });
    await waiting.until('awaiting-lane', /holds the lane/);
    await endLane(world);
    holder.go();
    await holder.run.outcome();
    // Its leaving starts the lane anew, which knows it from the records, and asks who waits.
    expect(await waiting.outcome()).toBe('verified');
    expect(world.calls.filter((c) => c === 'beginLane')).toHaveLength(2);
    expect(await temporal.lane(world)).toMatchObject({ closures: [], lastTicket: { incarnation: 2, n: 1 } });
  });

  it('is on hold after a holder that vanished', async () => {
    const world = temporal.world(open);
    aBake(world);
    const run = await temporal.start(world);
    await run.until('deploying', /bake/);
    await endInItsBake(world, run.id);
    await temporal.env().sleep(5 * minutes);
    const lane = await temporal.untilLane(world, ({ closures }) => closures.length > 0);
    const reason = `${run.id} closed without leaving the lane: look at what it left behind`;
    expect(lane.closures).toMatchObject([{ kind: 'hold', by: run.id, reason }]);
    expect(lane.holder).toBeUndefined();
    expect(world.lane.closures).toEqual(lane.closures);
  });

  it('finds out that its holder is gone, however much it hears meanwhile', async () => {
    const world = temporal.world(open);
    aBake(world);
    const run = await temporal.start(world);
    await run.until('deploying', /bake/);
    await endInItsBake(world, run.id);
    for (let i = 0; i < 10; i += 1) {
      await laneOf(world).signal(messages.joinLane, aMember(`release/${i}`));
      await temporal.env().sleep(minutes / 2);
    }
    expect((await temporal.lane(world)).closures).toMatchObject([{ kind: 'hold', by: run.id }]);
  });

  it('is free after a holder that is gone and had ended verified on record', async () => {
    const world = temporal.world(open);
    aBake(world);
    const run = await temporal.start(world);
    await run.until('deploying', /bake/);
    const result = { outcome: 'verified', summary: 'well', artifacts: [], regions: [], timings: [] };
    world.ends.push({ releaseId: run.id, result });
    await endInItsBake(world, run.id);
    await temporal.env().sleep(5 * minutes);
    expect(await temporal.untilLane(world, ({ holder }) => holder === undefined)).toMatchObject({ closures: [] });
  });

  it('says of a hold what its end has left on record, whatever its run has told: the lane, and whoever waits', async () => {
    const world = temporal.world(open);
    const holder = await aHolder(world);
    const end = { releaseId: holder.run.id, outcome: 'halted', summary: 'nothing was changed' };
    const reason = holdReason({ ...end, changed: ['core in de'] });
    world.holds.push({ by: holder.run.id, reason });
    const next = await temporal.start(world, { attempt: 2 });
    await next.until('awaiting-lane', /holds the lane/);
    const disposition = { kind: 'hold', reason: holdReason(end) };
    await laneOf(world).signal(messages.leaveLane, { releaseId: holder.run.id, disposition });
    await next.until('awaiting-lane', /on hold: nothing was changed; it had begun to change core in de$/);
    expect((await temporal.lane(world)).closures).toMatchObject([{ kind: 'hold', by: holder.run.id, reason }]);
    holder.go();
    await holder.run.outcome();
  });

  it('keeps the hold of a run that does not hold it, and records it', async () => {
    const world = temporal.world(open);
    const holder = await aHolder(world);
    const disposition = { kind: 'hold', reason: 'it had changed de' };
    await laneOf(world).signal(messages.leaveLane, { releaseId: 'release/reset', disposition });
    holder.go();
    expect(await holder.run.outcome()).toBe('verified');
    const next = await temporal.start(world, { attempt: 2 });
    await next.until('awaiting-lane', /on hold: it had changed de/);
    expect(world.lane.closures).toMatchObject([{ kind: 'hold', by: 'release/reset', reason: 'it had changed de' }]);
  });

  it('obeys nobody whose order was not signed, or is for another lane', async () => {
    const world = temporal.world(open);
    const other = temporal.world(open);
    await (await temporal.start(world)).outcome();
    const signed = world.order({ kind: 'freeze' });
    const forged = { ...signed, order: { ...signed.order, reason: 'mine now' } };
    const misled = {
      ...signed,
      order: { ...signed.order, lane: { service: other.service, environment: 'production' } },
    };
    const send = (order: typeof signed) => laneOf(world).executeUpdate(messages.orderLane, { args: [order] });
    await expect(send(forged)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('its signature does not hold') },
    });
    await expect(send(misled)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('the order is for') },
    });
    expect((await temporal.lane(world)).closures).toEqual([]);
  });

  it('lets no release in as a rollback, whatever is said of it', async () => {
    const world = temporal.world(open);
    await temporal.engine().orderLane(world.order({ kind: 'freeze' }, 'Black Friday'));
    const run = await temporal.start(world);
    await run.until('awaiting-lane', /frozen/);
    const lane = laneOf(world);
    await lane.signal(messages.leaveLane, { releaseId: run.id, disposition: { kind: 'free' } });
    await lane.signal(messages.claimLane, aMember(run.id, { kind: 'rollback' }));
    const seen = await temporal.untilLane(world, ({ queue }) => queue.some((w) => w.claiming));
    expect(seen.holder).toBeUndefined();
    expect(world.calls).not.toContain('tagImages commit');
  });

  it('goes on with the next when one that waited was ended by hand: it never heard of its grant', async () => {
    const world = temporal.world(open);
    const holder = await aHolder(world);
    const waiting = await temporal.start(world, { attempt: 2, requestedAt: 2_000 });
    await waiting.until('awaiting-lane', /holds the lane/);
    const last = await temporal.start(world, { attempt: 3, requestedAt: 3_000 });
    await last.until('awaiting-lane', /holds the lane/);
    await temporal.endByHand(waiting.id);
    holder.go();
    expect([await holder.run.outcome(), await last.outcome()]).toEqual(['verified', 'verified']);
    expect((await temporal.lane(world)).closures).toEqual([]);
  });

  it('lets a run go on that gave it back to a lane which was ended by hand before it heard', async () => {
    const world = temporal.world({ queue: 'fifo' });
    world.drifts = [{ kind: 're-approve', why: 'somebody migrated', rebuild: false }];
    const drift = world.hold('judgePlanDrift');
    const run = await temporal.start(world);
    await run.approve();
    await drift.reached;
    await endLane(world);
    world.spec = { ...world.spec, policyHash: aHash('9') };
    drift.go();
    await run.until('awaiting-approval');
    await run.approve();
    expect(await run.outcome()).toBe('verified');
    expect((await temporal.lane(world)).lastTicket).toEqual({ incarnation: 2, n: 1 });
  });

  it('does not take the lane from a holder that is only slow', async () => {
    const world = temporal.world(open);
    const bake = aBake(world);
    const run = await temporal.start(world);
    await run.until('deploying', /bake/);
    await temporal.env().sleep(180 * minutes);
    bake.mend();
    expect(await run.outcome()).toBe('verified');
    expect(world.calls.filter((c) => c === 'lookAtHolder').length).toBeGreaterThan(3);
  });

  it('is let go within a minute of a holder that was ended from outside, for whoever waits, however long it had been there', async () => {
    const world = temporal.world(open);
    const bake = aBake(world);
    const run = await temporal.start(world);
    await run.until('deploying', /bake/);
    await temporal.env().sleep(181 * minutes);
    const waiting = await temporal.start(world, { attempt: 2 });
    await waiting.until('awaiting-lane', /holds the lane/);
    await endInItsBake(world, run.id);
    await temporal.env().sleep(2 * minutes);
    // It has looked by then; what it has found may be on its way.
    const lane = await eventually('the holder to be let go', async () => {
      const seen = await temporal.lane(world);
      return seen.holder ? undefined : seen;
    });
    expect(lane).toMatchObject({ closures: [{ kind: 'hold', by: run.id }] });
    bake.mend();
  });

  it('is left, on hold, when the records refuse the outcome of a run that has changed something', async () => {
    const world = temporal.world(open);
    world.fail('recordEnd', 'SLIP-REC-2', 'it ended otherwise');
    const run = await temporal.start(world);
    await expect(run.outcome()).rejects.toThrow('without an outcome');
    const lane = await temporal.untilLane(world, ({ holder }) => holder === undefined);
    expect(lane.closures).toMatchObject([{ kind: 'hold', by: run.id }]);
  });

  it('is not ended by a cancellation: it obeys, grants and remembers as before', async () => {
    const world = temporal.world(open);
    const holder = await aHolder(world);
    await laneOf(world).cancel();
    const freeze = world.order({ kind: 'freeze' }, 'sale');
    await temporal.engine().orderLane(freeze);
    const waiting = await temporal.start(world, { attempt: 2 });
    holder.go();
    await waiting.until('awaiting-lane', /frozen/);
    await temporal.engine().orderLane(world.order({ kind: 'unfreeze', lifts: freeze.order.id }));
    expect([await holder.run.outcome(), await waiting.outcome()]).toEqual(['verified', 'verified']);
    expect((await laneOf(world).describe()).status.name).toBe('RUNNING');
    expect((await temporal.lane(world)).lastTicket).toEqual({ incarnation: 1, n: 2 });
  });

  it('waits for its records as long as they are away, and loses nothing', async () => {
    const world = temporal.world(open);
    const records = ['beginLane', 'recordLane'].map((call) => world.away(call, 'SLIP-REC-1', 600 * minutes));
    const run = await temporal.start(world);
    await run.until('awaiting-lane');
    await temporal.env().sleep(30 * 60 * minutes);
    expect((await laneOf(world).describe()).status.name).toBe('RUNNING');
    for (const each of records) each.back();
    expect(await run.outcome()).toBe('verified');
  });

  it('asks again when a step fails for good, until somebody has mended it', async () => {
    const world = temporal.world(open);
    const records = world.away('recordLane', 'SLIP-REC-5');
    const run = await temporal.start(world);
    await run.until('awaiting-lane');
    await temporal.env().sleep(10 * minutes);
    records.back();
    expect(await run.outcome()).toBe('verified');
  });
});
