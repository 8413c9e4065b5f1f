import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../activities/delivery/port.ts';
import type { Records } from '../../activities/records/port.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { leftBehindIn } from '../../activities/steps/left-behind.ts';
import { createMigrationSteps } from '../../activities/steps/migration-steps.ts';
import { createRecordEnd } from '../../activities/steps/record-end.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import { createVerifySteps } from '../../activities/steps/verify-steps.ts';
import type { VerifyDependencies } from '../../activities/steps/verify-steps.ts';
import type { PinnedImage, VerifiedRelease } from '../../domain/contract/release.ts';
import type { Outcome } from '../../domain/outcomes.ts';
import type { Purpose } from '../../domain/run-kinds.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import {
  aCommit,
  aMigrationSpec,
  anImage,
  aPlannedComponent,
  aPlannedMigration,
  aRegion,
  aSpec,
  aVerified,
  aWave,
} from '../domain/builders.ts';
import { together } from '../../domain/place-look.ts';
import { aReleaseThatMayAct, authorizing, heldAgainst } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const old = (component = 'core') => anImage(component, '0');
const digestOf = (image: PinnedImage) => image.split('@')[1]!;

/** What is done while something else is under way, once. */
interface Meanwhile {
  looking?: () => Promise<unknown>;
  answering?: () => Promise<unknown>;
}

/** Regions that remember what runs in them, under a release of which somebody schedules single steps, in an order of their own. */
async function aScheduledRelease(
  options: Parameters<typeof aReleaseThatMayAct>[1] = {},
  { regions = ['de'], components = ['core'] } = {},
) {
  const run = await aReleaseThatMayAct(records, options);
  const { authority, lane } = run;
  const { releaseId, planHash } = authority;
  const running = new Map<string, string>();
  const meanwhile: Meanwhile = {};
  const once = async (what: keyof Meanwhile) => {
    const does = meanwhile[what];
    delete meanwhile[what];
    await does?.();
  };
  type Target = Parameters<Delivery['verify']>[0];
  const at = ({ component, region }: Target) => `${component.name} in ${region.name}`;
  const put = (target: Target, digest: string) => {
    const inPlace = running.get(at(target)) === digest;
    running.set(at(target), digest);
    return { it: { inPlace } };
  };
  const delivery: Delivery = {
    kind: 'deployment-image',
    look: () => Promise.resolve(together([])),
    plan: ({ component, image }) => Promise.resolve(imageArtifact(component, image)),
    async apply(target) {
      const applied = put(target, imageArtifact(target.component, target.image).digest);
      await once('answering');
      return applied;
    },
    revert: (target, to) => Promise.resolve(put(target, to.digest)),
    watch: () => Promise.resolve('it stands'),
    async verify(target, wanted) {
      const isGood = running.get(at(target)) === wanted.digest;
      await once('looking');
      return { verdict: isGood ? 'pass' : 'fail', summary: `runs ${running.get(at(target))}` };
    },
  };
  const deps = { ...authorizing(separated.environment), deliveries: [delivery], registry: {} };
  const region = createRegionSteps(deps as never);
  const verify = createVerifySteps(deps as unknown as VerifyDependencies);
  const ends = createRecordEnd({
    ...authorizing(separated.engine),
    notifierFor: () => ({ notify: () => Promise.resolve() }),
    now: () => 9_000,
  });
  const before = (component: string, where: string, changes: Partial<VerifiedRelease> = {}) =>
    aVerified({ ...lane, component, region: where, image: old(component), verifiedAt: 400, planHash, ...changes });
  for (const component of components)
    for (const where of regions) {
      running.set(`${component} in ${where}`, digestOf(old(component)));
      await records.inventory.record([before(component, where)]);
    }
  await heldAgainst(records, lane, authority);
  const images = { deploy: (component: string) => anImage(component, '1'), 'roll-back': old };
  return {
    ...run,
    deps,
    before,
    meanwhile,
    releaseId,
    steps: region,
    runs: (component = 'core', where = 'de') => running.get(`${component} in ${where}`),
    put: (purpose: Purpose, component = 'core', where = 'de') =>
      run.act(region.applyComponent, {
        authority,
        region: where,
        component,
        image: images[purpose](component),
        purpose,
      }),
    looks: (purpose: Purpose, seen: Record<string, PinnedImage> = {}) =>
      run.act(verify.verifyRegion, { authority, region: 'de', images: seen, purpose }),
    chooses: (where = 'de') => run.act(engine().chooseRollbacks, { planHash, releaseId, regions: [where] }),
    verifies: () => run.act(engine().recordVerified, { authority, regions: ['de'] }),
    ends: async (outcome: Outcome) => {
      const told = { outcome, summary: 'it is over', artifacts: [], regions: [], timings: [] };
      return (await run.act(ends, { releaseId, result: told, notify: [] })).outcome;
    },
  };
}

const engine = (more: object = {}) =>
  createEngineSteps({
    ...authorizing(separated.engine),
    registry: { resolve: () => Promise.resolve('sha256:0') },
    source: { descends: () => Promise.resolve(true) },
    pipeline: {
      floorOf: authorizing(separated.engine).floorOf,
      policyProblem: () => Promise.resolve(undefined),
      policyOf: () => Promise.resolve({ hash: aSpec().policyHash, floor: {} }),
    },
    ...more,
  } as unknown as EngineDependencies);

const unseen = { details: { code: 'SLIP-REL-12' } };
const refused = { details: { code: 'SLIP-REL-1' } };
const two = { components: ['core', 'web'].map((name) => aPlannedComponent(name, { image: anImage(name, '1') })) };
const inTwoWaves = { regions: [aRegion('de'), aRegion('nl')], waves: [aWave(['de']), aWave(['nl'])] };

describe('a region that is put back by the run that has verified it', () => {
  it('is verified by it no more: not for its end, not for its tags, and not for those who come after', async () => {
    const { plan, lane, releaseId, ...release } = await aScheduledRelease();
    await release.chooses();
    await release.put('deploy');
    await release.looks('deploy');
    await release.verifies();
    expect(await records.inventory.of(releaseId)).toHaveLength(plan.components.length);
    await release.put('roll-back');
    expect(release.runs()).toBe(digestOf(old()));
    expect(await records.inventory.of(releaseId)).toEqual([]);
    expect(await records.inventory.current(lane)).toMatchObject([{ image: old() }]);
    expect(await leftBehindIn(records, lane)).toMatchObject([{ releaseId }]);
    const moving = { authority: release.authority, tags: 'moving' as const };
    await expect(release.act(release.steps.tagImages, moving)).rejects.toMatchObject(refused);
    expect(await release.ends('verified')).toBe('halted');
    expect((await records.closings.list(lane)).holds).toHaveLength(1);
  });

  it('leaves what the run has verified elsewhere, and may be said to be back', async () => {
    const { lane, releaseId, ...release } = await aScheduledRelease();
    await release.chooses();
    await release.put('deploy');
    await release.looks('deploy');
    await release.verifies();
    await records.inventory.record([release.before('core', 'nl', { releaseId, image: anImage() })]);
    await release.put('roll-back');
    await release.looks('roll-back', { core: old() });
    expect(await release.ends('rolled-back')).toBe('rolled-back');
    expect(await records.inventory.of(releaseId)).toMatchObject([{ region: 'nl' }]);
    expect(await leftBehindIn(records, lane)).toEqual([]);
  });

  it('is not back where a component was looked at that it had not changed', async () => {
    const release = await aScheduledRelease({ plan: two }, { components: ['core', 'web'] });
    await release.chooses();
    await release.put('deploy');
    await release.looks('roll-back', { web: old('web') });
    expect(await release.ends('rolled-back')).toBe('halted');
  });
});

describe('a wave', () => {
  it.each(['core', 'web'])('is not left out by putting %s back in the one after it', async (component) => {
    const there = { regions: ['de', 'nl'], components: ['core', 'web'] };
    const release = await aScheduledRelease({ plan: { ...inTwoWaves, ...two } }, there);
    await release.chooses('nl');
    await release.put('roll-back', component, 'nl');
    await expect(release.put('deploy', 'core', 'nl')).rejects.toMatchObject(unseen);
    expect(release.runs('core', 'nl')).toBe(digestOf(old('core')));
  });
});

describe('a migration that nothing can look at', () => {
  const database = 'main';
  async function aMigratingRelease() {
    const commands = { apply: ['migrate'] };
    const release = await aScheduledRelease({
      plan: {
        migrationSpecs: [aMigrationSpec({ database, commands, envFrom: [], planEnvFrom: [] })],
        migrations: [aPlannedMigration({ database, pending: ['unknown'] })],
      },
    });
    const jobs = {
      start: () => Promise.resolve({ adopted: false }),
      observe: () => Promise.resolve({ state: 'succeeded', log: '', begun: true }),
      remove: () => Promise.resolve(),
    };
    const steps = createMigrationSteps({ ...release.deps, jobs: jobs as never });
    const { spec, plan } = release;
    await records.plans.keep(release.releaseId, 'read', { spec, artifacts: [], toBuild: [] });
    await records.plans.keep(release.releaseId, `migrations-${database}`, plan.migrations[0]);
    return { ...release, steps, input: { authority: release.authority, database } };
  }

  it('is not believed to have run before it was seen to end well', async () => {
    const { act, steps, input, ...release } = await aMigratingRelease();
    await expect(act(steps.verifyMigration, input)).rejects.toMatchObject(refused);
    await expect(release.put('deploy')).rejects.toMatchObject(refused);
    await act(steps.startMigration, input);
    await expect(act(steps.verifyMigration, input)).rejects.toMatchObject(refused);
    await act(steps.watchMigration, input);
    await act(steps.verifyMigration, input);
    await release.put('deploy');
    expect(release.runs()).toBe(digestOf(anImage()));
  });
});

describe('what was found early', () => {
  const another = (run: ActingRun) => `release/${run.lane.service}/production/${aCommit('7')}/1`;
  const newer = (release: Awaited<ReturnType<typeof aScheduledRelease>>) => {
    const image = anImage('core', '7');
    const of = { image, artifact: imageArtifact({}, image), commit: aCommit('7'), releaseId: another(release) };
    return release.before('core', 'de', { ...of, verifiedAt: 2_900 });
  };
  const contracts = (release: Awaited<ReturnType<typeof aScheduledRelease>>) =>
    records.schema.record({
      ...release.lane,
      database: 'main',
      releaseId: another(release),
      pending: ['0002_drop'],
      contracting: ['0002_drop'],
      changedAt: 1_000,
    });

  it('to go back to is not gone back to once the engine chooses otherwise', async () => {
    const release = await aScheduledRelease();
    await release.chooses();
    await contracts(release);
    await records.inventory.record([newer(release)]);
    await heldAgainst(records, release.lane, release.authority);
    await release.chooses();
    await release.put('deploy');
    await expect(release.put('roll-back')).rejects.toMatchObject({
      details: { ...refused.details, detail: expect.stringContaining(`core goes back to ${anImage('core', '7')}`) },
    });
    expect(release.runs()).toBe(digestOf(anImage()));
  });

  it('about what runs there does not let a plan over a schema that was changed since, whatever became of that run', async () => {
    const release = await aScheduledRelease();
    await contracts(release);
    await expect(release.put('deploy')).rejects.toMatchObject({
      details: { ...refused.details, detail: expect.stringContaining('has changed the schema of main') },
    });
  });

  it('about what runs there is as of before it was looked at: what is verified meanwhile is newer', async () => {
    const release = await aScheduledRelease();
    const { planHash } = release.authority;
    const { releaseId } = release;
    let asked = 0;
    const descends = async () => {
      asked += 1;
      await records.inventory.record([newer(release)]);
      return true;
    };
    const { judgePlanDrift } = engine({ source: { descends } });
    expect(await release.act(judgePlanDrift, { releaseId, planHash })).toMatchObject({ kind: 'proceed' });
    expect(asked).toBeGreaterThan(0);
    await expect(release.put('deploy')).rejects.toMatchObject({
      details: { ...refused.details, detail: expect.stringContaining('was verified in de since') },
    });
  });

  it('about what runs there is not found by a run that does not hold its lane', async () => {
    const release = await aScheduledRelease();
    const { releaseId } = release;
    await aReleaseThatMayAct(records, { lane: release.lane });
    await expect(
      release.act(engine().judgePlanDrift, { releaseId, planHash: release.authority.planHash }),
    ).rejects.toMatchObject({ details: { code: 'SLIP-REL-10' } });
  });

  it.each<[string, keyof Meanwhile]>([
    ['a look that was under way', 'looking'],
    ['a repetition that was about to say that it has changed nothing', 'answering'],
  ])('is spoiled by a change, also for %s', async (_what, when) => {
    const release = await aScheduledRelease();
    await release.chooses();
    await release.put('deploy');
    if (when === 'answering') await release.looks('deploy');
    release.meanwhile[when] = () => release.put('roll-back');
    await (when === 'looking' ? release.looks('deploy') : release.put('deploy'));
    expect(release.meanwhile).toEqual({});
    expect(release.runs()).toBe(digestOf(old()));
    await expect(release.verifies()).rejects.toMatchObject(unseen);
  });
});

describe('a plan', () => {
  const lane = () => ({ service: `shop-${randomUUID()}`, environment: 'production' });
  const built = { component: 'core', image: anImage('core', '8'), origin: 'built' as const };

  it('is not made of gates that were judged by what was read before', async () => {
    const scan = { images: true, secrets: false, failOn: ['HIGH' as const], exceptions: [] };
    const { tests: _none, ...rest } = aSpec({ scan, migrations: [] });
    const { act, releaseId } = await aScheduledRelease({ spec: rest, artifacts: [built] });
    const gate = { gate: 'image scan', verdict: 'pass', summary: '12 HIGH, none counts', of: [built.image] };
    await records.plans.keep(releaseId, 'gate-image scan', gate);
    await expect(act(engine().planRelease, { releaseId })).rejects.toMatchObject({
      details: { code: 'SLIP-REL-3', detail: expect.stringContaining('was judged by another') },
    });
  });

  it('is not replaced by the run that has begun to carry it out: it says what was left where', async () => {
    const of = lane();
    const { tests: _none, ...rest } = aSpec(of);
    const spec = { ...rest, migrations: [], scan: { ...rest.scan, images: false, secrets: false } };
    const { act, releaseId, ...release } = await aScheduledRelease({ lane: of, spec, artifacts: [built] });
    await release.put('deploy');
    await expect(act(engine().planRelease, { releaseId })).rejects.toMatchObject({
      details: { code: 'SLIP-REL-10', detail: expect.stringContaining('has changed core in de') },
    });
    await release.ends('halted');
    expect(await leftBehindIn(records, release.lane)).toMatchObject([{ image: anImage() }]);
  });
});
