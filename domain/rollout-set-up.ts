import type { Millis } from './contract/release.ts';
import { lineKeepingEnd, rolloutCodes, type RolloutCause } from './rollout-cause.ts';
import type { ContainerObservation, PodObservation, WarningObservation } from './rollout-observation.ts';

/** What keeps a pod from beginning, or from counting as ready, beside its containers. */
export interface SetUpTrouble {
  cause: RolloutCause;
  since: Millis;
}

/** The kubelet's own lag in seeing a ConfigMap or Secret: passes by itself. */
export const kubeletLag = /failed to sync .{0,300} cache/i;

const reasons = new Set(['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox']);
const absent =
  /\b(secrets?|configmaps?|persistentvolumeclaims?) "[^"]+" not found|references non-existent (secret|config) key/i;
/** The kubelet tries a volume again after two minutes at most (`maxDurationBeforeRetry`): what it has not said for longer is over. */
const stillSaid = 150_000;

/** A node has the pod, and cannot give its containers their network or their volumes: the status has no word of that, the events have. */
export function settingUp(
  pod: PodObservation,
  { now, warnings }: { now: Millis; warnings: readonly WarningObservation[] },
): SetUpTrouble | undefined {
  if (pod.containers.some((container) => hasBegun(container))) return undefined;
  const said = warnings.filter(
    ({ kind, uid, reason, message, lastAt }) =>
      kind === 'Pod' &&
      uid === pod.uid &&
      reasons.has(reason) &&
      lastAt >= now - stillSaid &&
      !kubeletLag.test(message),
  );
  // The same volume is also told as one that merely took too long.
  const missing = said.find(({ message }) => absent.test(message));
  const warning = missing ?? said[0];
  if (!warning) return undefined;
  const code = missing ? rolloutCodes.missing : rolloutCodes.noPlace;
  return {
    cause: { code, reason: warning.reason, message: lineKeepingEnd(warning.message), pod: pod.name },
    since: Math.max(pod.scheduledAt ?? pod.createdAt, warning.firstAt),
  };
}

/** Network and volumes come before everything else: what waits for its image has them. */
function hasBegun({ state, reason, restarts }: ContainerObservation): boolean {
  return state !== 'waiting' || restarts > 0 || !['', 'ContainerCreating', 'PodInitializing'].includes(reason);
}

/** All its containers are ready, and a condition that others set (a load balancer, for example) keeps the pod from being so. */
export function gated(pod: PodObservation): SetUpTrouble | undefined {
  if (!pod.gate) return undefined;
  const { message, since } = pod.gate;
  const code = isUnset(message) ? rolloutCodes.missing : rolloutCodes.noPlace;
  return { cause: { code, reason: 'ReadinessGatesNotReady', message: lineKeepingEnd(message), pod: pod.name }, since };
}

/** Nobody has set the condition at all: whoever should is not there. */
function isUnset(message: string): boolean {
  return /readiness gate .{0,300} does not exist/i.test(message);
}
