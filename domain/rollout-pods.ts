import type { ContainerObservation, PodObservation } from './rollout-observation.ts';
import type { Millis } from './contract/release.ts';

/** Why something will not come up by itself, in the cluster's own words. */
export interface RolloutCause {
  /** The cluster's name for it: `CrashLoopBackOff`, `ErrImagePull`, `Unschedulable`… */
  reason: string;
  message: string;
  pod?: string;
  container?: string;
  exitCode?: number;
}

/**
 * A pod that is not expected to recover. `certain` is false while it is within twice its grace: one such pod may be one bad
 * node, and only condemns a rollout together with all its siblings.
 */
export interface Doom extends RolloutCause {
  certain: boolean;
}

const second = 1_000;

/** How long each kind of trouble may last before it counts (ms), from the pod's creation. */
const grace = {
  imageAbsent: 3 * second,
  imagePull: 90 * second,
  configuration: 30 * second,
  creation: 60 * second,
  unschedulable: 300 * second,
} as const;

/** A container without a readiness probe counts as ready the moment it runs, so one that ended badly must first have run for this long. */
const recovery = 15 * second;

const imageAbsent = /not ?found|manifest unknown|unknown manifest|does not exist|denied|unauthorized|forbidden/i;
/** The kubelet's own lag in seeing a ConfigMap or Secret: passes by itself. */
const kubeletLag = /failed to sync .* cache/i;
/** The node pushed the pod out: it says nothing about the image. */
const pushedOut = new Set(['Evicted', 'Preempting', 'Preempted', 'Terminated', 'NodeShutdown', 'Shutdown']);
const notStarted = new Set(['ContainerCannotRun', 'StartError']);
/** Exit code 128 is the runtime's, and often means trouble of the node. */
const runtimeTrouble = 128;

/** Pods that say something about the new version: not on their way out, and not pushed out by their node. */
export function tellingPods(pods: PodObservation[]): PodObservation[] {
  return pods.filter((pod) => !pod.deleting && !pushedOut.has(pod.reason));
}

/** Judges one pod at the time `now`. Init containers follow the same rules as the others. */
export function doomOf(pod: PodObservation, now: Millis): Doom | undefined {
  const age = now - pod.createdAt;
  if (pod.phase === 'Failed' && !pushedOut.has(pod.reason)) {
    const ended = pod.containers.find((container) => container.state === 'terminated' && container.exitCode !== 0);
    return { ...causeOf(pod, ended), reason: pod.reason || ended?.reason || 'Failed', certain: false };
  }
  for (const container of pod.containers) {
    const doom = crashing(pod, container, now) ?? waiting(pod, container, age) ?? unstartable(pod, container, age);
    if (doom) return doom;
  }
  if (pod.unschedulable) {
    const waited = now - pod.unschedulable.since;
    const cause = { reason: 'Unschedulable', message: pod.unschedulable.message, pod: pod.name };
    return past(cause, waited, grace.unschedulable);
  }
  return undefined;
}

/**
 * Twice ended badly, or once and already being held back by the kubelet: the next try will end the same way. A container that is
 * ready and has stayed up has recovered, whatever its past.
 */
function crashing(pod: PodObservation, container: ContainerObservation, now: Millis): Doom | undefined {
  if (container.ready && !isRecovering(container, now)) return undefined;
  const end = lastEnd(container);
  const heldBack = container.state === 'waiting' && container.reason === 'CrashLoopBackOff';
  // A second end shows as `terminated` for seconds before the kubelet says CrashLoopBackOff.
  const ends = container.restarts + (container.state === 'terminated' ? 1 : 0);
  const crashedTwice = ends >= 2 && end !== undefined && end.exitCode !== 0 && container.last?.exitCode !== 0;
  if (!crashedTwice && !(heldBack && container.restarts >= 1)) return undefined;
  const neverStarted = end !== undefined && notStarted.has(end.reason) && end.exitCode === runtimeTrouble;
  if (neverStarted && now - pod.createdAt < grace.creation) return undefined;
  const reason = end?.reason === 'OOMKilled' ? 'OOMKilled' : 'CrashLoopBackOff';
  return { ...causeOf(pod, container), reason, certain: container.restarts >= 4 };
}

/** Runs again after a bad end, but not long enough to be believed. */
export function isRecovering(container: ContainerObservation, now: Millis): boolean {
  const endedBadly = container.restarts > 0 && container.last !== undefined && container.last.exitCode !== 0;
  return endedBadly && container.startedAt !== undefined && now - container.startedAt < recovery;
}

function waiting(pod: PodObservation, container: ContainerObservation, age: number): Doom | undefined {
  if (container.state !== 'waiting') return undefined;
  const cause = causeOf(pod, container);
  switch (container.reason) {
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return { ...cause, certain: true };
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return past(cause, age, imageAbsent.test(container.message) ? grace.imageAbsent : grace.imagePull);
    case 'CreateContainerConfigError':
      return kubeletLag.test(container.message) ? undefined : past(cause, age, grace.configuration);
    case 'CreateContainerError':
    case 'RunContainerError':
      return lastEnd(container)?.exitCode === runtimeTrouble ? undefined : past(cause, age, grace.creation);
    default:
      return undefined;
  }
}

function unstartable(pod: PodObservation, container: ContainerObservation, age: number): Doom | undefined {
  if (container.state !== 'terminated' || !notStarted.has(container.reason)) return undefined;
  return container.exitCode === runtimeTrouble ? undefined : past(causeOf(pod, container), age, grace.creation);
}

function past(cause: RolloutCause, waited: number, allowed: number): Doom | undefined {
  return waited < allowed ? undefined : { ...cause, certain: waited >= 2 * allowed };
}

function lastEnd(container: ContainerObservation): { reason: string; message: string; exitCode: number } | undefined {
  if (container.state === 'terminated' && container.exitCode !== undefined) {
    return { reason: container.reason, message: container.message, exitCode: container.exitCode };
  }
  return container.last;
}

function causeOf(pod: PodObservation, container: ContainerObservation | undefined): RolloutCause {
  if (!container) return { reason: pod.reason, message: '', pod: pod.name };
  const end = lastEnd(container);
  const words = [container.message, end && end.message !== container.message ? end.message : ''];
  return {
    reason: container.reason,
    message: words.filter(Boolean).join('; '),
    pod: pod.name,
    container: container.name,
    ...(end && { exitCode: end.exitCode }),
  };
}

/** What keeps a pod from being ready, for people who wait; undefined when nothing is worth saying yet. */
export function hindrance(pod: PodObservation, now: Millis): string | undefined {
  if (pod.unschedulable && now - pod.unschedulable.since >= 15 * second) {
    return `${pod.name} has no node yet: ${pod.unschedulable.message}`;
  }
  const held = pod.containers.find((container) => container.state === 'waiting' && container.message !== '');
  if (held) return `${pod.name}/${held.name} ${held.reason}: ${held.message}`;
  const restarted = pod.containers.find((container) => !container.ready && container.restarts > 0);
  if (restarted) return `${pod.name}/${restarted.name} restarted ${restarted.restarts} times`;
  return undefined;
}
