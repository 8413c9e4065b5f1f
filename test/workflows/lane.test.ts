import { describe, expect, it } from '@jest/globals';
import { laneId, messages } from '../../domain/contract/names.ts';
import { aHash, aMember, aPolicy } from '../domain/builders.ts';
import { eventually } from './support/eventually.ts';
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
  const { hold } = await temporal.lane(world);
  await temporal.engine().orderLane(world.order({ kind: 'clear-hold', lifts: hold?.at ?? 0 }));
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
    await temporal.engine().orderLane(world.order({ kind: 'freeze' }, 'Black Friday'));
    const run = await temporal.start(world);
    await run.until('awaiting-lane', /frozen by kim: Black Friday/);
    expect(world.calls).not.toContain('tagImages commit');
    expect(world.lane.freeze).toMatchObject({ reason: 'Black Friday' });
    const { freeze } = await temporal.engine().orderLane(world.order({ kind: 'unfreeze', lifts: 1 }));
    expect(freeze).toBeUndefined();
    expect(await run.outcome()).toBe('verified');
    expect(world.lane.freeze).toBeUndefined();
  });

  it('stays closed after a failure until a person clears the hold', async () => {
    const world = temporal.world(open);
    world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    const bad = await temporal.start(world);
    expect(await bad.outcome()).toBe('rolled-back');
    // Leaving the lane is the last thing a run does: the lane hears of it after the run has its outcome.
    expect((await eventually('the hold', async () => world.lane.hold)).by).toBe(bad.id);
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
    await temporal
      .env()
      .client.workflow.getHandle(laneId({ service: world.service, environment: 'production' }))
      .terminate('by hand');
    holder.go();
    await holder.run.outcome();
    // It had nobody to tell when it left: the new lane finds that it is gone, and asks a person.
    await temporal.env().sleep(10 * minutes);
    const lane = await temporal.untilLane(world, (seen) => seen.hold !== undefined);
    expect(lane.hold?.reason).toContain(`${holder.run.id} closed without leaving the lane`);
    await clearHold(world);
    expect(await waiting.outcome()).toBe('verified');
    expect((await temporal.lane(world)).lastTicket).toEqual({ incarnation: 2, n: 1 });
  });

  it('is on hold after a holder that vanished', async () => {
    const world = temporal.world(open);
    world.spec.waves = [{ regions: ['de'], bakeMs: 60 * minutes }];
    const run = await temporal.start(world);
    await run.until('deploying', /bakes for/);
    await temporal.env().client.workflow.getHandle(run.id).terminate('by hand');
    await temporal.env().sleep(5 * minutes);
    const lane = await temporal.untilLane(world, (seen) => seen.hold !== undefined);
    expect(lane).toMatchObject({
      hold: { reason: `${run.id} closed without leaving the lane: look at what it left behind` },
    });
    expect(lane.holder).toBeUndefined();
    expect(world.lane.hold).toBeDefined();
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
    const send = (order: typeof signed) =>
      temporal
        .env()
        .client.workflow.getHandle(laneId({ service: world.service, environment: 'production' }))
        .executeUpdate(messages.orderLane, { args: [order] });
    await expect(send(forged)).rejects.toMatchObject({ cause: { message: 'its signature does not hold' } });
    await expect(send(misled)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('the order is for') },
    });
    expect(await temporal.lane(world)).not.toHaveProperty('freeze');
  });

  it('lets no release in as a rollback, whatever is said of it', async () => {
    const world = temporal.world(open);
    await temporal.engine().orderLane(world.order({ kind: 'freeze' }, 'Black Friday'));
    const run = await temporal.start(world);
    await run.until('awaiting-lane', /frozen/);
    const lane = temporal
      .env()
      .client.workflow.getHandle(laneId({ service: world.service, environment: 'production' }));
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
    await temporal.env().client.workflow.getHandle(waiting.id).terminate('by hand');
    holder.go();
    expect([await holder.run.outcome(), await last.outcome()]).toEqual(['verified', 'verified']);
    expect(await temporal.lane(world)).not.toHaveProperty('hold');
  });

  it('lets a run go on that gave it back to a lane which was ended by hand before it heard', async () => {
    const world = temporal.world({ queue: 'fifo' });
    world.drifts = [{ kind: 're-approve', why: 'somebody migrated', rebuild: false }];
    const drift = world.hold('judgePlanDrift');
    const run = await temporal.start(world);
    await run.approve();
    await drift.reached;
    await temporal
      .env()
      .client.workflow.getHandle(laneId({ service: world.service, environment: 'production' }))
      .terminate('by hand');
    world.spec = { ...world.spec, policyHash: aHash('9') };
    drift.go();
    await run.until('awaiting-approval');
    await run.approve();
    expect(await run.outcome()).toBe('verified');
    expect((await temporal.lane(world)).lastTicket).toEqual({ incarnation: 2, n: 1 });
  });

  it('does not take the lane from a holder that is only slow', async () => {
    const world = temporal.world(open);
    world.spec.waves = [{ regions: ['de'], bakeMs: 180 * minutes }];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(world.calls.filter((c) => c === 'lookAtHolder').length).toBeGreaterThan(3);
  });

  it('is left even when the records refuse the outcome', async () => {
    const world = temporal.world(open);
    world.fail('recordEnd', 'SLIP-REC-2', 'it ended otherwise');
    const run = await temporal.start(world);
    await expect(run.outcome()).rejects.toThrow('without an outcome');
    expect((await temporal.lane(world)).holder).toBeUndefined();
  });
});
