import { describe, expect, it } from '@jest/globals';
import { aMigrationSpec, aPolicy, aRegion, aWave, hour } from '../domain/builders.ts';
import { eventually } from './support/eventually.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();

/** What is under way when somebody cancels the run in Temporal, and how the run must end. */
const moments: [string, string][] = [
  ['readRelease', 'aborted'],
  ['joinLane', 'aborted'],
  ['buildImage', 'aborted'],
  ['scanImages', 'aborted'],
  ['planMigration', 'aborted'],
  ['planRelease', 'aborted'],
  ['announce attention', 'aborted'],
  ['judgePlanDrift', 'aborted'],
  ['consumeApproval', 'aborted'],
  ['tagImages commit', 'aborted'],
  ['startMigration', 'halted'],
  ['watchMigration', 'halted'],
  ['applyComponent deploy core de', 'rolled-back'],
  ['watchRollout deploy core de', 'rolled-back'],
  ['verifyRegion de', 'rolled-back'],
  ['watchRollout deploy core nl', 'rolled-back'],
  ['recordVerified', 'rolled-back'],
];

describe('a run that is cancelled in Temporal', () => {
  it.each(moments)('at %s ends %s, and has left the lane', async (moment, outcome) => {
    const world = temporal.world({
      regions: [aRegion('de'), aRegion('nl')],
      waves: [aWave(['de']), aWave(['nl'])],
      migrations: [aMigrationSpec(), aMigrationSpec({ database: 'audit' })],
    });
    const step = world.hold(moment);
    const run = await temporal.start(world);
    if (!/^(readRelease|joinLane|buildImage|scanImages|planMigration|planRelease|announce)/.test(moment))
      await run.approve();
    await step.reached;
    // This server loses a workflow's turn in which it cancels a step that has just ended: what runs beside the held step ends first.
    await eventually('what runs beside it', async () => (await temporal.engine().look(run.id))?.pending.length === 1);
    await temporal.env().client.workflow.getHandle(run.id).cancel();
    // A migration and a tag are waited for, since they would write after the lane is left; whatever else is under way is left behind.
    if (outcome === 'halted') step.go();
    if (moment.startsWith('tagImages')) {
      await eventually('the step to be asked to stop', async () => {
        const { events } = await temporal.env().client.workflow.getHandle(run.id).fetchHistory();
        return events?.some((event) => event.activityTaskCancelRequestedEventAttributes);
      });
      step.go();
    }
    expect(await run.outcome()).toBe(outcome);
    if (outcome === 'halted') expect(world.calls).not.toContain('startMigration audit');
    if (moment === 'readRelease' || moment === 'joinLane') return; // there is no lane yet
    await temporal.untilLane(world, ({ holder, queue }) => holder === undefined && queue.length === 0);
  });

  it('while it waits for an approval ends aborted', async () => {
    const world = temporal.world();
    const run = await temporal.start(world);
    await run.until('awaiting-approval');
    await temporal.env().client.workflow.getHandle(run.id).cancel();
    expect(await run.outcome()).toBe('aborted');
  });

  it('while it waits for the lane ends aborted, and is not granted it afterwards', async () => {
    const world = temporal.world({ approval: aPolicy({ required: false }), queue: 'fifo' });
    const first = world.hold('tagImages commit');
    const holder = await temporal.start(world);
    await first.reached;
    const waiting = await temporal.start(world, { attempt: 2 });
    await waiting.until('awaiting-lane', /holds the lane/);
    await temporal.env().client.workflow.getHandle(waiting.id).cancel();
    await temporal.untilLane(world, (lane) => lane.queue.length === 0);
    first.go();
    expect(await waiting.outcome()).toBe('aborted');
    expect(await holder.outcome()).toBe('verified');
    expect((await temporal.lane(world)).lastTicket.n).toBe(1);
  });

  it('still takes the decision of the person it waits for', async () => {
    const world = temporal.world({
      approval: aPolicy({ required: false }),
      onFailure: { partial: 'hold', confirm: false, holdMs: hour },
    });
    const rollout = world.hold('watchRollout deploy core de');
    const run = await temporal.start(world);
    await rollout.reached;
    await temporal.env().client.workflow.getHandle(run.id).cancel();
    await run.until('held');
    expect(await run.decide(world.sign('roll-back', { releaseId: run.id }))).toMatchObject({ kind: 'taken' });
    expect(await run.outcome()).toBe('rolled-back');
  });

  it('while a wave bakes goes back everywhere, whatever the policy for a failed region is', async () => {
    const world = temporal.world({
      waves: [aWave(['de'], 3_600_000)],
      approval: aPolicy({ required: false }),
      onFailure: { partial: 'roll-back-region', confirm: false, holdMs: 1_000 },
    });
    const bake = world.hold('observeRegion');
    const run = await temporal.start(world);
    await bake.reached;
    await temporal.env().client.workflow.getHandle(run.id).cancel();
    expect(await run.outcome()).toBe('rolled-back');
    expect(world.calls).toContain('applyComponent roll-back core de');
  });
});
