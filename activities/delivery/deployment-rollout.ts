import type { PinnedImage, RolloutSpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { deadlineOf } from '../../domain/rollout-deadline.ts';
import { blameOfCause } from '../../domain/rollout-cause.ts';
import type { RolloutObservation } from '../../domain/rollout-observation.ts';
import { evaluateRollout } from '../../domain/rollout.ts';
import type { RolloutCause, RolloutTarget, RolloutVerdict } from '../../domain/rollout.ts';
import { patienceOf } from '../../domain/rollout-patience.ts';
import { failureInWords } from '../../domain/rollout-words.ts';
import type { Registry } from '../images/port.ts';
import type { AppliedChange, Kubernetes, WorkloadRef } from '../kubernetes/port.ts';
import { poll } from '../shared/polling.ts';
import { createDigestKnowledge, type DigestKnowledge } from './digest-knowledge.ts';

export interface Looking {
  kubernetes: Kubernetes;
  registry: Pick<Registry, 'digestsOf'>;
  now: () => number;
}

/** What the containers of a Deployment should be. */
export interface Containers {
  /** By container. */
  images: Record<string, PinnedImage>;
  /** Environment variables that each of them gets from us. */
  env: Record<string, string>;
  /** What of these others have set is left to them. */
  leavesTheirs?: true;
}

interface Change extends Containers {
  applied: AppliedChange;
  rollout: RolloutSpec;
}

const rolloutPace = { firstMs: 150, longestMs: 1_500 };
const lookPace = { firstMs: 250, longestMs: 2_000 };

/** Looks until the rollout is complete twice in a row, or has failed. `looked`: for how long (ms) its step has looked so far. */
export async function seeThrough(
  deps: Looking,
  workload: WorkloadRef,
  change: Change,
  looked: () => number,
): Promise<string> {
  const knowledge = createDigestKnowledge(deps.registry, deps.now);
  let deadline: number | undefined;
  let wasComplete = false;
  const verdict = await poll(async (): Promise<{ done: RolloutVerdict } | { doing: string }> => {
    const seen = await deps.kubernetes.observe(workload);
    deadline ??= deadlineOf(change.applied, { at: seen.at, lookedMs: looked() }, change.rollout);
    const verdict = await judge(seen, { ...targetOf(change), deadline }, knowledge);
    const again = verdict.kind === 'complete' && !wasComplete;
    wasComplete = verdict.kind === 'complete';
    // A digest that nobody knows may be known when the registry is back, or has caught up.
    const unknown = verdict.kind === 'inconclusive' && seen.at < deadline;
    if (verdict.kind === 'progressing' || again || unknown)
      return { doing: `${workload.deployment}: ${verdict.summary}` };
    return { done: verdict };
  }, rolloutPace);
  if (verdict.kind === 'complete') return `${workload.deployment}: ${verdict.summary}`;
  throw await failureOf(deps.kubernetes, workload, verdict);
}

function targetOf({ applied, rollout, ...containers }: Change): Omit<RolloutTarget, 'deadline'> {
  const { uid, generation, appliedAt, before, replicas } = applied;
  const wanted = replicas === undefined ? {} : { wanted: replicas };
  const leavesTheirs = applied.left?.some((name) => Object.hasOwn(containers.env, name));
  return {
    uid,
    generation,
    appliedAt,
    ...containers,
    ...(leavesTheirs && { leavesTheirs: true as const }),
    before,
    ...wanted,
    patience: patienceOf(rollout),
  };
}

/** One look, without a deadline: what is not complete is for the watcher to judge. */
export async function isComplete({ kubernetes }: Looking, workload: WorkloadRef, change: Change): Promise<boolean> {
  const target = { ...targetOf(change), deadline: Number.POSITIVE_INFINITY };
  return evaluateRollout(await kubernetes.observe(workload), target).kind === 'complete';
}

/** Judges one look, and asks the registry about digests of which the look alone could not tell what they are. */
async function judge(
  seen: RolloutObservation,
  target: Omit<RolloutTarget, 'uid' | 'generation'> & Partial<RolloutTarget>,
  knowledge: DigestKnowledge,
): Promise<RolloutVerdict> {
  const { uid = '', generation = 0 } = seen.deployment ?? {};
  for (;;) {
    const verdict = evaluateRollout(seen, { uid, generation, ...target, digests: knowledge.known });
    if (verdict.kind !== 'inconclusive' || !(await knowledge.learn(verdict.unknown))) return verdict;
  }
}

async function failureOf(
  kubernetes: Kubernetes,
  workload: WorkloadRef,
  verdict: Exclude<RolloutVerdict, { kind: 'complete' }>,
): Promise<Failure> {
  const { deployment } = workload;
  const detail = `${deployment}: ${verdict.summary}`;
  switch (verdict.kind) {
    case 'failed':
      return failure(
        verdict.cause.code,
        failureInWords(deployment, verdict.cause, await lastWords(kubernetes, workload, verdict.cause), verdict.counts),
      );
    case 'inconclusive':
      return failure('SLIP-K8S-17', detail);
    case 'superseded':
      return failure(verdict.by?.ours ? 'SLIP-K8S-4' : 'SLIP-K8S-16', detail);
    case 'gone':
      return failure('SLIP-K8S-2', detail);
    case 'progressing':
      throw new TypeError('a rollout that is going on was taken for its end');
  }
}

/** What the container wrote before it died: usually the whole explanation. Not having it must not hide the failure. */
async function lastWords(
  kubernetes: Kubernetes,
  workload: WorkloadRef,
  { pod, container, logTells }: RolloutCause,
): Promise<string> {
  if (!logTells || pod === undefined || container === undefined) return '';
  // A container that is being restarted at this very moment leaves the one state for the other between two questions.
  for (const previous of [true, false, true]) {
    const words = await kubernetes.logs({ workload, pod, container, previous, maxBytes: 1_500 }).catch(() => '');
    if (words.trim() !== '') return words;
  }
  return '';
}

/**
 * Looks until the workload stands complete with these images, is known not to, or `patienceMs` have passed. Old pods that still serve beside
 * new ones that crash would answer every endpoint: so it is the rollout as a whole that must stand. Being scaled at this moment is no failure.
 * `seen`: the last look.
 */
export async function standing(
  deps: Looking,
  workload: WorkloadRef,
  { rollout, patienceMs, ...containers }: Containers & { rollout: RolloutSpec; patienceMs: number },
): Promise<{ verdict: RolloutVerdict; seen: RolloutObservation }> {
  const until = deps.now() + patienceMs;
  const knowledge = createDigestKnowledge(deps.registry, deps.now);
  // What is there now is judged, whenever it was written: its newest generation, and conditions of any age.
  const target = { appliedAt: 0, ...containers, deadline: Number.POSITIVE_INFINITY, patience: patienceOf(rollout) };
  return poll(async () => {
    const seen = await deps.kubernetes.observe(workload);
    const verdict = await judge(seen, target, knowledge);
    if (!isOpen(verdict) || deps.now() >= until) return { done: { verdict, seen } };
    return { doing: `${workload.deployment}: ${verdict.summary}` };
  }, lookPace);
}

/** It could still come right by itself: what is not the release's own fault passes, or tells nothing of it. */
export function isOpen(verdict: RolloutVerdict): boolean {
  const { kind } = verdict;
  if (kind === 'failed') return blameOfCause(verdict.cause) !== 'release';
  return kind === 'progressing' || kind === 'inconclusive';
}
