import { describe, expect, it } from '@jest/globals';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import type { ComponentInput, RegionInput } from '../../activities/steps/types.ts';
import { createVerifySteps } from '../../activities/steps/verify-steps.ts';
import { createVerification } from '../../activities/verification/endpoint-verification.ts';
import type { Records } from '../../activities/records/port.ts';
import { aMember, aResult, aVerified } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing, decided, goesBackTo, heldAgainst } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { writeHolder } from '../support/lane-holder.ts';
import { quickGraces, useStepsWorld } from '../support/steps-world.ts';

/**
 * What somebody with everything in Temporal can do with steps that are allowed, each by itself, when they run at the same time. The steps are
 * real, and so are the records; what meets when is left to chance.
 */
const world = useStepsWorld();
const rounds = Array.from({ length: 4 }, (_, n) => n);
/** Also where all processes have one login, which no row policy binds. */
const installations = ['separate logins', 'one login'] as const;

/** A release that has the lane, with what the engine has chosen to go back to: `good` runs, and the plan has `better`. */
async function aRun(installation: (typeof installations)[number], meanwhile?: (run: ActingRun) => Promise<void>) {
  const isOne = installation === 'one login';
  const [environment, ofEngine] = isOne ? [world.records, world.records] : [world.environment, world.engine];
  const { images, clusterRef, namespace } = world.region;
  const { deployment, plan } = await world.aDeployed(images.better);
  const rollout = { timeoutMs: 300_000, patience: quickGraces };
  const run = await aReleaseThatMayAct(world.records, { plan: { ...plan, rollout } });
  const { authority, act, lane } = run;
  await world.records.inventory.record([aVerified({ ...lane, image: images.good })]);
  await heldAgainst(world.records, lane, authority);
  const registry = createRegistry();
  const deliveries = [createDeploymentImage({ kubernetes: world.kubernetes, registry, now: Date.now })];
  const begin: Records['changes']['begin'] = async (change, touched) => {
    await meanwhile?.(run);
    return environment.changes.begin(change, touched);
  };
  const records = { ...environment, changes: { ...environment.changes, begin } };
  const there = { ...authorizing(records), deliveries, registry, verification: createVerification() };
  const inRegion = createRegionSteps({ ...there, now: Date.now });
  const looks = createVerifySteps({ ...there, now: Date.now });
  const { verifier, floorOf } = authorizing(ofEngine);
  const engine = createEngineSteps({
    records: ofEngine,
    pipeline: { floorOf },
    verifier,
    notifierFor: () => ({ notify: () => Promise.resolve() }),
    now: () => 9_000,
  } as unknown as EngineDependencies);
  const component = (purpose: ComponentInput['purpose'], image: string): ComponentInput => ({
    ...{ authority, region: 'de', component: 'core' },
    image,
    purpose,
  });
  const region = (purpose: RegionInput['purpose'], image: string): RegionInput => ({
    ...{ authority, region: 'de' },
    images: { core: image },
    purpose,
  });
  return {
    choose: () => goesBackTo(run, { records: world.records, image: images.good }),
    deploy: () => act(inRegion.applyComponent, component('deploy', images.better)),
    putBack: () => act(inRegion.applyComponent, component('roll-back', images.good)),
    look: () => act(looks.verifyRegion, region('deploy', images.better)),
    lookBack: () => act(looks.verifyRegion, region('roll-back', images.good)),
    record: () => act(engine.recordVerified, { authority, regions: ['de'] }),
    end: async (outcome: string) =>
      (await act(engine.recordEnd, { releaseId: authority.releaseId, result: aResult(outcome), notify: [] })).outcome,
    changed: async () => (await world.records.touched.find(authority.releaseId))?.what ?? [],
    verified: () => world.records.inventory.of(authority.releaseId),
    running: async () => (await world.kubernetes.read({ cluster: clusterRef, namespace, deployment }))?.images['api'],
  };
}

/** So much of what runs at the same time comes first. */
async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe.each(installations)('what is on its way, with %s', (installation) => {
  it.each(rounds)('is not recorded as verified while the old one is put back (%d)', async () => {
    const { choose, deploy, putBack, look, record, end, verified, running } = await aRun(installation);
    await choose();
    await deploy();
    await look();
    await Promise.allSettled([putBack(), look(), look(), look()]);
    await record().catch(() => undefined);
    const outcome = await end('verified');
    expect(await running()).toBe(world.region.images.good);
    expect(outcome).toBe('halted');
    expect(await verified()).toEqual([]);
  });

  it.each(rounds)('is not recorded as back while the new one lands (%d)', async () => {
    const { choose, deploy, lookBack, end, running } = await aRun(installation);
    await choose();
    await Promise.allSettled([deploy(), lookBack(), lookBack(), lookBack()]);
    expect(await end('rolled-back')).toBe('halted');
    expect(await running()).toBe(world.region.images.better);
  });

  it.each(rounds)('is not ended as if nothing had been changed (%d)', async (n) => {
    const { deploy, end, changed, running } = await aRun(installation);
    const deployed = deploy().then(
      () => true,
      () => false,
    );
    await turns(n * 4);
    const outcome = await end('failed');
    const isThere = await deployed;
    const { images } = world.region;
    expect(await running()).toBe(isThere ? images.better : images.good);
    expect(outcome).toBe(isThere ? 'halted' : 'failed');
    expect(await changed()).toEqual(isThere ? ['core in de'] : []);
  });

  it.each<[string, (run: ActingRun) => Promise<void>]>([
    ['a person has said no', (run) => decided(run, { records: world.records, kind: 'abort' })],
    [
      'the lane was given to another run',
      ({ lane }) =>
        writeHolder(world.records, lane, {
          member: aMember('release/another'),
          ticket: { incarnation: 1, n: 9 },
          since: 1,
        }),
    ],
  ])('does not begin where meanwhile %s, although it was let in', async (_what, meanwhile) => {
    const { deploy, changed, running } = await aRun(installation, meanwhile);
    // The step asks once more, and is told.
    await expect(deploy()).rejects.toMatchObject({ details: { code: 'SLIP-REL-14', kind: 'retryable' } });
    await expect(deploy()).rejects.toMatchObject({ details: { kind: 'terminal' } });
    expect(await changed()).toEqual([]);
    expect(await running()).toBe(world.region.images.good);
  });

  it('is nothing that a run could begin that has ended', async () => {
    const { choose, deploy, putBack, end, running } = await aRun(installation);
    await choose();
    await end('halted');
    for (const late of [deploy, putBack])
      await expect(late()).rejects.toMatchObject({ details: { code: 'SLIP-REL-10' } });
    expect(await running()).toBe(world.region.images.good);
  });
});
