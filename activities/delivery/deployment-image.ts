import type { PinnedImage } from '../../domain/contract/release.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { shortDigest } from '../../domain/images.ts';
import { evaluateRollout } from '../../domain/rollout.ts';
import type { AppliedChange, ChangePurpose, Kubernetes, WorkloadRef } from '../kubernetes/port.ts';
import { seeThrough, standing } from './deployment-rollout.ts';
import type { AppliedPart, Delivery, DeliveryTarget, DeliveryWrite } from './port.ts';

/** By Deployment. */
type AppliedWorkload = AppliedPart & AppliedChange;

/** Sets the image of containers of Deployments that are there already. Everything else in them belongs to somebody else. */
export function createDeploymentImage(deps: { kubernetes: Kubernetes; now: () => number }): Delivery<AppliedWorkload> {
  const { kubernetes } = deps;

  async function setImages(target: DeliveryTarget, write: DeliveryWrite, purpose: ChangePurpose) {
    const applied: Record<string, AppliedWorkload> = {};
    for (const { name, workload, images } of workloadsOf(target)) {
      const change = await kubernetes.apply({ workload, images, purpose, ...write });
      // Written by an earlier try, whose reply was lost, does not mean that it came up: what this run has begun, it sees through.
      const settled = !change.changed && !change.repeated;
      applied[name] = { ...change, inPlace: settled && (await isComplete(kubernetes, workload, change, images)) };
    }
    return applied;
  }

  return {
    kind: 'deployment-image',

    plan: ({ component, image }) => Promise.resolve(imageArtifact(component, image)),

    apply: (target, write) => setImages(target, write, 'deploy'),

    async watch(target, applied) {
      const notes: string[] = [];
      for (const { name, workload, images } of workloadsOf(target)) {
        const change = applied[name];
        if (!change || change.inPlace) continue;
        notes.push(await seeThrough(deps, workload, { applied: change, images, rollout: target.rollout }));
      }
      return notes.join('; ');
    },

    async verify(target, patienceMs) {
      for (const { name, workload, images } of workloadsOf(target)) {
        const seen = await standing(deps, workload, { images, patienceMs });
        if (seen.kind === 'complete') continue;
        const verdict = seen.kind === 'progressing' ? 'inconclusive' : 'fail';
        return { verdict, summary: `${name}: ${seen.summary}` };
      }
      return { verdict: 'pass', summary: `every pod runs ${shortDigest(target.image)}` };
    },

    revert: (target, _to, write) => setImages(target, write, 'roll-back'),
  };
}

interface Workload {
  name: string;
  workload: WorkloadRef;
  /** By container. */
  images: Record<string, PinnedImage>;
}

function workloadsOf({ region: { cluster, namespace }, component, image }: DeliveryTarget): Workload[] {
  return component.workloads.map(({ deployment, containers }) => ({
    name: deployment,
    workload: { cluster, namespace, deployment },
    images: Object.fromEntries(containers.map((container) => [container, image])),
  }));
}

/** One look, without a deadline: what is not complete is for the watcher to judge. */
async function isComplete(
  kubernetes: Kubernetes,
  workload: WorkloadRef,
  { uid, generation, appliedAt }: AppliedChange,
  images: Record<string, PinnedImage>,
): Promise<boolean> {
  const target = { uid, generation, appliedAt, images, deadline: Number.POSITIVE_INFINITY };
  return evaluateRollout(await kubernetes.observe(workload), target).kind === 'complete';
}
