import { describe, expect, it } from '@jest/globals';
import { laneId } from '../../domain/contract/names.ts';
import { endItFirst } from '../../domain/errors/end-it-first.ts';
import { aMigrationSpec, aPolicy, aRegion, aWave, hour } from '../domain/builders.ts';
import { eventually } from './support/eventually.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();
const open = { approval: aPolicy({ required: false }) };
const two = { regions: [aRegion('de'), aRegion('nl')], waves: [aWave(['de']), aWave(['nl'])] };
const rollingBack = (holdMs: number) => ({ partial: 'roll-back-all', confirm: false, holdMs }) as const;

describe('a run that is held', () => {
  it('is also told to people when it is a rollback whose registry is away, and takes `retry`', async () => {
    const world = temporal.world({ ...two, ...open, onFailure: rollingBack(6 * hour) });
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    world.away('chooseRollbacks', 'SLIP-IMG-2', 60_000);
    const run = await temporal.start(world);
    await run.until('rolling-back');
    await temporal.env().sleep(4 * hour);
    expect(await run.status()).toMatchObject({ stage: 'held', failure: { code: 'SLIP-IMG-2' } });
    expect(await run.decide(world.sign('retry', { releaseId: run.id }))).toMatchObject({ kind: 'taken' });
    // Each hold is known by how often it was to be tried again until then: two of them are two messages, and one told twice is one.
    await temporal.env().sleep(hour);
    const holds = () => world.said.flatMap((one) => (one.message === 'held' ? [one.retries] : []));
    await eventually('the second hold', async () => holds().length === 2);
    expect(holds()).toEqual([0, 1]);
  });

  it('says how it ends for another release as long as it is held, and no more when it has ended', async () => {
    const world = temporal.world({ ...two, ...open, onFailure: rollingBack(hour) });
    world.fail('applyComponent', 'SLIP-K8S-2', 'Deployment shop/api');
    const run = await temporal.start(world);
    while ((await run.status()).stage !== 'held') await temporal.env().sleep(60_000);
    const { failure, failing } = await run.status();
    expect(failure?.next).toContain(endItFirst);
    expect(failing?.[0]?.failure.next).toContain(endItFirst);
    expect(await run.outcome()).toBe('halted');
    const ended = world.ends[0]?.result;
    expect(ended?.failure?.code).toBe('SLIP-K8S-2');
    expect(JSON.stringify([ended, await run.status()])).not.toContain('slipway abort');
  });

  it('goes back when that is ordered while a migration cannot be begun', async () => {
    const world = temporal.world({
      ...two,
      ...open,
      migrations: [aMigrationSpec()],
      onFailure: rollingBack(24 * hour),
    });
    world.fail('startMigration', 'SLIP-K8S-6', 'forbidden');
    const run = await temporal.start(world);
    while ((await run.status()).stage !== 'held') await temporal.env().sleep(60_000);
    await run.decide(world.sign('roll-back', { releaseId: run.id }));
    expect(await run.outcome()).toBe('halted');
    expect(world.ends[0]?.result.summary).toContain('no region was changed, but a database was, or may have been');
  });

  it('migrates nothing when it is cancelled in Temporal while a migration cannot be begun', async () => {
    const onFailure = rollingBack(24 * hour);
    const world = temporal.world({ ...two, ...open, migrations: [aMigrationSpec()], onFailure });
    const rights = world.fail('startMigration', 'SLIP-K8S-6', 'forbidden');
    const run = await temporal.start(world);
    while ((await run.status()).stage !== 'held') await temporal.env().sleep(60_000);
    await temporal.env().client.workflow.getHandle(run.id).cancel();
    expect(await run.outcome()).toBe('halted');
    rights.mend();
    expect(world.calls).not.toContain('watchMigration main');
    expect(world.calls.filter((call) => call.startsWith('applyComponent'))).toEqual([]);
  });

  it('waits for a person for its whole time, however long the step itself was tried before', async () => {
    const world = temporal.world({ ...two, ...open, onFailure: rollingBack(hour / 2) });
    world.away('watchRollout deploy core de', 'SLIP-K8S-10');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    const timings = world.ends[0]?.result.timings ?? [];
    const held = timings.find(({ stage }) => stage === 'held');
    expect((held?.endedAt ?? 0) - (held?.startedAt ?? 0)).toBeGreaterThanOrEqual(hour / 2);
  });

  it('grows slowly: of thirty components that the same thing stops, one tries again and the others wait for it', async () => {
    const world = temporal.world({ ...open, onFailure: { partial: 'hold', confirm: false, holdMs: 24 * hour } });
    const [component] = world.spec.components;
    world.spec.components = Array.from({ length: 30 }, (_, i) => ({ ...component!, name: `component${i}` }));
    const rights = world.fail('applyComponent', 'SLIP-K8S-6', 'forbidden');
    const run = await temporal.start(world);
    while ((await run.status()).stage !== 'held') await temporal.env().sleep(60_000);
    const tried = world.calls.filter((c) => c.startsWith('applyComponent')).length;
    await temporal.env().sleep(6 * hour);
    expect(world.calls.filter((c) => c.startsWith('applyComponent')).length - tried).toBeLessThan(30);
    rights.mend();
    await run.decide(world.sign('retry', { releaseId: run.id }));
    expect(await run.outcome()).toBe('verified');
  });
});

describe('what a run says', () => {
  it('is cut where it is long: two hundred lines are reported with its end', async () => {
    const world = temporal.world({ ...two, ...open });
    world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    world.fail('announce problem', 'SLIP-NTF-1', '語'.repeat(9_000));
    const run = await temporal.start(world);
    await run.outcome();
    const { log } = await run.status();
    expect(log.find(({ line }) => line.startsWith('people could not be told'))?.line).toHaveLength(1_000);
  });
});

describe('what anybody with access to Temporal can send', () => {
  it.each(['joinLane', 'claimLane', 'leaveLane'])('an empty %s stops no lane', async (signal) => {
    const world = temporal.world({ ...two, ...open });
    expect(await (await temporal.start(world)).outcome()).toBe('verified');
    const lane = temporal
      .env()
      .client.workflow.getHandle(laneId({ service: world.service, environment: 'production' }));
    await lane.signal(signal);
    await lane.signal(signal, { releaseId: 7 });
    expect(await (await temporal.start(world, { attempt: 2 })).outcome()).toBe('verified');
  });

  it('an empty answer stops no release', async () => {
    const world = temporal.world({ ...two, ...open });
    const build = world.hold('buildImage');
    const run = await temporal.start(world);
    await build.reached;
    await temporal.env().client.workflow.getHandle(run.id).signal('laneAnswer');
    build.go();
    expect(await run.outcome()).toBe('verified');
  });
});

describe('a run that knows less than the records', () => {
  it('leaves the lane on hold when it is rejected, since something had been changed under its id', async () => {
    const world = temporal.world(two);
    const run = await temporal.start(world);
    const { planHash = '' } = await run.until('awaiting-approval');
    world.touched.set(run.id, { runId: 'the run before the reset', what: ['core in de'] });
    await run.decide(world.sign('reject', { releaseId: run.id, planHash }));
    expect(await run.outcome()).toBe('halted');
    const lane = await temporal.untilLane(world, ({ closures }) => closures.length > 0);
    expect(lane.closures).toMatchObject([{ kind: 'hold' }]);
  });
});

describe('a release that is unproven', () => {
  it('moves no tag: those name what was verified', async () => {
    const onFailure = { partial: 'hold', confirm: true, holdMs: hour, onInconclusive: 'go-on' } as const;
    const world = temporal.world({ ...two, ...open, onFailure });
    world.fail('verifyRegion nl 1', 'SLIP-VER-3', 'no answer');
    expect(await (await temporal.start(world)).outcome()).toBe('unproven');
    expect(world.calls).not.toContain('tagImages moving');
  });
});
