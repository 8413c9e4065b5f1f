import { describe, expect, it } from '@jest/globals';
import { laneId } from '../../domain/contract/names.ts';
import { aPolicy, aWave } from '../domain/builders.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();
const minutes = 60_000;

describe('a lane that was ended by hand', () => {
  it('asks those who waited within a minute however long they have waited', async () => {
    const onFailure = { partial: 'roll-back-all', confirm: false, holdMs: 10_000 * minutes } as const;
    const world = temporal.world({ approval: aPolicy({ required: false }), queue: 'fifo', onFailure });
    // Keeps the holder in the lane without a step under way: a look that tells nothing, for days.
    world.spec.waves = [aWave(['de'], minutes)];
    const bake = world.fail('observeRegion', 'SLIP-VER-3', 'it is too early to tell');
    const holder = await temporal.start(world);
    await holder.until('deploying', /bake/);
    // Lanes look once in a minute. One that is signalled in the very moment of a look can be the end of Temporal's test server.
    await temporal.env().sleep(0.5 * minutes);
    const waiting = await temporal.start(world, { attempt: 2 });
    await waiting.until('awaiting-lane', /holds the lane/);
    // By now it would ask by itself once in an hour only. Half of one later, and of a minute: nobody asks anything when the lane is ended.
    await temporal.env().sleep(330.5 * minutes);
    const lane = laneId({ service: world.service, environment: 'production' });
    await temporal.endByHand(lane);
    const order = world.order({ kind: 'freeze' }, 'to wake it');
    await temporal.engine().orderLane(order);
    const before = await temporal.env().currentTimeMs();
    const anew = await temporal.untilLane(world, ({ queue }) => queue.some((w) => w.releaseId === waiting.id));
    // Time of the server, which goes on while this machine does other work.
    expect((await temporal.env().currentTimeMs()) - before).toBeLessThan(30 * minutes);
    expect(anew.holder?.releaseId).toBe(holder.id);
    await temporal.engine().orderLane(world.order({ kind: 'unfreeze', lifts: order.order.id }));
    bake.mend();
    expect([await holder.outcome(), await waiting.outcome()]).toEqual(['verified', 'verified']);
  });
});
