import type { Millis } from './contract/release.ts';
import { tellingLines } from './log-lines.ts';
import { lineKeepingEnd, rolloutCodes, type RolloutCause, type RolloutCode } from './rollout-cause.ts';
import type { ContainerEnd, ContainerObservation, PodObservation, WarningObservation } from './rollout-observation.ts';
import { jobPatience, type Patience } from './rollout-patience.ts';
import { endedByProbe, probeAnswers, warningsOf } from './rollout-probes.ts';
import { gated, kubeletLag, settingUp } from './rollout-set-up.ts';
import { codeOfWaiting } from './rollout-waiting.ts';

export type { RolloutCause } from './rollout-cause.ts';

/** What a pod suffers from: for how long (ms), and how long that may last. */
export interface Trouble {
  cause: RolloutCause;
  waited: Millis;
  allowed: Millis;
  /** It lies in the image or the specification, which are the same for all its siblings: nothing is to be waited for. */
  certain?: true;
}

/** What a pod is judged by, beside itself. */
export interface PodView {
  now: Millis;
  patience: Patience;
  warnings: readonly WarningObservation[];
  /** Names of containers that run in some pod of the new version: their image can be had. */
  running?: ReadonlySet<string>;
}

const notStarted = new Set(['ContainerCannotRun', 'StartError']);
/** Exit code 128 is the runtime's, and often means trouble of the node. */
const runtimeTrouble = 128;

/**
 * Pods that say something about the new version. Not those on their way out; and not those that have ended: containers of a Deployment are
 * restarted, so that only a node ends a pod (OutOfcpu, Evicted, NodeAffinity, UnexpectedAdmissionError…), and the ReplicaSet replaces it.
 */
export function tellingPods(pods: PodObservation[]): PodObservation[] {
  return pods.filter((pod) => !pod.deleting && pod.phase !== 'Failed' && pod.phase !== 'Succeeded');
}

/** The pod of a Job that will not come up. A pod that has ended is the Job controller's to judge. */
export function doomOf(pod: PodObservation, now: Millis): RolloutCause | undefined {
  if (pod.phase === 'Failed') return undefined;
  const trouble = troubleOf(pod, { now, patience: jobPatience, warnings: [] });
  return trouble && (trouble.certain || trouble.waited >= trouble.allowed) ? trouble.cause : undefined;
}

/** The first trouble of one pod. Init containers follow the same rules as the others. */
export function troubleOf(pod: PodObservation, view: PodView): Trouble | undefined {
  for (const container of pod.containers) {
    const trouble =
      crashing(pod, container, view) ??
      notComing(pod, container, view) ??
      unstartable(pod, container, view) ??
      unprobeable(pod, container, view);
    if (trouble) return trouble;
  }
  return besideContainers(pod, view);
}

/** What is not there may be made in a moment, and no later; nodes, networks and volumes take their time, as does who opens a gate. */
function besideContainers(pod: PodObservation, view: PodView): Trouble | undefined {
  const found = unplaced(pod) ?? settingUp(pod, view) ?? gated(pod);
  if (!found) return undefined;
  const { startMs, schedulingMs } = view.patience;
  const allowed = found.cause.code === rolloutCodes.missing ? startMs : schedulingMs;
  return { cause: found.cause, waited: view.now - found.since, allowed };
}

/** No node takes it. */
export function unplaced(pod: PodObservation): { cause: RolloutCause; since: Millis } | undefined {
  if (!pod.unschedulable) return undefined;
  const { message, since } = pod.unschedulable;
  const cause = {
    code: rolloutCodes.noPlace,
    reason: 'Unschedulable',
    message: lineKeepingEnd(message),
    pod: pod.name,
  };
  return { cause, since };
}

/** Containers of which one pod at least has shown that their image can be had and begun. */
export function runningIn(pods: readonly PodObservation[]): ReadonlySet<string> {
  const all = pods.flatMap((pod) => pod.containers);
  return new Set(all.filter(({ state }) => state === 'running').map(({ name }) => name));
}

/**
 * Twice ended badly, or once and already being held back by the kubelet: the next try will end the same way. A container that is
 * ready and has stayed up has recovered, whatever its past.
 */
function crashing(pod: PodObservation, container: ContainerObservation, view: PodView): Trouble | undefined {
  const { now, patience, warnings } = view;
  if (container.ready && !isRecovering(pod, container, view)) return undefined;
  const end = lastEnd(container);
  const heldBack = container.state === 'waiting' && container.reason === 'CrashLoopBackOff';
  // A second end shows as `terminated` for seconds before the kubelet says CrashLoopBackOff.
  const ends = container.restarts + (container.state === 'terminated' ? 1 : 0);
  const crashedTwice = ends >= 2 && end !== undefined && end.exitCode !== 0 && container.last?.exitCode !== 0;
  if (!crashedTwice && !(heldBack && container.restarts >= 1)) return undefined;
  const neverStarted = end !== undefined && notStarted.has(end.reason) && end.exitCode === runtimeTrouble;
  const killer = endedByProbe(pod, container, warnings);
  const said = tellingLines(end?.message ?? '', 5);
  const message = killer?.words ?? said.pop() ?? '';
  return {
    cause: {
      ...causeOf(pod, container, message, rolloutCodes.itself),
      reason: end?.reason === 'OOMKilled' ? 'OOMKilled' : 'CrashLoopBackOff',
      ...(said.length > 0 && { evidence: said }),
      logTells: true,
    },
    waited: now - Math.max(begun(pod, container), pod.ready ? 0 : (pod.readySince ?? 0)),
    allowed: neverStarted ? Math.max(patience.startMs, patience.crashMs) : patience.crashMs,
  };
}

/** Runs again after a bad end, but not long enough to be believed. */
export function isRecovering(pod: PodObservation, container: ContainerObservation, view: PodView): boolean {
  const ran = ranFor(pod, container, view.now);
  const endedBadly = container.restarts > 0 && container.last !== undefined && container.last.exitCode !== 0;
  return endedBadly && ran !== undefined && ran < view.patience.steadyMs;
}

/** For how long (ms) it has run; undefined while it does not. Clocks of nodes may be wrong: never longer than the pod is there. */
export function ranFor(pod: PodObservation, { startedAt }: ContainerObservation, now: Millis): Millis | undefined {
  return startedAt === undefined ? undefined : now - Math.max(startedAt, pod.createdAt);
}

function notComing(pod: PodObservation, container: ContainerObservation, view: PodView): Trouble | undefined {
  if (container.state !== 'waiting') return undefined;
  const { patience } = view;
  const cause = causeOf(pod, container, container.message, codeOfWaiting(pod, container, view));
  const waited = view.now - sinceTrouble(pod, container, view.warnings);
  switch (container.reason) {
    case 'InvalidImageName':
      return { cause, waited, allowed: 0, certain: true };
    case 'ErrImageNeverPull':
      return { cause, waited, allowed: 0 };
    case 'ErrImagePull':
    case 'ImagePullBackOff':
      return { cause, waited, allowed: patience.imagePullMs };
    case 'CreateContainerConfigError':
      return kubeletLag.test(container.message) ? undefined : { cause, waited, allowed: patience.startMs };
    case 'CreateContainerError':
    case 'RunContainerError':
      return lastEnd(container)?.exitCode === runtimeTrouble ? undefined : { cause, waited, allowed: patience.startMs };
    default:
      return undefined;
  }
}

function unstartable(pod: PodObservation, container: ContainerObservation, view: PodView): Trouble | undefined {
  if (container.state !== 'terminated' || !notStarted.has(container.reason)) return undefined;
  if (container.exitCode === runtimeTrouble) return undefined;
  const waited = view.now - sinceTrouble(pod, container, view.warnings);
  return {
    cause: causeOf(pod, container, container.message, rolloutCodes.itself),
    waited,
    allowed: view.patience.startMs,
  };
}

/** Runs, but cannot get ready: the probe that asks it cannot be run. A liveness probe that cannot be run ends nothing. */
function unprobeable(pod: PodObservation, container: ContainerObservation, view: PodView): Trouble | undefined {
  if (container.ready) return undefined;
  const answer = probeAnswers(pod, container, view.warnings).find(
    ({ probe, canPass }) => probe !== 'Liveness' && canPass !== 'maybe',
  );
  if (!answer) return undefined;
  const place = { pod: pod.name, container: container.name };
  const cause = { code: rolloutCodes.itself, reason: 'Unhealthy', message: lineKeepingEnd(answer.words), ...place };
  const waited = ranFor(pod, container, view.now) ?? 0;
  if (answer.canPass === 'never') return { cause, waited, allowed: 0, certain: true };
  return { cause, waited, allowed: view.patience.startMs };
}

/** When this container could begin: before that, it was the node or the init containers that were waited for. */
function begun(pod: PodObservation, container: ContainerObservation): Millis {
  return Math.max(pod.createdAt, pod.scheduledAt ?? 0, container.init ? 0 : (pod.initializedAt ?? 0));
}

/** Pulling a large image may take its time before something fails: the first word of a failure is when the trouble began. */
function sinceTrouble(
  pod: PodObservation,
  container: ContainerObservation,
  warnings: readonly WarningObservation[],
): Millis {
  const failed = warningsOf(pod, container, warnings).filter((one) => one.reason === 'Failed');
  const first = failed.length > 0 ? Math.min(...failed.map((one) => one.firstAt)) : 0;
  return Math.max(begun(pod, container), first);
}

function lastEnd(container: ContainerObservation): ContainerEnd | undefined {
  if (container.state === 'terminated' && container.exitCode !== undefined) {
    return { reason: container.reason, message: container.message, exitCode: container.exitCode };
  }
  return container.last;
}

function causeOf(
  pod: PodObservation,
  container: ContainerObservation,
  message: string,
  code: RolloutCode,
): RolloutCause {
  const end = lastEnd(container);
  const place = { pod: pod.name, container: container.name };
  return {
    code,
    reason: container.reason,
    message: lineKeepingEnd(message),
    ...place,
    ...(end && { exitCode: end.exitCode }),
  };
}
