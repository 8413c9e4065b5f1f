import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../activities/delivery/port.ts';
import type { Records } from '../../activities/records/port.ts';
import { authorize, hashOfPlan } from '../../activities/steps/authorize.ts';
import { keepChoice } from '../../activities/steps/chosen-way-back.ts';
import { closuresOf, leaveHold } from '../../activities/steps/lane-closings.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { keepPlanHash } from '../../activities/steps/recorded-result.ts';
import { createRecordEnd } from '../../activities/steps/record-end.ts';
import { markOf, regionProofs } from '../../activities/steps/region-proofs.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import { touching } from '../../activities/steps/touching.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { leftBehindIn } from '../../activities/steps/left-behind.ts';
import { aCommit, anImage, aPlan, aRegion, aReleaseId, aSpec, aVerified, aWave } from '../domain/builders.ts';
import { together } from '../../domain/place-look.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing, decided, goesBackTo } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { writeHolder } from '../support/lane-holder.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

/** Everything stands everywhere, and each write is remembered. */
function aWorld() {
  const written: string[] = [];
  const tagged: string[] = [];
  const part = { it: { inPlace: false } };
  const delivery: Delivery = {
    kind: 'deployment-image',
    look: () => Promise.resolve(together([])),
    plan: ({ component, image }) => Promise.resolve(imageArtifact(component, image)),
    apply: async ({ image }) => (written.push(image), part),
    revert: async ({ image }) => (written.push(image), part),
    watch: () => Promise.resolve('it stands'),
    verify: () => Promise.resolve({ verdict: 'pass', summary: 'it stands' }),
  };
  const registry = { tag: async (image: string, tag: string) => void tagged.push(`${tag} ${image}`) };
  const deps = { deliveries: [delivery], registry: registry as never };
  return { written, tagged, deps };
}

const asRun = ({ authority }: ActingRun, ticket = authority.ticket) => ({ ...authority, ticket });
const mayDeploy = (run: ActingRun, more: Partial<ReturnType<typeof authorizing>> = {}) =>
  run.act(
    () => authorize(run.authority, { ...authorizing(separated.environment), ...more }, { purpose: 'deploy' }),
    undefined,
  );
const ends = () =>
  createRecordEnd({
    ...authorizing(separated.engine),
    notifierFor: () => ({ notify: () => Promise.resolve() }),
    now: () => 9_000,
  });
const engine = () =>
  createEngineSteps({
    ...authorizing(separated.engine),
    pipeline: { floorOf: authorizing(separated.engine).floorOf },
  } as unknown as EngineDependencies);

const seenAs = (image: string) => ({ image, digest: image.split('@')[1]! });

/** What lets this release in again, after others were in the lane. */
async function letInAgain(run: ActingRun): Promise<ActingRun> {
  const before = (await records.lanes.look(run.lane))?.lastTicket;
  const ticket = { incarnation: (before?.incarnation ?? 0) + 1, n: 1 };
  await writeHolder(records, run.lane, {
    member: { releaseId: run.authority.releaseId, kind: 'release', commit: aCommit(), queue: 'fifo', joinedAt: 1 },
    ticket,
    since: 1_000,
  });
  return { ...run, authority: asRun(run, ticket) };
}

/** Somebody else's release, verified there since. */
const newerIn = (run: ActingRun, image = anImage('core', '7')) =>
  records.inventory.record([
    aVerified({
      ...run.lane,
      image,
      commit: aCommit('7'),
      releaseId: `release/${run.lane.service}/production/${aCommit('7')}/1`,
      verifiedAt: 2_900,
    }),
  ]);

describe('an approval', () => {
  it('is not good for ever: a year later nothing may be deployed by it', async () => {
    const run = await aReleaseThatMayAct(records);
    const inAYear = () => Date.now() + 366 * 86_400_000;
    await expect(mayDeploy(run, { now: inAYear })).rejects.toMatchObject({ details: { code: 'SLIP-REL-1' } });
  });

  it('is of the plan in force: one that was made anew since is what people decide about', async () => {
    const run = await aReleaseThatMayAct(records);
    await keepPlanHash(records.plans, run.authority.releaseId, hashOfPlan(aPlan({ ...run.lane, branch: 'other' })));
    await expect(mayDeploy(run)).rejects.toMatchObject({ details: { code: 'SLIP-REL-1' } });
  });

  it('does not outlive a no to a later plan of the same release', async () => {
    const run = await aReleaseThatMayAct(records);
    const second = aPlan({ ...run.lane, branch: 'other' });
    const planHash = hashOfPlan(second);
    await records.plans.store(planHash, second);
    await keepPlanHash(records.plans, run.authority.releaseId, planHash);
    await decided(run, { records, kind: 'reject', planHash });
    await expect(mayDeploy(run)).rejects.toMatchObject({ details: { code: 'SLIP-REL-13' } });
  });

  it('does not let an older release over a newer one that was verified since', async () => {
    const run = await aReleaseThatMayAct(records);
    await newerIn(run);
    await expect(mayDeploy(run)).rejects.toMatchObject({ details: { code: expect.stringMatching(/SLIP-REL/) } });
  });
});

describe('an approved release under a workflow of somebody else', () => {
  it('is not deployed without its migrations', async () => {
    const migrationSpecs = [
      {
        database: 'main',
        component: 'core',
        region: 'de',
        commands: { apply: ['migrate'] },
        env: {},
        envFrom: [],
        planEnvFrom: [],
        timeoutMs: 1_000,
        lockTimeoutMs: 0,
      },
    ];
    const migrations = [{ database: 'main', component: 'core', region: 'de', pending: ['1'], contracting: [] }];
    const run = await aReleaseThatMayAct(records, { plan: { migrationSpecs: migrationSpecs, migrations } });
    const { deps, written } = aWorld();
    const steps = createRegionSteps({ ...authorizing(separated.environment), ...deps });
    const input = {
      authority: run.authority,
      region: 'de',
      component: 'core',
      image: anImage(),
      purpose: 'deploy' as const,
    };
    await run.act(steps.applyComponent, input).catch(() => undefined);
    expect(written).toEqual([]);
  });

  it('neither begins the next wave nor is verified before the one before has baked', async () => {
    const waves = [aWave(['de'], 600_000), aWave(['nl'], 600_000)];
    const run = await aReleaseThatMayAct(records, {
      plan: { regions: ['de', 'nl'].map((name) => aRegion(name)), waves },
    });
    const { authority } = run;
    const { deps, written } = aWorld();
    const steps = createRegionSteps({ ...authorizing(separated.environment), ...deps });
    const mark = await markOf(records, authority.releaseId, 'de');
    const seen = { artifacts: { core: seenAs(anImage()) }, checks: [], mark };
    const next = { authority, region: 'nl', component: 'core', image: anImage(), purpose: 'deploy' as const };
    const bakes = {
      details: {
        code: 'SLIP-REL-12',
        detail: expect.stringMatching(/^de bakes for 10 min, until \S+Z$/),
      },
    };
    for (let looks = 0; looks < 2; looks += 1) {
      await regionProofs(separated.environment).keep(authority, 'de', seen);
      await expect(run.act(steps.applyComponent, next)).rejects.toMatchObject(bakes);
    }
    await expect(run.act(engine().recordVerified, { authority, regions: ['de'] })).rejects.toMatchObject(bakes);
    expect(written).toEqual([]);
    expect(await records.inventory.of(authority.releaseId)).toEqual([]);
  });

  it('moves no tag that follows verification before anything is verified', async () => {
    const run = await aReleaseThatMayAct(records, { plan: { tags: ['production'] } });
    const { deps, tagged } = aWorld();
    const steps = createRegionSteps({ ...authorizing(separated.environment, { tags: ['production'] }), ...deps });
    await run.act(steps.tagImages, { authority: run.authority, tags: 'moving' } as never).catch(() => undefined);
    expect(tagged).toEqual([]);
  });

  it('is not verified by what was seen before somebody else had the lane', async () => {
    const run = await aReleaseThatMayAct(records);
    await regionProofs(records).keep(run.authority, 'de', {
      artifacts: { core: seenAs(anImage()) },
      checks: [],
      mark: await markOf(records, run.authority.releaseId, 'de'),
    });
    await newerIn(run);
    const again = await letInAgain(run);
    await expect(
      again.act(engine().recordVerified, { authority: again.authority, regions: ['de'] }),
    ).rejects.toBeDefined();
  });

  it('does not put back, over a newer one, what was chosen before that was verified', async () => {
    const run = await aReleaseThatMayAct(records);
    const old = anImage('core', '0');
    await records.inventory.record([aVerified({ ...run.lane, image: old })]);
    await goesBackTo(run, { records, image: old });
    await newerIn(run);
    const again = await letInAgain(run);
    const { deps, written } = aWorld();
    const steps = createRegionSteps({ ...authorizing(separated.environment), ...deps });
    const input = {
      authority: again.authority,
      region: 'de',
      component: 'core',
      image: old,
      purpose: 'roll-back' as const,
    };
    await again.act(steps.applyComponent, input).catch(() => undefined);
    expect(written).toEqual([]);
  });
});

describe('what a run says of its end', () => {
  it('that it is back is not believed where nothing was put back', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    await run.act(() => touching({ records: separated.environment, now: () => 2_500 }, 'core in de'), undefined);
    const regions = [{ region: 'de', phase: 'rolled-back', components: [] }];
    const result = { outcome: 'rolled-back', summary: 'all is back', artifacts: [], regions, timings: [] } as never;
    const end = await run.act(ends(), { releaseId, result, notify: [] });
    expect(end.outcome).toBe('halted');
  });

  it('leaves what was changed on record as left behind', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    await run.act(() => touching({ records: separated.environment, now: () => 2_500 }, 'core in de'), undefined);
    const regions = [{ region: 'de', phase: 'rolled-back', components: [] }];
    const result = { outcome: 'halted', summary: 'all is back', artifacts: [], regions, timings: [] } as never;
    await run.act(ends(), { releaseId, result, notify: [] });
    expect(await leftBehindIn(records, run.lane)).toHaveLength(1);
  });

  it('revokes nothing where an ordered rollback has put nothing back', async () => {
    const release = await aReleaseThatMayAct(records);
    const old = anImage('core', '0');
    await records.inventory.record([aVerified({ ...release.lane, image: old, verifiedAt: 1_000 })]);
    const run = await aRollbackOf(release, { records, regions: ['de'] });
    const target = { component: 'core', image: old, releaseId: aReleaseId(1, aCommit('0')), commit: aCommit('0') };
    await keepChoice(records, run.authority.releaseId, { kind: 'go', region: 'de', targets: [target] });
    const result = { outcome: 'rolled-back', summary: 'all is back', artifacts: [], regions: [], timings: [] } as never;
    await run
      .act(ends(), {
        releaseId: run.authority.releaseId,
        result,
        notify: [],
        revoke: { releaseId: release.authority.releaseId, regions: ['de'] },
      })
      .catch(() => undefined);
    expect((await records.inventory.current(release.lane)).map((row) => row.releaseId)).toEqual([
      release.authority.releaseId,
    ]);
  });
});

describe('a release that has ended', () => {
  it.each([
    ['is planned no more: an order to undo it would be signed for another plan', 'planRelease'],
    ['uses up nothing any more', 'consumeApproval'],
  ] as const)('%s', async (_what, step) => {
    const lane = { service: `shop-${randomUUID()}`, environment: 'production' };
    const { scan, tests: _none, ...rest } = aSpec(lane);
    const spec = { ...rest, migrations: [], scan: { ...scan, images: false, secrets: false } };
    const run = await aReleaseThatMayAct(records, { lane, spec });
    const { releaseId, planHash } = run.authority;
    await records.plans.keep(releaseId, 'image-core', {
      component: 'core',
      image: anImage('core', '5'),
      origin: 'built',
    });
    await records.attempts.conclude(releaseId, { outcome: 'failed', summary: 'it ended', endedAt: 2_500 });
    const steps = createEngineSteps({
      ...authorizing(separated.engine),
      pipeline: { floorOf: authorizing(separated.engine).floorOf, policyProblem: () => Promise.resolve(undefined) },
      registry: { resolve: () => Promise.resolve('sha256:0') },
      source: { descends: () => Promise.resolve(true) },
    } as unknown as EngineDependencies);
    const input = { releaseId, planHash, decisionIds: [] };
    const done = run.act<typeof input, unknown>(steps[step], input).then(
      () => 'done',
      (error: unknown) => (error as { details?: { code?: string } }).details?.code ?? String(error),
    );
    const what = await done;
    expect(what).toBe('SLIP-REL-10');
  });
});

describe('holds', () => {
  it('are left by each run, also where two commits begin alike', async () => {
    const service = `shop-${randomUUID()}`;
    const lane = { service, environment: 'production' };
    const id = (end: string) => `release/${service}/production/${'a'.repeat(12)}${end.repeat(28)}/1`;
    for (const end of ['1', '2']) {
      await records.touched.record({ workflowId: id(end), runId: 'r', what: 'core in de', at: 1 });
      await leaveHold(records, { releaseId: id(end), outcome: 'halted', summary: 'bad' }, 1);
    }
    const { holds } = await records.closings.list(lane);
    expect(holds.map((hold) => hold.by)).toEqual([id('1'), id('2')]);
    expect(await closuresOf({ records, verifier: authorizing(records).verifier }, lane, 10)).toHaveLength(2);
  });
});
