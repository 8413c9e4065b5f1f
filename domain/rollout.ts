import type { Millis, PinnedImage } from './contract/release.ts';
import { digestOf } from './images.ts';
import type {
  ConditionObservation,
  DeploymentObservation,
  PodObservation,
  RolloutObservation,
} from './rollout-observation.ts';
import { doomOf, hindrance, isRecovering, tellingPods, type Doom, type RolloutCause } from './rollout-pods.ts';

export type { RolloutCause } from './rollout-pods.ts';

/** What was written, and until when it may take. */
export interface RolloutTarget {
  uid: string;
  /** `metadata.generation` that the write returned. */
  generation: number;
  /** The API server's clock at the write. Conditions older than that speak of an earlier rollout. */
  appliedAt: Millis;
  /** By container name: what must really run. */
  images: Record<string, PinnedImage>;
  deadline: Millis;
}

export interface RolloutCounts {
  wanted: number;
  updated: number;
  ready: number;
  available: number;
  /** Pods of older versions that still serve. */
  old: number;
}

/** `summary` is one line for an operator. */
export type RolloutVerdict =
  | { kind: 'complete'; summary: string; counts: RolloutCounts }
  | { kind: 'progressing'; summary: string; counts: RolloutCounts }
  | { kind: 'failed'; summary: string; counts: RolloutCounts; cause: RolloutCause }
  /** Somebody else's images are there now: not our success, and not our failure. */
  | { kind: 'superseded'; summary: string; counts: RolloutCounts; images: Record<string, string> }
  | { kind: 'gone'; summary: string };

/** What one step of the rule may conclude; undefined leaves it to the next step. */
type Judgement = { progressing: string } | { failed: RolloutCause } | undefined;

/** Trouble in creating pods at all (quota, admission) may pass for this long (ms). */
const refusalGrace = 60_000;

/**
 * Judges one look at a Deployment. Pure: the same observation always gets the same verdict. Never says `complete` where
 * `kubectl rollout status` would not; asks besides that every running pod reports the approved digest, and that none has only just come
 * back from a crash. Anyone who must be sure asks for two completes, seconds apart: without a readiness probe a container counts as
 * ready the moment it runs.
 */
export function evaluateRollout(seen: RolloutObservation, target: RolloutTarget): RolloutVerdict {
  const deployment = seen.deployment;
  if (!deployment) return { kind: 'gone', summary: 'the Deployment does not exist any more' };
  if (deployment.uid !== target.uid)
    return { kind: 'gone', summary: 'the Deployment was deleted and another one made in its place' };
  if (deployment.deleting) return { kind: 'gone', summary: 'the Deployment is being deleted' };

  const counts = countsOf(seen, deployment);
  if (deployment.generation >= target.generation && !hasImages(deployment, target)) {
    const images = deployment.images;
    return {
      kind: 'superseded',
      summary: `somebody else has set other images: ${describeImages(images)}`,
      counts,
      images,
    };
  }
  const judgement = judge(seen, deployment, target, counts);
  if (!judgement)
    return { kind: 'complete', summary: `${counts.available} of ${counts.wanted} pods run the new version`, counts };
  if ('failed' in judgement) return failed(judgement.failed, counts);
  if (seen.at < target.deadline) return { kind: 'progressing', summary: judgement.progressing, counts };
  return failed({ ...slowest(seen), reason: 'DeadlineExceeded', message: judgement.progressing }, counts);
}

function judge(
  seen: RolloutObservation,
  deployment: DeploymentObservation,
  target: RolloutTarget,
  counts: RolloutCounts,
): Judgement {
  return (
    unnoticed(deployment, target) ??
    doomed(seen) ??
    refused(seen, target) ??
    timedOut(seen, deployment, target) ??
    scaledToZero(deployment) ??
    unfinished(seen, deployment, counts) ??
    recovering(seen) ??
    otherDigest(seen.newPods, target)
  );
}

function unnoticed(deployment: DeploymentObservation, target: RolloutTarget): Judgement {
  if (deployment.paused) return { progressing: 'the Deployment is paused: nothing happens until somebody resumes it' };
  if (deployment.generation < target.generation || deployment.observedGeneration < deployment.generation) {
    return { progressing: 'the controller has not seen the change yet' };
  }
  return undefined;
}

/** All new pods are doomed, or one has been for twice as long as its trouble is allowed: a single bad node must not kill a release. */
function doomed(seen: RolloutObservation): Judgement {
  const pods = tellingPods(seen.newPods);
  const dooms = pods.map((pod) => doomOf(pod, seen.at)).filter((doom) => doom !== undefined);
  const fatal = dooms.find((doom) => doom.certain) ?? (dooms.length === pods.length ? dooms[0] : undefined);
  return fatal && { failed: withoutCertainty(fatal) };
}

function withoutCertainty({ certain: _certain, ...cause }: Doom): RolloutCause {
  return cause;
}

/** Pods that may not even be created: quota, admission, a ReplicaSet that the API server refuses. */
function refused(seen: RolloutObservation, target: RolloutTarget): Judgement {
  const conditions = [...(seen.newReplicaSet?.conditions ?? []), ...(seen.deployment?.conditions ?? [])];
  const notMade = conditions.find(
    (condition) => condition.reason === 'ReplicaSetCreateError' && condition.status === 'False',
  );
  if (notMade && !seen.newReplicaSet && notMade.lastUpdate >= target.appliedAt) return { failed: inWords(notMade) };
  const failure = conditions.find((condition) => condition.type === 'ReplicaFailure' && condition.status === 'True');
  if (!failure) return undefined;
  const since = Math.max(failure.lastUpdate, target.appliedAt);
  return seen.at - since >= refusalGrace ? { failed: inWords(failure) } : undefined;
}

/**
 * The controller's own deadline. It resets the condition when it makes a ReplicaSet but not when it uses one again, so that a
 * rollback can meet the failed rollout's condition: one from before the write, or that names another ReplicaSet, is not ours.
 */
function timedOut(seen: RolloutObservation, deployment: DeploymentObservation, target: RolloutTarget): Judgement {
  const condition = deployment.conditions.find(
    (one) => one.type === 'Progressing' && one.reason === 'ProgressDeadlineExceeded',
  );
  if (!condition || condition.lastUpdate < target.appliedAt) return undefined;
  const named = /ReplicaSet "([^"]+)"/.exec(condition.message)?.[1];
  if (named !== undefined && named !== seen.newReplicaSet?.name) return undefined;
  return { failed: { ...slowest(seen), ...inWords(condition) } };
}

function scaledToZero(deployment: DeploymentObservation): Judgement {
  if (deployment.wanted > 0) return undefined;
  const message = 'the Deployment is scaled to zero: nothing runs that could prove the new version';
  return { failed: { reason: 'ScaledToZero', message } };
}

function unfinished(seen: RolloutObservation, deployment: DeploymentObservation, counts: RolloutCounts): Judgement {
  const set = seen.newReplicaSet;
  const waitFor = (what: string): Judgement => ({ progressing: [what, hint(seen)].filter(Boolean).join('; ') });
  if (!set) return waitFor('the new ReplicaSet is not there yet');
  if (counts.updated < counts.wanted)
    return waitFor(`${counts.updated} of ${counts.wanted} pods are of the new version`);
  if (counts.old > 0) return waitFor(`${counts.old} pods of the old version still serve`);
  if (deployment.updated > counts.wanted) return waitFor(`${deployment.updated - counts.wanted} pods too many`);
  if (counts.available < deployment.updated)
    return waitFor(`${counts.available} of ${deployment.updated} new pods are available`);
  if (counts.ready < counts.wanted) return waitFor(`${counts.ready} of ${counts.wanted} pods are ready`);
  if (set.observedGeneration < set.generation || set.wanted !== counts.wanted)
    return waitFor('the new ReplicaSet is not at its size yet');
  const late = deployment.conditions.find(
    (condition) =>
      (condition.type === 'Progressing' && condition.reason !== 'NewReplicaSetAvailable') ||
      (condition.type === 'Available' && condition.status !== 'True'),
  );
  return late && waitFor(`the controller still says ${late.type}=${late.status} (${late.reason})`);
}

function recovering(seen: RolloutObservation): Judgement {
  for (const pod of tellingPods(seen.newPods)) {
    const container = pod.containers.find((one) => isRecovering(one, seen.at));
    if (container)
      return { progressing: `${pod.name}/${container.name} has crashed before and must stay up for a while first` };
  }
  return undefined;
}

function otherDigest(pods: PodObservation[], target: RolloutTarget): Judgement {
  for (const pod of pods.filter((one) => !one.deleting && one.phase === 'Running')) {
    for (const [name, image] of Object.entries(target.images)) {
      const container = pod.containers.find((one) => one.name === name);
      if (!container?.imageId) return { progressing: `${pod.name}/${name} does not say yet which image it runs` };
      if (digestOf(container.imageId) === digestOf(image)) continue;
      const message = `runs ${container.imageId}, and not the approved ${image}`;
      return { failed: { reason: 'OtherDigest', message, pod: pod.name, container: name } };
    }
  }
  return undefined;
}

function countsOf(seen: RolloutObservation, deployment: DeploymentObservation): RolloutCounts {
  const { wanted, updated, ready, available, replicas } = deployment;
  return { wanted, updated, ready, available, old: Math.max(seen.oldPods, replicas - updated, 0) };
}

function hasImages(deployment: DeploymentObservation, target: RolloutTarget): boolean {
  return Object.entries(target.images).every(([container, image]) => deployment.images[container] === image);
}

function describeImages(images: Record<string, string>): string {
  return Object.entries(images)
    .map(([container, image]) => `${container} = ${image}`)
    .join(', ');
}

function failed(cause: RolloutCause, counts: RolloutCounts): RolloutVerdict {
  const where = [cause.pod, cause.container].filter(Boolean).join('/');
  const exit = cause.exitCode === undefined ? '' : ` (exit code ${cause.exitCode})`;
  return {
    kind: 'failed',
    summary: `${where && `${where}: `}${cause.reason}${exit}${cause.message && `: ${cause.message}`}`,
    counts,
    cause,
  };
}

function inWords(condition: ConditionObservation): RolloutCause {
  return { reason: condition.reason, message: condition.message };
}

function hint(seen: RolloutObservation): string | undefined {
  for (const pod of tellingPods(seen.newPods)) {
    const words = pod.ready ? undefined : hindrance(pod, seen.at);
    if (words) return words;
  }
  return undefined;
}

/** The pod that people should look at when time is up. */
function slowest(seen: RolloutObservation): { pod?: string; container?: string } {
  const pod = tellingPods(seen.newPods).find((one) => !one.ready);
  const container = pod?.containers.find((one) => !one.ready);
  return { ...(pod && { pod: pod.name }), ...(container && { container: container.name }) };
}
