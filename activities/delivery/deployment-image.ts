import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { environmentOf } from '../../domain/delivery.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { shortDigest } from '../../domain/images.ts';
import { judgeRestarts, restartsOf } from '../../domain/restarts.ts';
import { causeInOneLine } from '../../domain/rollout-cause.ts';
import type { RolloutVerdict } from '../../domain/rollout.ts';
import type { AppliedChange, ChangePurpose, WorkloadRef } from '../kubernetes/port.ts';
import { lookingTime, type Looked } from '../shared/looking-time.ts';
import { remembering } from '../shared/remembering.ts';
import { artifactMade } from '../shared/artifact-made.ts';
import { isComplete, isOpen, seeThrough, standing, type Containers, type Looking } from './deployment-rollout.ts';
import type { AppliedPart, Delivery, DeliveryTarget, DeliveryWrite, Seen } from './port.ts';

/** By Deployment. `gone`: it was to be put back, and did not exist. */
type AppliedWorkload = AppliedPart & (AppliedChange | { gone: true });

/** Sets the image of containers of Deployments that are there already, and their variables. Everything else in them belongs to somebody else. */
export function createDeploymentImage(deps: Looking): Delivery<AppliedWorkload> {
  const { kubernetes } = deps;

  async function setImages(
    target: DeliveryTarget,
    wanted: DeliveredArtifact,
    write: DeliveryWrite,
    purpose: ChangePurpose,
  ) {
    const applied: Record<string, AppliedWorkload> = {};
    for (const { name, workload, ...containers } of workloadsOf(target, wanted)) {
      const change = await kubernetes.apply({ workload, ...containers, purpose, ...write }).catch(ifGone(purpose));
      const { rollout } = target;
      const inPlace = !('gone' in change) && (await isSettled(change, workload, { ...containers, rollout }));
      const note = 'gone' in change ? '' : leftInWords(change);
      applied[name] = { ...change, inPlace, ...(note && { note }) };
    }
    return applied;
  }

  /** Written by an earlier try, whose reply was lost, does not mean that it came up: what this run has begun, it sees through. */
  async function isSettled(
    applied: AppliedChange,
    workload: WorkloadRef,
    wanted: Pick<DeliveryTarget, 'rollout'> & Containers,
  ): Promise<boolean> {
    return !applied.changed && !applied.repeated && (await isComplete(deps, workload, { applied, ...wanted }));
  }

  return {
    kind: 'deployment-image',

    look: ({ region, component }) =>
      kubernetes.look(region, component.workloads, Object.keys(environmentOf(component))),

    plan: (target) => Promise.resolve(made(target)),

    apply: (target, write) => setImages(target, made(target), write, 'deploy'),

    watch(target, wanted, applied) {
      const looked = lookingTime(deps.now);
      return remembering(
        () => ({ lookedMs: looked() }) satisfies Looked,
        async () => {
          const notes: string[] = [];
          for (const { name, workload, ...containers } of workloadsOf(target, wanted)) {
            const change = applied[name];
            if (!change) continue;
            const { rollout } = target;
            if ('gone' in change) notes.push(goneInWords(name));
            else {
              if (!change.inPlace)
                notes.push(await seeThrough(deps, workload, { applied: change, ...containers, rollout }, looked));
              notes.push(leftInWords(change));
            }
          }
          return notes.filter((note) => note !== '').join('; ');
        },
      );
    },

    async verify(target, wanted, patienceMs, before = {}) {
      const unproven: string[] = [];
      const notes: string[] = [];
      const remembered: Seen = { ...before };
      const workloads = workloadsOf(target, wanted);
      let gone = 0;
      for (const { name, workload, ...containers } of workloads) {
        const { rollout } = target;
        const { verdict, seen } = await standing(deps, workload, { ...containers, rollout, patienceMs });
        if (!seen.deployment && target.putBack) {
          unproven.push(goneInWords(name));
          gone += 1;
          continue;
        }
        const earlier = before[name];
        const restarts = earlier && judgeRestarts(earlier, seen, Object.keys(containers.images));
        remembered[name] = restartsOf(seen, earlier);
        if (restarts?.kind === 'failed')
          return { verdict: 'fail', blame: 'release', summary: `${name}: ${causeInOneLine(restarts.cause)}` };
        if (verdict.kind !== 'complete')
          return { ...judged(verdict), summary: `${name}: ${verdict.summary}`, seen: remembered };
        if (verdict.counts.wanted === 0) unproven.push(`${name}: ${verdict.summary}`);
        if (restarts) notes.push(`${name}: ${restarts.said}`);
      }
      const said = [...unproven, ...notes].join('; ');
      const summary = said || `every pod runs ${shortDigest(target.image)}`;
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

const leftInWords = ({ left = [] }: AppliedChange) =>
  left.map((variable) => `${variable} stays as others have set it`).join('; ');

const goneInWords = (deployment: string) => `${deployment} does not exist: nothing is put back there`;

interface Workload extends Containers {
  name: string;
  workload: WorkloadRef;
}

function made({ component, image }: DeliveryTarget): DeliveredArtifact {
  return artifactMade({ ...component, image });
}

/**
 * The target says what is to be there, and the artifact, which people have approved or records have found verified, that it is that. Throws SLIP-REL-1
 * (terminal) where the two differ.
 */
function workloadsOf(target: DeliveryTarget, wanted: DeliveredArtifact): Workload[] {
  const { region, component, image } = target;
  const { cluster, namespace } = region;
  const { digest } = made(target);
  if (digest !== wanted.digest)
    throw failure('SLIP-REL-1', `${component.name} would become ${digest} in ${region.name}, and not ${wanted.digest}`);
  const env = environmentOf(component);
  return component.workloads.map(({ deployment, containers }) => ({
    name: deployment,
    workload: { cluster, namespace, deployment },
    images: Object.fromEntries(containers.map((container) => [container, image])),
    env,
    ...(target.putBack && { leavesTheirs: true as const }),
  }));
}
