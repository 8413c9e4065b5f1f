import { afterEach, describe, expect, it } from '@jest/globals';
import { ActivityCancellationDetails } from '@temporalio/common';
import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { createSmokeJobs } from '../../activities/smoke/job-smoke.ts';
import { regionProofs } from '../../activities/steps/region-proofs.ts';
import type { RegionInput } from '../../activities/steps/types.ts';
import { createVerifySteps } from '../../activities/steps/verify-steps.ts';
import { laneId } from '../../domain/contract/names.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { RegionSpec, SmokeSpec } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import type { JobResult, SandboxJob } from '../../lab/sandbox/region.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing, goesBackTo, hasChanged } from '../support/acting-release.ts';
import { policyAround } from '../support/policy-around.ts';
import { quickGraces, useStepsWorld } from '../support/steps-world.ts';

/** Programs of smoke tests, by the first word of their command. */
async function runJob({ command, signal }: SandboxJob): Promise<JobResult> {
  switch (command[0]) {
    case 'passes':
      return { exitCode: 0, log: 'all is well\n' };
    case 'fails':
      return { exitCode: 1, log: 'asking\nno answer from the checkout\n' };
    default:
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve({ exitCode: 143, log: '' })));
  }
}

const world = useStepsWorld({ runJob });
const faults = () => world.region.region.faults;
afterEach(() => faults().clear());

/** Each has a name of its own, by which its Jobs are known. */
function aTest(does: 'passes' | 'fails' | 'lasts', over: Partial<SmokeSpec> = {}): SmokeSpec {
  return {
    name: `t-${randomUUID().slice(0, 8)}`,
    component: 'core',
    command: [does],
    env: {},
    timeoutMs: 300_000,
    ...over,
  };
}

/** A release that stands in its region. */
const aRelease = (...smoke: SmokeSpec[]) => aReleaseIn({ smoke });

async function aReleaseIn(region: Partial<RegionSpec>) {
  const { images } = world.region;
  const { deployment, plan } = await world.aDeployed(images.good);
  const rollout = { timeoutMs: 300_000, patience: quickGraces };
  const regions = [world.regionNamed('de', region)];
  const release = await aReleaseThatMayAct(world.records, { plan: { ...plan, regions, rollout } });
  const input: RegionInput = { authority: release.authority, region: 'de', images: {}, purpose: 'deploy' };
  const isProven = () =>
    regionProofs(world.records)
      .require(release.authority, release.plan, ['de'])
      .then(() => true)
      .catch(() => false);
  return { ...release, input, deployment, isProven, verify: () => release.act(steps().verifyRegion, input) };
}

function steps(floor: Partial<EnvironmentFloor> = {}) {
  const { kubernetes, environment, region } = world;
  return createVerifySteps({
    ...authorizing(environment, floor),
    deliveries: [createDeploymentImage({ kubernetes, registry: createRegistry(), now: Date.now })],
    verification: { check: () => Promise.resolve({ name: 'asked', verdict: 'pass', summary: 'it answers' }) },
    smoke: createSmokeJobs({ clusters: region.clusters }),
    now: Date.now,
  });
}

const written = ({ name }: SmokeSpec, verb: string) =>
  world.region.region.effects().filter((one) => one.kind === 'Job' && one.verb === verb && one.name.includes(name));
const made = (test: SmokeSpec) => written(test, 'create');
const removed = (test: SmokeSpec) => written(test, 'delete').length > 0;
const digest = expect.objectContaining({ name: 'de: core digest', verdict: 'pass' }) as unknown as Check;
const passed = ({ name }: SmokeSpec): Check => ({
  name: `de: smoke test ${name}`,
  verdict: 'pass',
  summary: 'ended with exit code 0',
});

describe('the smoke tests of a region', () => {
  it('run with the digest that was approved, and the region is verified when all have passed', async () => {
    const tests = [aTest('passes'), aTest('passes')];
    const { verify, isProven } = await aRelease(...tests);
    expect(await verify()).toEqual([digest, ...tests.map(passed)]);
    expect(tests.map((test) => made(test).map(({ image }) => image))).toEqual([
      [world.region.images.good],
      [world.region.images.good],
    ]);
    expect(await isProven()).toBe(true);
  });

  it('fail it as the release itself, with the last words of the program and the Job that keeps them', async () => {
    const [good, bad] = [aTest('passes'), aTest('fails')];
    const { verify, isProven } = await aRelease(good, bad);
    const problem = await verify().catch((error: unknown) => error);
    const [job] = made(bad);
    const detail = `de: smoke test ${bad.name}: Job shop/${job?.name}: exit code 1: asking / no answer from the checkout`;
    expect(problem).toMatchObject({ details: { code: 'SLIP-SMK-1', blame: 'release', kind: 'terminal', detail } });
    expect(removed(bad)).toBe(false);
    expect(await isProven()).toBe(false);
  });

  it('run once: whoever runs the step again finds their Jobs, also where the answer was lost', async () => {
    const test = aTest('passes');
    const { verify } = await aRelease(test);
    faults().loseNextReply({ kind: 'Job', verb: 'create' });
    await expect(verify()).rejects.toMatchObject({ details: { kind: 'retryable' } });
    expect(await verify()).toEqual([digest, passed(test)]);
    expect(made(test)).toHaveLength(1);
  });

  it('are known to have failed by whoever runs the step again, whatever has become of the Job', async () => {
    const test = aTest('fails');
    const { verify, ...release } = await aRelease(test);
    const first = await verify().catch((error: unknown) => error);
    await world.region.kubectl(['delete', 'job', made(test)[0]!.name, '-n', world.region.namespace]);
    const { details } = first as Failure;
    expect(details.code).toBe('SLIP-SMK-1');
    await expect(verify()).rejects.toMatchObject({ details });
    expect(made(test)).toHaveLength(1);
    await hasChanged(release, world.records);
    await expect(verify()).rejects.toMatchObject({ details: { code: 'SLIP-SMK-1' } });
    expect(made(test)).toHaveLength(2);
  });

  it('are asked again where what is on record of them cannot be read', async () => {
    const test = aTest('passes');
    const { verify, authority } = await aRelease(test);
    await world.records.plans.keep(authority.releaseId, `seen-de/${test.name}`, { ...authority, said: 'well' });
    expect(await verify()).toEqual([digest, passed(test)]);
    expect(made(test)).toHaveLength(1);
  });

  it('are not run again where another of the region has failed, whatever has become of the Job that passed', async () => {
    const [good, bad] = [aTest('passes'), aTest('fails')];
    const { verify, isProven, ...release } = await aRelease(good, bad);
    await expect(verify()).rejects.toMatchObject({ details: { code: 'SLIP-SMK-1' } });
    await world.region.kubectl(['delete', 'job', made(good)[0]!.name, '-n', world.region.namespace]);
    await expect(verify()).rejects.toMatchObject({ details: { code: 'SLIP-SMK-1' } });
    expect([made(good).length, await isProven()]).toEqual([1, false]);
    await hasChanged(release, world.records);
    await expect(verify()).rejects.toMatchObject({ details: { code: 'SLIP-SMK-1' } });
    expect(made(good)).toHaveLength(2);
  });

  it('are not run again by later looks, which say what they have said, whatever has become of their Jobs, nor while the region bakes', async () => {
    const test = aTest('passes');
    const { act, verify, input, isProven } = await aRelease(test);
    await verify();
    await world.region.kubectl(['delete', 'job', made(test)[0]!.name, '-n', world.region.namespace]);
    expect(await verify()).toEqual([digest, passed(test)]);
    expect(await act(steps().observeRegion, { ...input, everyMs: 300, until: Date.now() - 1 })).toEqual([digest]);
    expect(made(test)).toHaveLength(1);
    expect(await isProven()).toBe(true);
  });

  it('are told apart from an endpoint of the same name', async () => {
    const test = aTest('passes', { name: 'checkout' });
    const endpoint = {
      kind: 'tcp',
      host: 'shop.test',
      port: 443,
      name: 'checkout',
      successes: 1,
      timeoutMs: 1,
    } as const;
    const { verify } = await aReleaseIn({ smoke: [test], endpoints: [endpoint] });
    const names = (await verify()).map(({ name }) => name);
    expect(names).toEqual(['de: core digest', 'de: checkout', 'de: smoke test checkout']);
  });

  it('are run again where something was put there since', async () => {
    const test = aTest('passes');
    const { verify, isProven, ...release } = await aRelease(test);
    await verify();
    await hasChanged(release, world.records);
    expect(await isProven()).toBe(false);
    expect(await verify()).toEqual([digest, passed(test)]);
    expect(new Set(made(test).map(({ name }) => name)).size).toBe(2);
  });

  it('are wanted before the region counts as verified: a bake alone, without them, proves nothing, and keeps nothing', async () => {
    const test = aTest('passes');
    const { act, input, authority, plan, verify, isProven, lane } = await aRelease(test);
    await act(steps().observeRegion, { ...input, everyMs: 300, until: Date.now() - 1 });
    expect([made(test).length, await isProven()]).toEqual([0, false]);
    expect(await world.records.plans.kept(laneId(lane), 'seen-de')).toBeUndefined();
    await expect(regionProofs(world.records).require(authority, plan, ['de'])).rejects.toMatchObject({
      details: { code: 'SLIP-REL-12', detail: `de (its smoke tests must have passed there: ${test.name})` },
    });
    await verify();
    expect(await isProven()).toBe(true);
  });

  it('do not begin while a component does not stand', async () => {
    const test = aTest('passes');
    const { verify, deployment } = await aRelease(test);
    const { kubectl, namespace, images } = world.region;
    await kubectl(['set', 'image', `deployment/${deployment}`, `api=${images.better}`, '-n', namespace]);
    await expect(verify()).rejects.toMatchObject({ details: { code: 'SLIP-K8S-16' } });
    expect(made(test)).toEqual([]);
  });
});

describe('a smoke test that cannot be tried', () => {
  const untold = (why: RegExp) => ({
    details: { code: 'SLIP-VER-3', inconclusive: true, blame: 'world', detail: expect.stringMatching(why) as unknown },
  });

  it('tells nothing of the release where no Job may be made, in the words of the cluster', async () => {
    const test = aTest('passes');
    const { verify } = await aRelease(test);
    faults().forbid({ verb: 'create', kind: 'Job' });
    await expect(verify()).rejects.toMatchObject(untold(/its Job could not be made: our rights .*create Job/));
    faults().clear();
    expect(await verify()).toEqual([digest, passed(test)]);
  });

  it('tells nothing of the release where its Job was taken away', async () => {
    const test = aTest('lasts');
    const { anActivity, input } = await aRelease(test);
    const activity = anActivity();
    const looking = activity.run(steps().verifyRegion, input);
    const ended = expect(looking).rejects.toMatchObject(untold(/was taken away by somebody$/));
    await untilSeen(activity, test);
    await world.region.kubectl(['delete', 'job', made(test)[0]!.name, '-n', world.region.namespace]);
    await ended;
  });
});

describe('a smoke test whose step is ended', () => {
  it('is removed when the run was stopped', async () => {
    const test = aTest('lasts');
    const { anActivity, input } = await aRelease(test);
    const activity = anActivity();
    const looking = activity.run(steps().verifyRegion, input).catch((error: unknown) => error);
    await untilSeen(activity, test);
    activity.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
    expect(await looking).toBeInstanceOf(Error);
    expect(removed(test)).toBe(true);
  });

  it('goes on when its worker stops, and is adopted by the next', async () => {
    const test = aTest('lasts');
    const { anActivity, input } = await aRelease(test);
    const activity = anActivity();
    const looking = activity.run(steps().verifyRegion, input).catch((error: unknown) => error);
    await untilSeen(activity, test);
    activity.cancel('WORKER_SHUTDOWN', new ActivityCancellationDetails({ workerShutdown: true }));
    expect(await looking).toBeInstanceOf(Error);
    expect(removed(test)).toBe(false);

    const next = anActivity();
    const again = next.run(steps().verifyRegion, input).catch((error: unknown) => error);
    await untilSeen(next, test);
    expect(made(test)).toHaveLength(1);
    next.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
    await again;
  });
});

/** Waits until the step has seen its Job. */
function untilSeen(activity: Pick<EventEmitter, 'on'>, { name }: SmokeSpec): Promise<void> {
  return new Promise((seen) => activity.on('heartbeat', (said) => JSON.stringify(said).includes(name) && seen()));
}

describe('who may run smoke tests', () => {
  it('is asked of the policy on the disk of the worker: without its word none is made', async () => {
    const test = aTest('passes');
    const { act, input, plan } = await aRelease(test);
    const { clusters, services } = policyAround(plan);
    const floor = { clusters, services: { [plan.service]: { ...services[plan.service]!, smoke: false } } };
    await expect(act(steps(floor).verifyRegion, input)).rejects.toMatchObject({
      details: { code: 'SLIP-REL-1', detail: expect.stringContaining(`de is tested by the Job ${test.name}`) },
    });
    expect(made(test)).toEqual([]);
  });

  it('is no run but the one whose plan was approved', async () => {
    const test = aTest('passes');
    const { anActivity, input } = await aRelease(test);
    const forged = { ...input, authority: { ...input.authority, planHash: 'a'.repeat(64) } };
    await expect(anActivity().run(steps().verifyRegion, forged)).rejects.toMatchObject({
      details: { code: expect.stringMatching(/^SLIP-REL-/) },
    });
    expect(made(test)).toEqual([]);
  });
});

it('a region that goes back is not tested, and says so', async () => {
  const test = aTest('fails');
  const { images } = world.region;
  const { input, ...release } = await aRelease(test);
  const rollback = await aRollbackOf(release, { records: world.records, regions: ['de'] });
  await goesBackTo(rollback, { records: world.records, image: images.good, undoing: release });
  const back = {
    ...input,
    authority: rollback.authority,
    images: { core: images.good },
    purpose: 'roll-back' as const,
  };
  expect(await rollback.act(steps().verifyRegion, back)).toContainEqual({
    name: 'de, put back: smoke tests',
    verdict: 'pass',
    summary: 'not run on the way back',
  });
  expect(made(test)).toEqual([]);
});
