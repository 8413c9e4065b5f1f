import { describe, expect, it } from '@jest/globals';
import { createDeploymentImage } from '../../activities/delivery/deployment-image.ts';
import { createRegistry } from '../../activities/images/registry.ts';
import type { AppliedPart } from '../../activities/delivery/port.ts';
import type { AppliedChange } from '../../activities/kubernetes/port.ts';
import { artifactMade } from '../../activities/shared/artifact-made.ts';
import { hashOfPlan } from '../../activities/steps/authorize.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import type { ComponentInput } from '../../activities/steps/types.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { PinnedImage, ReleasePlan } from '../../domain/contract/release.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { aCommit, aPlan, aReleaseId, aVerified } from '../domain/builders.ts';
import {
  aReleaseThatMayAct,
  aRollbackOf,
  aRollbackOfBroken,
  authorizing,
  goesBackTo,
  heldAgainst,
} from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { heartbeatOf, quickGraces, useStepsWorld } from '../support/steps-world.ts';
import { until } from '../support/world-until.ts';

const world = useStepsWorld();
const patience = 300_000;

/** A release that puts this image where the good one runs. */
async function aRelease(image: PinnedImage) {
  const { deployment, plan } = await world.aDeployed(image);
  const rollout = { timeoutMs: patience, patience: quickGraces };
  const release = await aReleaseThatMayAct(world.records, { plan: { ...plan, rollout } });
  return { ...release, deployment, deploy: inputOf(release, { image }) };
}

function inputOf({ authority }: ActingRun, changes: Partial<ComponentInput> = {}): ComponentInput {
  return { authority, region: 'de', component: 'core', image: '', purpose: 'deploy', ...changes };
}

function steps(floor: Partial<EnvironmentFloor> = {}, environment = world.environment) {
  const { kubernetes } = world;
  const registry = createRegistry();
  const deliveries = [createDeploymentImage({ kubernetes, registry, now: Date.now })];
  return createRegionSteps({ ...authorizing(environment, floor), deliveries, registry, now: () => 3_000 });
}

const verifiedBefore = ({ lane }: ActingRun, region: string) =>
  world.records.inventory.record([aVerified({ ...lane, region, image: world.region.images.good })]);

/** It was verified before in that region, and the engine has chosen to go back to it. */
async function mayGoBack(run: ActingRun, { undoing = run, region = 'de' } = {}): Promise<void> {
  await verifiedBefore(run, region);
  // It is of the past: the plan was held against it.
  await heldAgainst(world.records, run.lane, run.authority);
  await goesBackTo(run, { records: world.records, image: world.region.images.good, region, undoing });
}

const loseTheReply = () => world.region.region.faults.loseNextReply({ kind: 'Deployment', verb: 'apply' });

async function runningOf(deployment: string): Promise<unknown> {
  const { clusterRef, namespace } = world.region;
  return (await world.kubernetes.read({ cluster: clusterRef, namespace, deployment }))?.images['api'];
}

describe('a component whose write happened, but whose reply was lost', () => {
  it('is not in place when it crashes, and the watch says so in the words of its pod', async () => {
    const { act, deploy, deployment } = await aRelease(world.region.images.crashing);
    loseTheReply();
    await expect(act(steps().applyComponent, deploy)).rejects.toMatchObject({ details: { kind: 'retryable' } });

    const applied = await act(steps().applyComponent, deploy);
    expect(applied[deployment]).toMatchObject({ changed: false, inPlace: false });
    const watched = act(steps().watchRollout, { ...deploy, applied, timeoutMs: patience });
    await expect(watched).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-1', detail: expect.stringContaining('no database at postgres://') },
    });
  });

  it('is watched also when it looks well: one look may meet a container in the moment before it crashes', async () => {
    const { act, deploy, deployment } = await aRelease(world.region.images.better);
    loseTheReply();
    await expect(act(steps().applyComponent, deploy)).rejects.toMatchObject({ details: { kind: 'retryable' } });
    const { kubectl, namespace } = world.region;
    await kubectl(['rollout', 'status', `deployment/${deployment}`, '-n', namespace, '--timeout=300s']);

    const applied = await act(steps().applyComponent, deploy);
    expect(applied[deployment]).toMatchObject({ changed: false, inPlace: false });
    const { note } = await act(steps().watchRollout, { ...deploy, applied, timeoutMs: patience });
    expect(note).toMatch(/2 of 2 pods run [0-9a-f]{12}/);
  });

  it('is not in place while it is still coming up, and is watched until it has', async () => {
    const { image, finishPulling } = world.region.aSlowImage();
    const { act, deploy, deployment } = await aRelease(image);
    loseTheReply();
    await expect(act(steps().applyComponent, deploy)).rejects.toMatchObject({ details: { kind: 'retryable' } });

    const applied = await act(steps().applyComponent, deploy);
    expect(applied[deployment]).toMatchObject({ changed: false, inPlace: false });
    finishPulling();
    const { note } = await act(steps().watchRollout, { ...deploy, applied, timeoutMs: patience });
    expect(note).toMatch(/2 of 2 pods run [0-9a-f]{12}/);
  });
});

describe('a change that is watched', () => {
  it('is told as undone by somebody else, with the name of the writer, and not as late', async () => {
    const { image } = world.region.aSlowImage();
    const { act, deploy, deployment } = await aRelease(image);
    const applied = await act(steps().applyComponent, deploy);
    const { kubectl, namespace, images } = world.region;
    await kubectl(['set', 'image', `deployment/${deployment}`, `api=${images.good}`, '-n', namespace]);
    await expect(act(steps().watchRollout, { ...deploy, applied, timeoutMs: patience })).rejects.toMatchObject({
      details: {
        code: 'SLIP-K8S-16',
        blame: 'world',
        detail: expect.stringMatching(/somebody else has put back the images of before: .* \(written by kubectl/),
      },
    });
  });

  it('is told as crashing by a cause in one line, with the log below it', async () => {
    const { act, deploy } = await aRelease(world.region.images.crashing);
    const applied = await act(steps().applyComponent, deploy);
    const error = await act(steps().watchRollout, { ...deploy, applied, timeoutMs: patience }).catch(
      (reason: unknown) => reason,
    );
    const [cause, ...evidence] = (error as Failure).details.detail.split('\n');
    expect(cause).toMatch(/CrashLoopBackOff \(exit code 3\): no database at postgres:\/\/shop:/);
    expect(evidence).toEqual(['starting']);
  });

  it.each(['deploy', 'roll-back'] as const)(
    'that meets a paused Deployment is told at once as its operator’s: %s',
    async (purpose) => {
      const { deploy, deployment, ...release } = await aRelease(world.region.images.better);
      await mayGoBack(release);
      const { kubectl, namespace, images } = world.region;
      await kubectl(['rollout', 'pause', `deployment/${deployment}`, '-n', namespace]);
      const input = purpose === 'deploy' ? deploy : inputOf(release, { image: images.good, purpose });
      await release.act(steps().applyComponent, deploy);
      const applied = await release.act(steps().applyComponent, input);
      await expect(
        release.act(steps().watchRollout, { ...input, applied, timeoutMs: 24 * 3_600_000 }),
      ).rejects.toMatchObject({ details: { code: 'SLIP-K8S-21', blame: 'operator' } });
    },
  );

  it('is done when the Deployment is scaled to zero, and says that nothing proves it', async () => {
    const { act, deploy, deployment } = await aRelease(world.region.images.crashing);
    const { kubectl, namespace } = world.region;
    await kubectl(['scale', `deployment/${deployment}`, '-n', namespace, '--replicas=0']);
    const applied = await act(steps().applyComponent, deploy);
    const { note } = await act(steps().watchRollout, { ...deploy, applied, timeoutMs: patience });
    expect(note).toContain('nothing runs to prove it');
  });
});

describe('a watch that no worker took for longer than a rollout may take', () => {
  const hour = 3_600_000;
  /** What was applied, as if it had been an hour ago. */
  async function longAgo(image: PinnedImage) {
    const release = await aRelease(image);
    const applied = (await release.act(steps().applyComponent, release.deploy)) as Record<
      string,
      AppliedPart & AppliedChange
    >;
    for (const change of Object.values(applied)) change.appliedAt -= hour;
    return { ...release, input: { ...release.deploy, applied } };
  }

  it('looks for as long as any other, and is content when the pods come up', async () => {
    const { image, finishPulling } = world.region.aSlowImage();
    const { anActivity, input } = await longAgo(image);
    const activity = anActivity();
    const waits = heartbeatOf(activity);
    const watched: Promise<{ note: string }> = activity.run(steps().watchRollout, { ...input, timeoutMs: patience });
    expect(await waits).toEqual({
      // The first look may come before the controller's.
      doing: expect.stringMatching(/pods are of the new version \([0-9a-f]{12}\)|has not seen the change yet/),
      lookedMs: expect.any(Number),
    });
    finishPulling();
    expect((await watched).note).toMatch(/2 of 2 pods run [0-9a-f]{12}/);
  });

  it('is told at once what crashes again and again', async () => {
    const { act, input } = await longAgo(world.region.images.crashing);
    await expect(act(steps().watchRollout, { ...input, timeoutMs: 24 * hour })).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-1', detail: expect.stringContaining('CrashLoopBackOff') },
    });
  });

  it('does not begin anew when it has looked for as long as it may, and lost its worker', async () => {
    const { anActivity, input } = await longAgo(world.region.aSlowImage().image);
    const activity = anActivity({ heartbeatDetails: { doing: 'looked', lookedMs: patience } });
    await expect(activity.run(steps().watchRollout, { ...input, timeoutMs: patience })).rejects.toMatchObject({
      details: { code: 'SLIP-K8S-20', detail: expect.stringMatching(/DeadlineExceeded: not done after 36\d\d s/) },
    });
  });
});

describe('a rollback', () => {
  it('is not undone by a late deploy of its own run', async () => {
    const { images } = world.region;
    const { deployment, deploy, ...release } = await aRelease(images.better);
    await mayGoBack(release);
    await release.act(steps().applyComponent, deploy);
    await release.act(steps().applyComponent, inputOf(release, { image: images.good, purpose: 'roll-back' }));

    const late = release.act(steps().applyComponent, deploy);
    await expect(late).rejects.toMatchObject({ details: { code: 'SLIP-K8S-4', kind: 'terminal' } });
    expect(await runningOf(deployment)).toBe(images.good);
  });

  it('acts only in the regions that it was ordered for', async () => {
    const { images } = world.region;
    const { deployment, plan } = await world.aDeployed(images.better);
    const regions = ['de', 'nl'].map((name) => world.regionNamed(name));
    const release = await aReleaseThatMayAct(world.records, { plan: { ...plan, regions } });
    await release.act(steps().applyComponent, inputOf(release, { image: images.better }));
    const rollback = await aRollbackOf(release, { records: world.records, regions: ['de'] });
    for (const region of ['de', 'nl']) await mayGoBack(rollback, { undoing: release, region });
    const back = (region: string) => inputOf(rollback, { region, image: images.good, purpose: 'roll-back' });

    await expect(rollback.act(steps().applyComponent, back('nl'))).rejects.toMatchObject({
      details: { code: 'SLIP-REL-1', detail: `${rollback.authority.releaseId} may roll-back in de, and not in nl` },
    });
    expect(await runningOf(deployment)).toBe(images.better);
    await rollback.act(steps().applyComponent, back('de'));
    expect(await runningOf(deployment)).toBe(images.good);
  });

  it('puts back what a halted release has left there', async () => {
    const { images } = world.region;
    const { deploy, deployment, ...release } = await aRelease(images.better);
    await release.act(steps().applyComponent, deploy);
    await verifiedBefore(release, 'de');
    const { releaseId } = release.authority;
    await world.records.attempts.conclude(releaseId, { outcome: 'halted', summary: 'ended by hand', endedAt: 3_000 });
    const rollback = await aRollbackOf(release, { records: world.records, regions: ['de'] });
    await mayGoBack(rollback, { undoing: release });
    const back = inputOf(rollback, { image: images.good, purpose: 'roll-back' });
    await rollback.act(steps().applyComponent, back);
    expect(await runningOf(deployment)).toBe(images.good);
    expect(await world.records.attempts.find(releaseId)).toMatchObject({ outcome: 'halted' });
  });

  it('passes over a Deployment that somebody has deleted, says so, and puts back the others of the component', async () => {
    const { images, kubectl, namespace } = world.region;
    const { deployment, plan } = await world.aDeployed(images.better);
    const [core] = plan.components!;
    const workloads = [{ deployment: `gone-${deployment}`, containers: ['api'] }, ...core!.workloads];
    const rollout = { timeoutMs: patience, patience: quickGraces };
    const release = await aReleaseThatMayAct(world.records, {
      plan: { ...plan, rollout, components: [{ ...core!, workloads }] },
    });
    await mayGoBack(release);
    await kubectl(['set', 'image', `deployment/${deployment}`, `api=${images.better}`, '-n', namespace]);
    const back = inputOf(release, { image: images.good, purpose: 'roll-back' });
    const applied = await release.act(steps().applyComponent, back);
    const { note } = await release.act(steps().watchRollout, { ...back, applied, timeoutMs: patience });
    expect(note).toContain(`gone-${deployment} does not exist: nothing is put back there`);
    expect(await runningOf(deployment)).toBe(images.good);
  });

  it('puts nothing new there, whatever its workflow asks for', async () => {
    const { images } = world.region;
    const { deploy, ...release } = await aRelease(images.better);
    const rollback = await aRollbackOf(release, { records: world.records, regions: ['de'] });
    const asked = rollback.act(steps().applyComponent, { ...deploy, authority: rollback.authority });
    await expect(asked).rejects.toMatchObject({
      details: { code: 'SLIP-REL-1', detail: `${rollback.authority.releaseId} may not deploy` },
    });
    expect(await runningOf(release.deployment)).toBe(images.good);
  });
});

describe('a rollback of a release that has changed variables alone', () => {
  const envOf = async (deployment: string) => {
    const { clusterRef, namespace } = world.region;
    return (await world.kubernetes.read({ cluster: clusterRef, namespace, deployment }))?.env['api'];
  };
  const setting = (env: Record<string, string>) => ({ kind: 'deployment-image' as const, env });

  /** Of the good image, which the release that is undone has left as it was. `before`: what that image was given then. */
  async function aRollback(before: Record<string, string>) {
    const { good } = world.region.images;
    const { deployment, plan } = await world.aDeployed(good);
    const [component] = plan.components!;
    const withEnv = (env: Record<string, string>) => {
      const planned = Object.keys(env).length === 0 ? component! : { ...component!, delivery: setting(env) };
      return { ...planned, ...(planned.delivery && { artifact: artifactMade(planned) }) };
    };
    const rollout = { timeoutMs: patience, patience: quickGraces };
    const release = await aReleaseThatMayAct(world.records, {
      plan: { ...plan, rollout, components: [withEnv({ LOG_LEVEL: 'loud', NEW: '1' })] },
    });
    const earlier = aPlan({ ...release.plan, commit: aCommit('e'), components: [withEnv(before)] });
    const planHash = hashOfPlan(earlier);
    await world.records.plans.store(planHash, earlier);
    const then = { ...release.lane, image: good, planHash, artifact: artifactMade(withEnv(before)) };
    // An older one of the same image, with other variables again.
    const older = aVerified({
      ...then,
      releaseId: aReleaseId(7),
      verifiedAt: 100,
      artifact: artifactMade(withEnv({ OLD: '1' })),
    });
    await world.records.inventory.record([older, aVerified(then)]);
    await heldAgainst(world.records, release.lane, release.authority);
    const applied = await release.act(steps().applyComponent, inputOf(release, { image: good }));
    await release.act(steps().watchRollout, { ...inputOf(release, { image: good }), applied, timeoutMs: patience });
    await goesBackTo(release, { records: world.records, image: good, from: aVerified().releaseId });
    return { ...release, deployment, planHash, back: inputOf(release, { image: good, purpose: 'roll-back' }) };
  }

  it.each([
    ['those that the image had then', { LOG_LEVEL: 'quiet' }],
    ['none, where it had none', {}],
  ])('puts back %s', async (_what, before) => {
    const { act, back, deployment } = await aRollback(before);
    expect(await envOf(deployment)).toEqual({ LOG_LEVEL: 'loud', NEW: '1' });
    const applied = await act(steps().applyComponent, back);
    await act(steps().watchRollout, { ...back, applied, timeoutMs: patience });
    expect(await envOf(deployment)).toEqual(before);
  });

  it.each([
    [
      'the watch of what else has changed',
      ['NEW=theirs'],
      { note: expect.stringMatching(/pods run .*; NEW stays as/) },
    ],
    ['the write where nothing else had to change', ['NEW=theirs', 'LOG_LEVEL=theirs'], { inPlace: true }],
  ])('leaves what others have set by now where it was to go, and says so by %s', async (_by, assignments, said) => {
    const { act, back, deployment } = await aRollback({});
    const { kubectl, namespace } = world.region;
    await kubectl(['set', 'env', `deployment/${deployment}`, ...assignments, '-n', namespace]);
    await kubectl(['rollout', 'status', `deployment/${deployment}`, '-n', namespace, '--timeout=300s']);
    await until('the change of the others to stand', async () => {
      const { stdout } = await kubectl(['get', 'pods', '-n', namespace, '-o', 'json']);
      const { items } = JSON.parse(stdout) as { items: { metadata: { deletionTimestamp?: string } }[] };
      return items.every(({ metadata }) => metadata.deletionTimestamp === undefined);
    });
    const applied = await act(steps().applyComponent, back);
    const watched = await act(steps().watchRollout, { ...back, applied, timeoutMs: patience });
    const notes = assignments.map((one) => `${one.split('=')[0]} stays as others have set it`).sort();
    expect(await envOf(deployment)).toEqual(Object.fromEntries(assignments.map((one) => one.split('='))));
    expect({ ...applied[deployment], ...('note' in said && watched) }).toMatchObject(said);
    expect(applied[deployment]?.note?.split('; ').sort()).toEqual(notes);
  });

  it('is refused where nobody has the plan any more that says which', async () => {
    const { act, back, planHash, deployment } = await aRollback({ LOG_LEVEL: 'quiet' });
    const forgotten = {
      ...world.environment.plans,
      find: (hash: string) => (hash === planHash ? Promise.resolve(undefined) : world.environment.plans.find(hash)),
    };
    const apply = steps({}, { ...world.environment, plans: forgotten }).applyComponent;
    await expect(act(apply, back)).rejects.toMatchObject({ details: { code: 'SLIP-REL-1' } });
    expect(await envOf(deployment)).toEqual({ LOG_LEVEL: 'loud', NEW: '1' });
  });
});

describe('a rollback that nobody has ordered', () => {
  const allowing = { rollBackOnBreach: true };
  /** A release that runs, with a plan that speaks of breaches or not, and the run that would undo it. */
  async function aBrokenRelease(plan: Partial<ReleasePlan> = { onBreach: 'roll-back' }) {
    const { images } = world.region;
    const { deployment, plan: planned } = await world.aDeployed(images.better);
    const release = await aReleaseThatMayAct(world.records, { plan: { ...planned, ...plan } });
    await release.act(steps().applyComponent, inputOf(release, { image: images.better }));
    const rollback = await aRollbackOfBroken(release, { records: world.records, regions: ['de'] });
    await mayGoBack(rollback, { undoing: release });
    const back = inputOf(rollback, { image: images.good, purpose: 'roll-back' });
    return { ...rollback, back, deployment };
  }

  it('goes back when the release is on record as seen broken, its approved plan says so, and the policy allows it', async () => {
    const { act, back, breach, deployment } = await aBrokenRelease();
    await world.records.breaches.record(breach);
    await act(steps(allowing).applyComponent, back);
    expect(await runningOf(deployment)).toBe(world.region.images.good);
  });

  it.each<[string, Partial<ReleasePlan>, boolean, Partial<EnvironmentFloor>]>([
    ['nothing is on record: its workflow may say what it wants', { onBreach: 'roll-back' }, false, allowing],
    ['the plan says nothing of it', {}, true, allowing],
    ['the policy does not allow it', { onBreach: 'roll-back' }, true, {}],
  ])('is refused when %s', async (_when, plan, recorded, floor) => {
    const { act, back, breach, deployment } = await aBrokenRelease(plan);
    if (recorded) await world.records.breaches.record(breach);
    await expect(act(steps(floor).applyComponent, back)).rejects.toMatchObject({
      details: { code: expect.stringMatching(/^SLIP-REL-1(3)?$/) },
    });
    expect(await runningOf(deployment)).toBe(world.region.images.better);
  });
});
