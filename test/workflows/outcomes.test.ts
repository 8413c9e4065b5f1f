import { describe, expect, it } from '@jest/globals';
import { WorkflowClient, WorkflowFailedError, WorkflowIdReusePolicy } from '@temporalio/client';
import { engineQueue, messages, searchAttributes, workflowTypes } from '../../domain/contract/names.ts';
import { aComponent, aMigrationSpec, aPolicy, aRegion, aWave } from '../domain/builders.ts';
import { eventually } from './support/eventually.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();
const twoRegions = {
  regions: [aRegion('de'), aRegion('nl')],
  waves: [aWave(['de'], 600_000), aWave(['nl'])],
};
const noApproval = aPolicy({ required: false });

describe('a release', () => {
  it('ends verified: built, checked, planned, approved, migrated, deployed region by region, verified and recorded, in this order', async () => {
    const world = temporal.world({ ...twoRegions, migrations: [aMigrationSpec()] });
    const run = await temporal.start(world);
    await run.approve();
    expect(await run.outcome()).toBe('verified');
    const effects = world.calls.filter((c) => !/^(announce|beginLane|recordLane|checkDecision|lookAtHolder)/.test(c));
    expect(effects).toEqual([
      'readRelease',
      'joinLane',
      'buildImage core',
      ...['scanImages', 'scanSource'].sort((a, b) => effects.indexOf(a) - effects.indexOf(b)),
      'lookAtRegions',
      'planMigration main',
      'planRelease',
      'lookAtRegions',
      'planMigration main',
      'judgePlanDrift',
      'consumeApproval 1',
      'tagImages commit',
      'startMigration main',
      'watchMigration main',
      'verifyMigration main',
      'applyComponent deploy core de',
      'watchRollout deploy core de',
      'verifyRegion de 1',
      'observeRegion de',
      'applyComponent deploy core nl',
      'watchRollout deploy core nl',
      'verifyRegion nl 1',
      ...['verifyRegion de 1', 'verifyRegion nl 1'].sort((a, b) => effects.lastIndexOf(a) - effects.lastIndexOf(b)),
      'recordVerified de nl',
      'tagImages moving',
      'recordEnd verified',
    ]);
    await temporal.untilLane(world, ({ holder }) => holder === undefined);
  });

  it('shows its stage and outcome as search attributes, and what it returns', async () => {
    const world = temporal.world({ approval: noApproval });
    const run = await temporal.start(world);
    await run.outcome();
    const handle = temporal.env().client.workflow.getHandle(run.id);
    const { typedSearchAttributes } = await handle.describe();
    const attributes = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    expect(attributes).toMatchObject({
      [searchAttributes.stage]: 'done',
      [searchAttributes.outcome]: 'verified',
      [searchAttributes.service]: world.service,
    });
    expect(await handle.result()).toMatchObject({ outcome: 'verified', summary: 'aaaaaaaaaaaa is verified in de' });
  });

  it('ends rolled-back, in the lane, when a region does not come up, and leaves the lane on hold', async () => {
    const world = temporal.world({ ...twoRegions, approval: noApproval });
    world.fail('watchRollout deploy core nl', 'SLIP-K8S-1', 'core: CrashLoopBackOff');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('rolled-back');
    for (const region of ['de', 'nl']) {
      expect(
        world.calls.filter((c) => c.endsWith(`roll-back core ${region}`) || c === `verifyRegion ${region} 0`),
      ).toEqual([
        `applyComponent roll-back core ${region}`,
        `watchRollout roll-back core ${region}`,
        `verifyRegion ${region} 0`,
      ]);
    }
    expect(world.ends[0]?.revoke).toEqual({ releaseId: run.id, regions: ['de', 'nl'] });
    expect(world.ends[0]?.result.failure).toMatchObject({ code: 'SLIP-K8S-1', detail: 'core: CrashLoopBackOff' });
    const lane = await temporal.untilLane(world, ({ closures }) => closures.length > 0);
    expect(lane.closures[0]?.reason).toContain('ended rolled-back');
  });

  it('fails, with nothing changed, when its code is older than the schema', async () => {
    const world = temporal.world({ approval: noApproval });
    world.olderThanSchema = [{ database: 'main', releaseId: 'release/other', migrations: ['0002_drop'] }];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('failed');
    expect(world.ends[0]?.result.failure).toMatchObject({ code: 'SLIP-REL-11' });
    expect(world.calls).not.toContain('applyComponent deploy core de');
  });

  it('warns whoever is to approve older code that was asked for', async () => {
    const world = temporal.world();
    world.olderThanSchema = [{ database: 'main', releaseId: 'release/other', migrations: ['0002_drop'] }];
    const run = await temporal.start(world, { downgrade: true });
    const { warnings } = await run.until('awaiting-approval');
    expect(warnings).toEqual([
      'this code is older than the schema, and may not live with it: main: 0002_drop by release/other',
    ]);
    await eventually('the question', () => Promise.resolve(world.calls.includes('announce attention')));
    await run.approve();
    expect(await run.outcome()).toBe('verified');
  });

  it('ends rejected when a person says no', async () => {
    const world = temporal.world();
    const run = await temporal.start(world);
    const { planHash = '' } = await run.until('awaiting-approval');
    await run.decide(world.sign('reject', { releaseId: run.id, planHash }, { reason: 'not on a Friday' }));
    expect(await run.outcome()).toBe('rejected');
    expect(world.ends[0]?.result.summary).toBe('rejected by kim: not on a Friday');
  });

  it('ends expired when nobody approves for a day', async () => {
    const world = temporal.world();
    const run = await temporal.start(world);
    const before = await temporal.env().currentTimeMs();
    expect(await run.outcome()).toBe('expired');
    expect((await temporal.env().currentTimeMs()) - before).toBeGreaterThanOrEqual(86_400_000);
    expect(world.calls).not.toContain('tagImages commit');
  });

  it('ends superseded when the lane goes to a newer one', async () => {
    const world = temporal.world();
    const older = await temporal.start(world);
    await older.until('awaiting-approval');
    const newer = await temporal.start(world, { attempt: 2, requestedAt: 2_000 });
    await newer.approve();
    expect(await older.outcome()).toBe('superseded');
    expect(await newer.outcome()).toBe('verified');
    expect(world.ends.find((e) => e.releaseId === older.id)?.result.summary).toBe(
      `${newer.id} goes instead; this release was not verified`,
    );
  });

  it('ends superseded when a newer commit runs by the time it is granted the lane', async () => {
    const world = temporal.world({ approval: noApproval });
    world.drifts = [{ kind: 'superseded', by: 'release/x', why: 'de runs bbb' }];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('superseded');
    await temporal.untilLane(world, ({ holder }) => holder === undefined);
  });

  it('ends aborted when a person stops it while it builds', async () => {
    const world = temporal.world();
    const build = world.hold('buildImage');
    const run = await temporal.start(world);
    await build.reached;
    expect(await run.decide(world.sign('abort', { releaseId: run.id }, { reason: 'wrong branch' }))).toMatchObject({
      kind: 'taken',
    });
    expect(await run.outcome()).toBe('aborted');
    expect(world.calls).not.toContain('scanImages');
  });

  it('ends aborted when a person stops it inside the lane, before anything is changed', async () => {
    const world = temporal.world({ approval: noApproval });
    const tags = world.hold('tagImages commit');
    const run = await temporal.start(world);
    await tags.reached;
    await run.decide(world.sign('abort', { releaseId: run.id }));
    // A step that went on unheard would tag after the next release has.
    expect((await temporal.lane(world)).holder?.releaseId).toBe(run.id);
    tags.go();
    expect(await run.outcome()).toBe('aborted');
    expect(await temporal.lane(world)).not.toHaveProperty('hold');
  });

  it('ends failed, as Temporal sees it too, when it does not build', async () => {
    const world = temporal.world();
    world.fail('buildImage', 'SLIP-IMG-1', 'no such file');
    const run = await temporal.start(world);
    // By a client that skips no time: with nothing left to do, that would be the ten years after which Temporal's test server ends the lane.
    const handle = new WorkflowClient({ connection: temporal.env().connection }).getHandle(run.id);
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError);
    expect(world.outcome(run.id)).toBe('failed');
    expect((await handle.describe()).status.name).toBe('FAILED');
    await temporal.untilLane(world, ({ queue }) => queue.length === 0);
  });

  it('ends halted when there is nothing to go back to, and says the way forward', async () => {
    const world = temporal.world({ approval: noApproval });
    world.history = [];
    world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(world.ends[0]?.result.summary).toContain('core has never been verified in de. Fix forward');
    const lane = await temporal.untilLane(world, ({ closures }) => closures.length > 0);
    expect(lane.closures[0]?.reason).toContain('ended halted');
  });

  it('ends verified when a moving tag cannot be moved: what runs is right without it', async () => {
    const world = temporal.world({ approval: noApproval });
    world.fail('tagImages moving', 'SLIP-IMG-4', 'latest is immutable');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect((await run.status()).log.map((l) => l.line)).toContain('latest could not be moved: latest is immutable');
  });

  it('ends rolled-back when a person orders it while a moving tag is moved', async () => {
    const world = temporal.world({ approval: noApproval });
    const tag = world.hold('tagImages moving');
    const run = await temporal.start(world);
    await tag.reached;
    expect(await run.decide(world.sign('roll-back', { releaseId: run.id }))).toMatchObject({ kind: 'taken' });
    tag.go();
    expect(await run.outcome()).toBe('rolled-back');
    expect(world.ends[0]?.revoke).toEqual({ releaseId: run.id, regions: ['de'] });
  });

  it('ends aborted when a person stops it while the registry refuses a tag', async () => {
    const world = temporal.world({ approval: noApproval });
    const tag = world.hold('tagImages commit');
    const run = await temporal.start(world);
    await tag.reached;
    await run.decide(world.sign('abort', { releaseId: run.id }, { reason: 'the registry is away' }));
    world.fail('tagImages commit', 'SLIP-IMG-4', 'no such right');
    tag.go();
    expect(await run.outcome()).toBe('aborted');
  });

  it('watches nothing where everything is in place already, and tells what was said of it', async () => {
    const world = temporal.world({ approval: noApproval });
    world.inPlace = true;
    world.note = 'DEBUG stays as others have set it';
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(world.calls.filter((c) => c.startsWith('watchRollout'))).toEqual([]);
    expect((await run.status()).log.map(({ line }) => line)).toContainEqual(
      expect.stringMatching(/ in de: was in place already; DEBUG stays as others have set it$/),
    );
    expect(world.calls).toContain('verifyRegion de 1');
  });

  it('counts an approval that was given in time, though a worker gets to it when the time is over', async () => {
    const world = temporal.world({ approval: aPolicy({ expiresMs: 1_000 }) });
    const [ask, check] = [world.hold('announce attention'), world.hold('checkDecision approve')];
    const run = await temporal.start(world);
    await ask.reached;
    const { planHash = '' } = await run.status();
    const handle = temporal.env().client.workflow.getHandle(run.id);
    await handle.signal(messages.decideSignal, world.sign('approve', { releaseId: run.id, planHash }));
    await check.reached;
    ask.go();
    await eventually('the deadline', async () => {
      const { events } = await handle.fetchHistory();
      return events?.some((event) => event.timerFiredEventAttributes);
    });
    check.go();
    expect(await run.outcome()).toBe('verified');
  });

  it('keeps what has not changed, and deploys it all the same', async () => {
    const world = temporal.world({
      approval: noApproval,
      components: [aComponent('core'), aComponent('dashboard', { needs: ['core'] })],
    });
    world.unchanged = ['dashboard'];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(world.calls.filter((c) => c.startsWith('buildImage'))).toEqual(['buildImage core']);
    expect(world.calls.filter((c) => c.startsWith('applyComponent'))).toEqual([
      'applyComponent deploy core de',
      'applyComponent deploy dashboard de',
    ]);
    expect(world.ends[0]?.result.artifacts.map((a) => `${a.component} ${a.origin}`).sort()).toEqual([
      'core built',
      'dashboard unchanged',
    ]);
  });

  it('that has ended still says how, of itself, when another of Temporal’s runs is under its id', async () => {
    const world = temporal.world();
    const run = await temporal.start(world);
    await run.until('awaiting-approval');
    await run.decide(world.sign('abort', { releaseId: run.id }));
    expect(await run.outcome()).toBe('aborted');
    const { workflow } = temporal.env().client;
    const { runId } = await workflow.getHandle(run.id).describe();
    await workflow.start(workflowTypes.deployRelease, {
      workflowId: run.id,
      taskQueue: engineQueue,
      args: [world.request()],
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    });
    expect(await run.until('awaiting-approval')).toMatchObject({ releaseId: run.id });
    const first = await eventually('the first run to answer', () => temporal.engine().status(run.id, runId));
    expect(first).toMatchObject({ releaseId: run.id, stage: 'done' });
  });

  it('goes on when nobody can be told', async () => {
    const world = temporal.world();
    world.fail('announce', 'SLIP-NTF-1', 'the chat is away');
    const run = await temporal.start(world);
    await run.approve();
    expect(await run.outcome()).toBe('verified');
  });
});
