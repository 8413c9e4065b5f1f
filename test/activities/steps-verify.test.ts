import { describe, expect, it } from '@jest/globals';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import type { Kubernetes, WorkloadRef } from '../../activities/kubernetes/port.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import { createVerification } from '../../activities/verification/endpoint-verification.ts';
import { createVerifySteps } from '../../activities/steps/verify-steps.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { HttpEndpoint, PinnedImage } from '../../domain/contract/release.ts';
import type { ContainerObservation } from '../../domain/rollout-observation.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { hashOfPlan } from '../../activities/steps/authorize.ts';
import type { Authority, RegionInput } from '../../activities/steps/types.ts';
import { aPlan, aPlannedComponent, aReleaseId, aVerified } from '../domain/builders.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing, goesBackTo, heldAgainst } from '../support/acting-release.ts';
import { policyAround } from '../support/policy-around.ts';
import { heartbeatOf, quickGraces, useStepsWorld } from '../support/steps-world.ts';

const world = useStepsWorld();

/** A release whose image was set by somebody's hand, as nothing here depends on who did it; its one endpoint is answered by any ready pod. */
async function aRelease(
  image: PinnedImage,
  { timeoutMs = 300_000, newPage = false, newcomer = false, endpoints = true } = {},
) {
  const { kubectl, namespace, region } = world.region;
  const { deployment, plan } = await world.aDeployed(image);
  const endpoint: HttpEndpoint = {
    kind: 'http',
    name: 'front page',
    url: `${region.serve}/${namespace}/${deployment}/`,
    status: 200,
    successes: 1,
    timeoutMs: 2_000,
  };
  const onlyNew = { ...endpoint, name: 'new page', url: `${region.serve}/${namespace}/not-yet/` };
  const asked = [...(endpoints ? [endpoint] : []), ...(newPage ? [onlyNew] : [])];
  const regions = [world.regionNamed('de', { endpoints: asked })];
  const components = [...plan.components!, ...(newcomer ? [aPlannedComponent('worker')] : [])];
  const release = await aReleaseThatMayAct(world.records, {
    plan: { ...plan, components, regions, rollout: { timeoutMs, patience: quickGraces } },
  });
  await kubectl(['set', 'image', `deployment/${deployment}`, `api=${image}`, '-n', namespace]);
  return { ...release, deployment, endpoint, input: lookAt(release.authority) };
}

const lookAt = (authority: Authority): RegionInput => ({ authority, region: 'de', images: {}, purpose: 'deploy' });
const verifyRegion = () => steps().verifyRegion;

function steps(
  { kubernetes }: { kubernetes: Pick<Kubernetes, 'observe'> } = world,
  floor: Partial<EnvironmentFloor> = {},
) {
  const { environment } = world;
  const deliveries = [
    createDeploymentImage({
      kubernetes: { ...world.kubernetes, ...kubernetes },
      registry: createRegistry(),
      now: Date.now,
    }),
  ];
  const verification = createVerification();
  return createVerifySteps({ ...authorizing(environment, floor), deliveries, verification, now: Date.now });
}

describe('verifyRegion', () => {
  it('fails while the old pods serve and answer, and the new ones crash again and again', async () => {
    const { act, input, deployment } = await aRelease(world.region.images.crashing);
    const error = await act(verifyRegion(), input).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      details: { code: 'SLIP-VER-1', detail: expect.stringContaining(`de: core digest: ${deployment}: `) },
    });
    // The endpoint is content: it alone would have let this pass.
    expect(error).not.toMatchObject({ details: { detail: expect.stringContaining('front page') } });
  });

  it('fails when somebody has set another image, and blames no release for it', async () => {
    const { act, input, deployment } = await aRelease(world.region.images.better);
    const { kubectl, namespace, images } = world.region;
    await kubectl(['set', 'image', `deployment/${deployment}`, `api=${images.good}`, '-n', namespace]);
    await expect(act(verifyRegion(), input)).rejects.toMatchObject({
      details: {
        code: 'SLIP-K8S-16',
        blame: 'world',
        detail: expect.stringMatching(/somebody else has set other images: .* \(written by kubectl/),
      },
    });
  });

  it('passes when every pod runs the image', async () => {
    const { act, input, deployment } = await aRelease(world.region.images.better);
    const { kubectl, namespace } = world.region;
    await kubectl(['rollout', 'status', `deployment/${deployment}`, '-n', namespace, '--timeout=300s']);
    expect(await act(verifyRegion(), input)).toEqual([
      { name: 'de: core digest', verdict: 'pass', summary: 'every pod runs 222222222222' },
      { name: 'de: front page', verdict: 'pass', summary: expect.stringContaining('answered 200') },
    ]);
  });

  it.each<[string, string[]]>([
    ['names nothing', []],
    ['names only domains', ['*.example.com']],
  ])('asks nothing that the policy of this machine does not let anybody ask: it %s', async (_what, endpointHosts) => {
    const { act, input, plan } = await aRelease(world.region.images.good);
    const { clusters, services } = policyAround(plan);
    const floor = { clusters, services: { [plan.service]: { ...services[plan.service]!, endpointHosts } } };
    await expect(act(steps(world, floor).verifyRegion, input)).rejects.toMatchObject({
      details: { code: 'SLIP-REL-1', blame: 'operator', detail: expect.stringContaining('front page') },
    });
  });

  it('waits for pods that are merely slow', async () => {
    const { image, finishPulling } = world.region.aSlowImage();
    const { anActivity, input } = await aRelease(image);
    const activity = anActivity();
    const waits = heartbeatOf(activity);
    const verified: Promise<Check[]> = activity.run(verifyRegion(), input);
    expect(await waits).toMatchObject({
      doing: expect.stringMatching(/pods are of the new version \([0-9a-f]{12}\)|has not seen the change yet/),
    });
    finishPulling();
    expect((await verified).map((check) => check.verdict)).toEqual(['pass', 'pass']);
  });

  it('cannot say when they are slower than a rollout may be', async () => {
    const { act, input } = await aRelease(world.region.aSlowImage().image, { timeoutMs: 600 });
    await expect(act(verifyRegion(), input)).rejects.toMatchObject({ details: { code: 'SLIP-VER-3' } });
  });

  it('is refused to a rollback that was ordered for other regions', async () => {
    const { images } = world.region;
    const { input, ...release } = await aRelease(images.good);
    const rollback = await aRollbackOf(release, { records: world.records, regions: ['nl'] });
    const asked = rollback.act(verifyRegion(), {
      ...input,
      authority: rollback.authority,
      purpose: 'roll-back',
    });
    await expect(asked).rejects.toMatchObject({
      details: { code: 'SLIP-REL-1', detail: `${rollback.authority.releaseId} may not roll-back` },
    });
  });
});

describe('verifyRegion, in a region that goes back', () => {
  /**
   * A release whose front page answers, and whose new page only its own code would answer; `core` is back on the good image, which an earlier
   * release was verified with. `earlier`: the plan of that one.
   */
  async function aRegionThatIsBack(earlier: 'on record' | 'gone') {
    const { images, kubectl, namespace } = world.region;
    const release = await aRelease(images.better, { newPage: true });
    const { deployment, endpoint, lane, plan, act } = release;
    const before = aPlan({ ...lane, regions: [world.regionNamed('de', { endpoints: [endpoint] })] });
    const planHash = hashOfPlan(before);
    if (earlier === 'on record') await world.records.plans.store(planHash, before);
    const row = aVerified({ ...lane, image: images.good, planHash });
    // Its own row, by the same image, has no say: it is the one that is undone.
    const own = { ...row, releaseId: release.authority.releaseId, planHash: hashOfPlan(plan), verifiedAt: 900 };
    await world.records.inventory.record([row, own]);
    // Rows of the past: the plan was held against them.
    await heldAgainst(world.records, lane, release.authority);
    await goesBackTo(release, { records: world.records, image: images.good });
    await kubectl(['set', 'image', `deployment/${deployment}`, `api=${images.good}`, '-n', namespace]);
    await kubectl(['rollout', 'status', `deployment/${deployment}`, '-n', namespace, '--timeout=300s']);
    const back = { ...release.input, images: { core: images.good }, purpose: 'roll-back' as const };
    return { ...release, verify: () => act(verifyRegion(), back) };
  }
  const digest = {
    name: 'de, put back: core digest',
    verdict: 'pass',
    summary: expect.stringMatching('every pod runs'),
  };
  const frontPage = expect.objectContaining({ name: 'de, put back: front page', verdict: 'pass' });

  it('asks what the release was asked that it goes back to, and not what only the bad one would answer', async () => {
    const { verify } = await aRegionThatIsBack('on record');
    expect(await verify()).toEqual([digest, frontPage]);
  });

  it('goes by the digests alone, and says so, when the plan of that release is not on record any more', async () => {
    const { verify } = await aRegionThatIsBack('gone');
    expect(await verify()).toEqual([
      digest,
      {
        name: 'de, put back: endpoints',
        verdict: 'pass',
        summary: 'none is asked: the plan of a release that is back is not on record any more',
      },
    ]);
  });

  it('is not back where no Deployment of it exists, which speaks against no release', async () => {
    const { verify, deployment } = await aRegionThatIsBack('gone');
    await world.region.kubectl(['delete', 'deployment', deployment, '-n', world.region.namespace]);
    await expect(verify()).rejects.toMatchObject({
      details: { code: 'SLIP-VER-3', detail: expect.stringContaining('none of them exists') },
    });
  });

  it('does not ask whether a component is back that nothing is there to go back to', async () => {
    const { images } = world.region;
    const { input, ...release } = await aRelease(images.good, { newcomer: true });
    const { lane } = release;
    const plan = aPlan({ ...lane, regions: [world.regionNamed('de')] });
    await world.records.plans.store(hashOfPlan(plan), plan);
    await world.records.inventory.record([
      aVerified({ ...lane, image: images.good, planHash: hashOfPlan(plan), releaseId: aReleaseId(2) }),
    ]);
    await heldAgainst(world.records, lane, release.authority);
    await goesBackTo(release, { records: world.records, image: images.good });
    const back = { ...input, images: { core: images.good }, purpose: 'roll-back' as const };
    expect(await release.act(verifyRegion(), back)).toEqual([digest]);
  });
});

describe('verifyRegion, where a component is scaled to zero', () => {
  it('passes, and names it as one that was not seen running', async () => {
    const { act, input, deployment } = await aRelease(world.region.images.crashing, { endpoints: false });
    await world.region.kubectl(['scale', `deployment/${deployment}`, '-n', world.region.namespace, '--replicas=0']);
    expect(await act(verifyRegion(), input)).toEqual([
      {
        name: 'de: core digest',
        verdict: 'pass',
        summary: expect.stringContaining('nothing runs to prove it'),
        unseen: 'core',
      },
    ]);
  });
});

describe('observeRegion', () => {
  const everyMs = 300;
  /** The good image runs, complete. */
  async function aCalmRelease() {
    const release = await aRelease(world.region.images.good);
    return { ...release, observe: (until: number) => ({ ...release.input, everyMs, until }) };
  }
  const setImage = async (deployment: string, image: PinnedImage) => {
    const { kubectl, namespace } = world.region;
    await kubectl(['set', 'image', `deployment/${deployment}`, `api=${image}`, '-n', namespace]);
  };

  it('looks again until its time is over, and once more then', async () => {
    const { act, observe } = await aCalmRelease();
    const until = Date.now() + 1_500;
    const checks = await act(steps().observeRegion, observe(until));
    expect(Date.now()).toBeGreaterThanOrEqual(until);
    expect(checks.map((check) => check.verdict)).toEqual(['pass', 'pass']);
  });

  it('looks once when its time is over already: a repetition after a lost worker proves what it says', async () => {
    const { act, observe, deployment } = await aCalmRelease();
    expect(await act(steps().observeRegion, observe(Date.now() - 1_000))).toHaveLength(2);
    await setImage(deployment, world.region.images.better);
    await expect(act(steps().observeRegion, observe(Date.now() - 1_000))).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-16', detail: expect.stringContaining('at the first look') },
    });
  });

  it('ends at the first look that is wrong, long before its time, and says that it was good before', async () => {
    const { anActivity, observe, deployment } = await aCalmRelease();
    const activity = anActivity();
    const looked = heartbeatOf(activity, /is good/);
    const until = Date.now() + 3_600_000;
    const observed = activity.run(steps().observeRegion, observe(until));
    const failed = expect(observed).rejects.toMatchObject({
      details: {
        code: 'SLIP-K8S-16',
        detail: expect.stringMatching(/somebody else has set other images.*last good at 20.*looks? before/),
      },
    });
    await looked;
    await setImage(deployment, world.region.images.better);
    await failed;
    expect(Date.now()).toBeLessThan(until);
  });

  it('goes on while one look cannot tell, and cannot say at the end when the last one cannot either', async () => {
    const { image } = world.region.aSlowImage();
    const { act, input } = await aRelease(image, { timeoutMs: 600 });
    const observed = act(steps().observeRegion, { ...input, everyMs, until: Date.now() + 1_500 });
    await expect(observed).rejects.toMatchObject({
      details: { code: 'SLIP-VER-3', detail: expect.stringMatching(/never good in \d+ looks? before/) },
    });
  });

  it('is content when what could not be told is good at the end', async () => {
    const { image, finishPulling } = world.region.aSlowImage();
    const { anActivity, input } = await aRelease(image);
    const activity = anActivity();
    const waits = heartbeatOf(activity);
    const observed: Promise<Check[]> = activity.run(steps().observeRegion, {
      ...input,
      everyMs,
      until: Date.now() + 1_500,
    });
    await waits;
    finishPulling();
    expect((await observed).map((check) => check.verdict)).toEqual(['pass', 'pass']);
  });

  it('compares with what it saw before its worker was lost: a container that was killed in between', async () => {
    const { anActivity, observe, deployment } = await aCalmRelease();
    let restarts = 3;
    const killed = async (workload: WorkloadRef) => {
      const seen = await world.kubernetes.observe(workload);
      for (const pod of seen.newPods) {
        pod.createdAt = seen.at - 3_600_000;
        pod.containers = pod.containers.map((one) => upAgain(one, { restarts, at: seen.at }));
      }
      return seen;
    };
    const { observeRegion } = steps({ kubernetes: { observe: killed } });
    const activity = anActivity();
    // On a busy machine the first look may not be the one that can tell.
    const looked = heartbeatOf(activity, /^de is good, \d+ looks$/);
    const lost = activity
      .run(observeRegion, observe(Date.now() + 3_600_000))
      .catch((error: unknown) => (String(error).includes('CANCELLED') ? 'lost' : error));
    // Where it ends by itself, that is what is told.
    const heartbeatDetails = await Promise.race([looked, lost]);
    activity.cancel();
    expect(heartbeatDetails).toMatchObject({ doing: expect.stringContaining('is good') });
    expect(await lost).toBe('lost');

    restarts = 9;
    const resumed = anActivity({ heartbeatDetails }).run(observeRegion, observe(Date.now() - 1_000));
    await expect(resumed).rejects.toMatchObject({
      details: {
        code: 'SLIP-VER-1',
        detail: expect.stringMatching(
          new RegExp(`${deployment}: .*OOMKilled .*ended 6 times within \\d+ min.*last good at .*\\d+ looks? before`),
        ),
      },
    });
  });
});

function upAgain(container: ContainerObservation, { restarts, at }: { restarts: number; at: number }) {
  const last = { reason: 'OOMKilled', message: '', exitCode: 137 };
  return { ...container, restarts, last, startedAt: at - 120_000 };
}
