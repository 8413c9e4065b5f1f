import { shortDigests } from './images.ts';
import { lineKeepingEnd, rolloutCodes, type RolloutCause, type RolloutCode } from './rollout-cause.ts';
import type { UnknownDigest } from './rollout-digests.ts';
import { hindrance, hindranceOf } from './rollout-hindrance.ts';
import type {
  ConditionObservation,
  ContainerObservation,
  DeploymentObservation,
  PodObservation,
  RolloutObservation,
} from './rollout-observation.ts';
import { patienceAlone } from './rollout-patience.ts';
import { isRecovering, ranFor, runningIn, tellingPods, type Trouble } from './rollout-pods.ts';
import type { RolloutCounts, RolloutTarget } from './rollout-verdict.ts';

/** What one step of the rule may conclude; undefined leaves it to the next step. */
export type Judgement =
  | { progressing: string }
  /** All is done and must only stay so for a moment: the time that a rollout may take does not end this. */
  | { settling: string }
  | { failed: RolloutCause }
  | { unknown: UnknownDigest }
  | undefined;

/** One look, with all that it is judged by. */
export interface Look {
  seen: RolloutObservation;
  deployment: DeploymentObservation;
  target: RolloutTarget;
  counts: RolloutCounts;
  /** The new pods that say something, and what each of them suffers from. */
  pods: PodObservation[];
  troubles: (Trouble | undefined)[];
}

const untilResumed = 'the Deployment is paused: nothing happens until somebody resumes it';

export function unnoticed({ deployment, target }: Look): Judgement {
  // Somebody wants it so, and nothing that one could wait for ends it.
  if (deployment.paused) return { failed: { code: rolloutCodes.paused, reason: 'Paused', message: untilResumed } };
  if (deployment.generation < target.generation || deployment.observedGeneration < deployment.generation) {
    return { progressing: 'the controller has not seen the change yet' };
  }
  return undefined;
}

/** All new pods are past what their trouble is allowed, or one is by far: a single bad node must not kill a release. */
export function doomed({ troubles, target }: Look): Judgement {
  const real = troubles.filter((trouble) => trouble !== undefined);
  const alone = real.filter(
    ({ certain, waited, allowed }) => certain || waited >= patienceAlone(allowed, target.patience),
  );
  const all = real.length === troubles.length && real.every(({ waited, allowed }) => waited >= allowed);
  const fatal = alone.length > 0 || !all ? alone : real;
  // Where some pods find no place and others crash, it is those that could run which tell of the release.
  const told = fatal.find(({ cause }) => cause.code === rolloutCodes.itself) ?? fatal[0];
  return told && { failed: told.cause };
}

/** Pods that their nodes send away are replaced, and the next node may take them: for as long as finding a node may take. */
export function turnedAway({ seen, target }: Look): Judgement {
  const pods = seen.newPods.filter((pod) => !pod.deleting);
  const [first] = [...pods].sort((a, b) => a.createdAt - b.createdAt);
  const last = [...pods].sort((a, b) => b.createdAt - a.createdAt).find((pod) => pod.phase === 'Failed');
  if (!first || !last || pods.some((pod) => pod.phase !== 'Failed')) return undefined;
  if (seen.at - first.createdAt < target.patience.schedulingMs) return undefined;
  const { reason, message = '', name: pod } = last;
  return { failed: { code: rolloutCodes.noPlace, reason: reason || 'Failed', message: lineKeepingEnd(message), pod } };
}

/** Pods that may not even be created: quota, admission, a ReplicaSet that the API server refuses. */
export function refused({ seen, target }: Look): Judgement {
  const conditions = [...(seen.newReplicaSet?.conditions ?? []), ...(seen.deployment?.conditions ?? [])];
  const notMade = conditions.find(
    (condition) => condition.reason === 'ReplicaSetCreateError' && condition.status === 'False',
  );
  if (notMade && !seen.newReplicaSet && notMade.lastUpdate >= target.appliedAt) return { failed: refusal(notMade) };
  const failure = conditions.find((condition) => condition.type === 'ReplicaFailure' && condition.status === 'True');
  if (!failure) return undefined;
  const since = Math.max(failure.lastUpdate, target.appliedAt);
  return seen.at - since >= target.patience.startMs ? { failed: refusal(failure) } : undefined;
}

/** Asking a webhook failed: that is no answer of its. */
const notAsked = /failed calling webhook|connection refused|deadline exceeded|timed? ?out|no endpoints available/i;

function refusal(condition: ConditionObservation): RolloutCause {
  const code = notAsked.test(condition.message) ? rolloutCodes.noPlace : rolloutCodes.refused;
  return { code, ...inWords(condition) };
}

/**
 * A pod counts as available only after `minReadySeconds`: where that is as long as the rollout may take, it cannot end in time, and to wait
 * for so long in silence would be a longer time than people have approved.
 */
export function withoutTime({ deployment, target, counts }: Look): Judgement {
  const { minReadySeconds = 0 } = deployment;
  const { timeoutMs } = target.patience;
  if (minReadySeconds * 1_000 < timeoutMs || counts.available >= counts.wanted) return undefined;
  const message = `pods count as available after ${minReadySeconds} s, and the rollout has ${timeoutMs / 1_000} s`;
  return { failed: { code: rolloutCodes.noTime, reason: 'MinReadySeconds', message } };
}

/**
 * The controller's own deadline. It resets the condition when it makes a ReplicaSet but not when it uses one again, so that a
 * rollback can meet the failed rollout's condition: one from before the write, or that names another ReplicaSet, is not ours.
 * The controller only tells it, and goes on: what holds a pod up and may still do so outlasts it.
 */
export function timedOut(look: Look): Judgement {
  const { seen, deployment, target, troubles } = look;
  const condition = deployment.conditions.find(
    (one) => one.type === 'Progressing' && one.reason === 'ProgressDeadlineExceeded',
  );
  if (!condition || condition.lastUpdate < target.appliedAt) return undefined;
  const named = /ReplicaSet "([^"]+)"/.exec(condition.message)?.[1];
  if (named !== undefined && named !== seen.newReplicaSet?.name) return undefined;
  if (troubles.some((trouble) => trouble && trouble.waited < trouble.allowed)) return undefined;
  return { failed: withHindrance(look, inWords(condition)) };
}

export function unfinished({ seen, deployment, target, counts }: Look): Judgement {
  const set = seen.newReplicaSet;
  const waitFor = (what: string): Judgement => ({ progressing: [what, hint(seen)].filter(Boolean).join('; ') });
  if (!set) return waitFor('the new ReplicaSet is not there yet');
  if (counts.updated < counts.wanted)
    return waitFor(
      `${counts.updated} of ${counts.wanted} pods are of the new version (${shortDigests(target.images)})`,
    );
  if (counts.old > 0) return waitFor(`${counts.old} pods of the old version still serve`);
  if (deployment.updated > counts.wanted) return waitFor(`${deployment.updated - counts.wanted} pods too many`);
  if (counts.available < deployment.updated)
    return waitFor(`${counts.available} of ${deployment.updated} new pods are available`);
  if (counts.ready < counts.wanted) return waitFor(`${counts.ready} of ${counts.wanted} pods are ready`);
  if (set.observedGeneration < set.generation || set.wanted !== counts.wanted)
    return waitFor('the new ReplicaSet is not at its size yet');
  // Where nothing is to run, nothing progresses: that the specification is in place is all there is.
  if (counts.wanted === 0) return undefined;
  const late = deployment.conditions.find(
    (condition) =>
      (condition.type === 'Progressing' && condition.reason !== 'NewReplicaSetAvailable') ||
      (condition.type === 'Available' && condition.status !== 'True'),
  );
  return late && waitFor(`the controller still says ${late.type}=${late.status} (${late.reason})`);
}

/** Read from the pods themselves, so that a worker which has only just begun to look knows as much as one that has watched. */
export function unsteady({ seen, pods, target }: Look): Judgement {
  const view = { now: seen.at, patience: target.patience, warnings: seen.warnings };
  const { steadyMs } = target.patience;
  for (const pod of pods) {
    for (const container of pod.containers.filter((one) => !one.init)) {
      const ran = ranFor(pod, container, seen.at);
      if (ran === undefined || ran >= steadyMs) continue;
      const recovering = isRecovering(pod, container, view);
      if (container.probed && !recovering) continue;
      const why = recovering ? 'has crashed before' : 'has no readiness probe';
      const seconds = Math.ceil((steadyMs - ran) / 1_000);
      return { settling: `${pod.name}/${container.name} ${why} and must stay up for another ${seconds} s first` };
    }
  }
  return undefined;
}

function inWords(condition: ConditionObservation): Words {
  return { reason: condition.reason, message: lineKeepingEnd(condition.message) };
}

function hint(seen: RolloutObservation): string | undefined {
  for (const pod of tellingPods(seen.newPods)) {
    const words = pod.ready ? undefined : hindrance(pod, seen.at, seen.warnings);
    if (words) return words;
  }
  const away = seen.newPods.find((pod) => pod.phase === 'Failed' && !pod.deleting);
  return away && `${away.name} was sent away by its node: ${[away.reason, away.message].filter(Boolean).join(': ')}`;
}

type Words = Pick<RolloutCause, 'reason' | 'message'>;

/** When time is up: what holds the pods up is the cause, and that time is up the evidence. */
export function withHindrance(look: Look, end: Words): RolloutCause {
  const { seen, pods } = look;
  const view = { now: seen.at, warnings: seen.warnings, running: runningIn(pods) };
  const pod = pods.find((one) => !one.ready);
  const cause = pods
    .filter((one) => !one.ready)
    .map((one) => hindranceOf(one, view))
    .find((one) => one !== undefined && one.reason !== 'restarted');
  if (cause) return { ...cause, evidence: [`${end.reason}: ${end.message}`] };
  const container = pod?.containers.find((one) => !one.ready);
  return {
    code: codeOfSilence(look, container),
    ...end,
    ...(pod && { pod: pod.name, logTells: true }),
    ...(container && { container: container.name }),
  };
}

/** Nobody says why it took so long. A container that runs is slow itself; one that does not was never given the chance. */
function codeOfSilence({ deployment, counts }: Look, container: ContainerObservation | undefined): RolloutCode {
  if (container)
    return container.state === 'waiting' && container.restarts === 0 ? rolloutCodes.noPlace : rolloutCodes.itself;
  const isCounting = counts.ready >= counts.wanted && counts.available < counts.ready;
  return isCounting && deployment.minReadySeconds ? rolloutCodes.noTime : rolloutCodes.noPlace;
}
