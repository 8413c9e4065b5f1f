import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import type { PinnedImage } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { parsePinnedImage, shortDigest } from '../../domain/images.ts';
import { judgeRestarts, restartsOf } from '../../domain/restarts.ts';
import { causeInOneLine } from '../../domain/rollout-cause.ts';
import type { RolloutVerdict } from '../../domain/rollout.ts';
import type { AppliedChange, ChangePurpose, WorkloadRef } from '../kubernetes/port.ts';
import { lookingTime, type Looked } from '../shared/looking-time.ts';
import { remembering } from '../shared/remembering.ts';
import { isComplete, isOpen, seeThrough, standing, type Looking } from './deployment-rollout.ts';
import type { AppliedPart, Delivery, DeliveryTarget, DeliveryWrite, Seen } from './port.ts';

/** By Deployment. `gone`: it was to be put back, and did not exist. */
type AppliedWorkload = AppliedPart & (AppliedChange | { gone: true });

/** Sets the image of containers of Deployments that are there already. Everything else in them belongs to somebody else. */
export function createDeploymentImage(deps: Looking): Delivery<AppliedWorkload> {
  const { kubernetes } = deps;

  async function setImages(
    target: DeliveryTarget,
    wanted: DeliveredArtifact,
    write: DeliveryWrite,
    purpose: ChangePurpose,
  ) {
    const applied: Record<string, AppliedWorkload> = {};
    for (const { name, workload, images } of workloadsOf(target, wanted)) {
      const change = await kubernetes.apply({ workload, images, purpose, ...write }).catch(ifGone(purpose));
      const inPlace = !('gone' in change) && (await isSettled(change, workload, { images, rollout: target.rollout }));
      applied[name] = { ...change, inPlace };
    }
    return applied;
  }

  /** Written by an earlier try, whose reply was lost, does not mean that it came up: what this run has begun, it sees through. */
  async function isSettled(
    applied: AppliedChange,
    workload: WorkloadRef,
    wanted: Pick<DeliveryTarget, 'rollout'> & Pick<Workload, 'images'>,
  ): Promise<boolean> {
    return !applied.changed && !applied.repeated && (await isComplete(deps, workload, { applied, ...wanted }));
  }

  return {
    kind: 'deployment-image',

    look: ({ region, component }) => kubernetes.look(region, component.workloads),

    plan: (target) => Promise.resolve(artifactOf(target)),

    apply: (target, write) => setImages(target, artifactOf(target), write, 'deploy'),

    watch(target, wanted, applied) {
      const looked = lookingTime(deps.now);
      return remembering(
        () => ({ lookedMs: looked() }) satisfies Looked,
        async () => {
          const notes: string[] = [];
          for (const { name, workload, images } of workloadsOf(target, wanted)) {
            const change = applied[name];
            if (!change || change.inPlace) continue;
            const { rollout } = target;
            if ('gone' in change) notes.push(goneInWords(name));
            else notes.push(await seeThrough(deps, workload, { applied: change, images, rollout }, looked));
          }
          return notes.join('; ');
        },
      );
    },

    async verify(target, wanted, patienceMs, before = {}) {
      const unproven: string[] = [];
      const notes: string[] = [];
      const remembered: Seen = { ...before };
      const workloads = workloadsOf(target, wanted);
      let gone = 0;
      for (const { name, workload, images } of workloads) {
        const { verdict, seen } = await standing(deps, workload, { images, rollout: target.rollout, patienceMs });
        if (!seen.deployment && target.mayBeGone) {
          unproven.push(goneInWords(name));
          gone += 1;
          continue;
        }
        const earlier = before[name];
        const restarts = earlier && judgeRestarts(earlier, seen, Object.keys(images));
        remembered[name] = restartsOf(seen, earlier);
        if (restarts?.kind === 'failed')
          return { verdict: 'fail', blame: 'release', summary: `${name}: ${causeInOneLine(restarts.cause)}` };
        if (verdict.kind !== 'complete')
          return { ...judged(verdict), summary: `${name}: ${verdict.summary}`, seen: remembered };
        if (verdict.counts.wanted === 0) unproven.push(`${name}: ${verdict.summary}`);
        if (restarts) notes.push(`${name}: ${restarts.said}`);
      }
      const said = [...unproven, ...notes].join('; ');
      const summary = said || `every pod runs ${shortDigest(wanted.digest)}`;
      // One that runs has shown that the image does.
      const isUnseen = unproven.length > 0 && unproven.length === workloads.length;
      const isGone = gone > 0 && gone === workloads.length;
      return {
        verdict: 'pass',
        summary,
        seen: remembered,
        ...(isUnseen && { unseen: target.component.name }),
        ...(isGone && { gone: true }),
      };
    },

    revert: (target, to, write) => setImages(target, to, write, 'roll-back'),
  };
}

/**
 * A Deployment that others have changed or removed does not speak against the release, and what stands in the way of some of its pods now (no
 * node, a registry or quota) tells nothing: the same pods may have stood for hours.
 */
function judged(verdict: RolloutVerdict): Pick<Check, 'verdict' | 'blame'> {
  if (isOpen(verdict)) return { verdict: 'inconclusive' };
  return { verdict: 'fail', blame: verdict.kind === 'failed' ? 'release' : 'world' };
}

/** A release changes what is there, and cannot do without it; the way back stops at nothing that is not. */
function ifGone(purpose: ChangePurpose) {
  return (error: unknown): { gone: true } => {
    const isMissing = error instanceof Failure && error.details.code === 'SLIP-K8S-2';
    if (isMissing && purpose === 'roll-back') return { gone: true };
    throw error;
  };
}

const goneInWords = (deployment: string) => `${deployment} does not exist: nothing is put back there`;

interface Workload {
  name: string;
  workload: WorkloadRef;
  /** By container. */
  images: Record<string, PinnedImage>;
}

function artifactOf({ component, image }: DeliveryTarget): DeliveredArtifact {
  return imageArtifact(component, image);
}

/** The artifact says which image it is, the target where that is kept. */
function workloadsOf(target: DeliveryTarget, { digest }: DeliveredArtifact): Workload[] {
  const { region, component } = target;
  const { cluster, namespace } = region;
  const image = `${parsePinnedImage(target.image).repository}@${digest}`;
  return component.workloads.map(({ deployment, containers }) => ({
    name: deployment,
    workload: { cluster, namespace, deployment },
    images: Object.fromEntries(containers.map((container) => [container, image])),
  }));
}
