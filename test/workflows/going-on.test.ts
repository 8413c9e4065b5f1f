import { describe, expect, it } from '@jest/globals';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { aPolicy, aRegion, aWave } from '../domain/builders.ts';
import { eventually } from './support/eventually.ts';
import { useTemporal } from './support/temporal.ts';
import type { FakeWorld } from './support/fake-world.ts';

const temporal = useTemporal();
const twoRegions = { regions: [aRegion('de'), aRegion('nl')], waves: [aWave(['de']), aWave(['nl'])] };

/** Starts a workflow of the id again, as somebody with Temporal alone can. */
async function startAgain(world: FakeWorld, id: string): Promise<void> {
  const { client } = temporal.env();
  await client.workflow.start('deployRelease', {
    workflowId: id,
    taskQueue: 'slipway',
    args: [world.request()],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  });
  await client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);
}

describe('a run that was ended from outside after it had changed something', () => {
  it('halts when it is started again, changes nothing more, and leaves the lane on hold', async () => {
    const world = temporal.world({ ...twoRegions, approval: aPolicy({ required: false }) });
    const rollout = world.hold('watchRollout deploy core nl');
    const run = await temporal.start(world);
    await rollout.reached;
    await temporal.env().client.workflow.getHandle(run.id).terminate('by hand');
    const before = world.calls.filter((c) => c.startsWith('applyComponent')).length;
    await startAgain(world, run.id);
    expect(world.ends.at(-1)?.result).toMatchObject({
      outcome: 'halted',
      failure: { code: 'SLIP-REL-9', detail: expect.stringContaining('core in de, core in nl') },
    });
    expect(world.calls.filter((c) => c.startsWith('applyComponent'))).toHaveLength(before);
    const lane = await temporal.untilLane(world, ({ closures }) => closures.length > 0);
    expect(lane).toMatchObject({ closures: [{ kind: 'hold' }] });
  });

  it('and before it had changed anything goes its way when it is started again', async () => {
    const world = temporal.world({ ...twoRegions, approval: aPolicy({ required: false }) });
    const build = world.hold('buildImage core');
    const run = await temporal.start(world);
    await build.reached;
    await temporal.env().client.workflow.getHandle(run.id).terminate('by hand');
    await startAgain(world, run.id);
    expect(world.ends.at(-1)?.result.outcome).toBe('verified');
  });
});

describe('a large shop, of ten regions and thirty components', () => {
  const names = (n: number, of: string) => Array.from({ length: n }, (_, i) => `${of}${i}`);

  it('keeps every payload of its history under 256 KB, and says all of it when it is asked', async () => {
    const regions = names(10, 'region');
    const components = names(30, 'component');
    const world = temporal.world({ approval: aPolicy({ required: false }) });
    const [component] = world.spec.components;
    world.spec.regions = regions.map((name) => aRegion(name));
    world.spec.waves = [aWave(regions.slice(0, 1)), aWave(regions.slice(1))];
    world.spec.components = components.map((name) => ({ ...component!, name }));
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    const history = await temporal.env().client.workflow.getHandle(run.id).fetchHistory();
    const sizes = (history.events ?? []).map((event) => Buffer.byteLength(historyToJSON({ events: [event] })));
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024);
    const status = await eventually('the status', () => temporal.engine().status(run.id));
    expect(status.regions.map((r) => r.components.length)).toEqual(regions.map(() => components.length));
    const { currentDetails } = await temporal
      .env()
      .client.workflow.getHandle(run.id)
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('| region9 | component29 |');
  }, 240_000);
});
