import type { Millis } from './contract/release.ts';
import type { DeploymentObservation } from './rollout-observation.ts';

/** How long a container may look well that nobody asks and that is about to end. */
const unprobed = 2_000;

/**
 * How long (ms) a rollout must have been complete, in look after look, before it is believed. A container without a readiness probe
 * counts as ready the moment it runs, so that one which ends at once can look complete for a moment. With a probe, or with
 * `minReadySeconds`, the cluster itself has waited already, and a second look suffices.
 */
function settlingTime(deployment: Pick<DeploymentObservation, 'minReadySeconds' | 'probed'> | undefined): Millis {
  const waited = (deployment?.minReadySeconds ?? 0) >= 1 || deployment?.probed === true;
  return waited ? 0 : unprobed;
}

/** Judges the looks that said `complete` in a row: `since` is when the first of them was, undefined when this look is the first. */
export function isSettled(
  deployment: Pick<DeploymentObservation, 'minReadySeconds' | 'probed'> | undefined,
  since: Millis | undefined,
  now: Millis,
): boolean {
  return since !== undefined && now - since >= settlingTime(deployment);
}
