import { causeInOneLine, rolloutCodes, type RolloutCause } from './rollout-cause.ts';
import { judgeDigests, type UnknownDigest } from './rollout-digests.ts';
import { shortDigests } from './images.ts';
import { deadlineWithGrowth } from './rollout-deadline.ts';
import {
  doomed,
  refused,
  timedOut,
  turnedAway,
  unfinished,
  unnoticed,
  unsteady,
  withHindrance,
  withoutTime,
  type Judgement,
  type Look,
} from './rollout-judgements.ts';
import type { DeploymentObservation, RolloutObservation } from './rollout-observation.ts';
import { runningIn, tellingPods, troubleOf } from './rollout-pods.ts';
import { othersIn, superseded } from './rollout-superseded.ts';
import type { RolloutCounts, RolloutTarget, RolloutVerdict } from './rollout-verdict.ts';

export type { RolloutCause } from './rollout-cause.ts';
export type { RolloutTarget, RolloutVerdict } from './rollout-verdict.ts';

/**
 * Judges one look at a Deployment. Pure: the same observation always gets the same verdict. Never says `complete` where
 * `kubectl rollout status` would not; asks besides that every running pod reports the approved digest, and that containers which nobody
 * probes, or which have crashed before, have run for a while: without a readiness probe a container counts as ready the moment it runs.
 */
export function evaluateRollout(seen: RolloutObservation, target: RolloutTarget): RolloutVerdict {
  const deployment = seen.deployment;
  if (!deployment) return { kind: 'gone', summary: 'the Deployment does not exist any more' };
  if (deployment.uid !== target.uid)
    return { kind: 'gone', summary: 'the Deployment was deleted and another one made in its place' };
  if (deployment.deleting) return { kind: 'gone', summary: 'the Deployment is being deleted' };

  const counts = countsOf(seen, deployment);
  const others = deployment.generation >= target.generation ? othersIn(deployment, target) : [];
  if (others.length > 0) return superseded(deployment, target, { others, counts });
  const pods = tellingPods(seen.newPods);
  const view = { now: seen.at, patience: target.patience, warnings: seen.warnings, running: runningIn(pods) };
  const look = { seen, deployment, target, counts, pods, troubles: pods.map((pod) => troubleOf(pod, view)) };
  const judgement = judge(look);
  if (!judgement) return { kind: 'complete', summary: completeInWords(counts, target), counts };
  if ('failed' in judgement) return failed(judgement.failed, counts);
  if ('unknown' in judgement)
    return { kind: 'inconclusive', summary: unknownInWords(judgement.unknown), counts, unknown: judgement.unknown };
  if ('settling' in judgement) return { kind: 'progressing', summary: judgement.settling, counts };
  const deadline = deadlineWithGrowth(target, counts.wanted, pods);
  if (seen.at < deadline) return { kind: 'progressing', summary: judgement.progressing, counts };
  const seconds = Math.round((deadline - target.appliedAt) / 1_000);
  const words = `not done after ${seconds} s: ${judgement.progressing}`;
  return failed(withHindrance(look, { reason: 'DeadlineExceeded', message: words }), counts);
}

function judge(look: Look): Judgement {
  const early = unnoticed(look);
  if (early) return early;
  if (look.deployment.wanted === 0) return unfinished(look);
  const stopped = doomed(look) ?? turnedAway(look) ?? refused(look) ?? timedOut(look);
  if (stopped) return stopped;
  const open = unfinished(look);
  if (open) return withoutTime(look) ?? open;
  return unsteady(look) ?? otherDigest(look);
}

function otherDigest({ pods, target }: Look): Judgement {
  const verdict = judgeDigests(pods, target.images, target.digests ?? {});
  switch (verdict.kind) {
    case 'same':
      return undefined;
    case 'unknown':
      return { unknown: verdict.found };
    case 'other': {
      const { image, reported, pod, container } = verdict.found;
      const message = `runs ${reported}, and not the approved ${image}`;
      return { failed: { code: rolloutCodes.itself, reason: 'OtherDigest', message, pod, container } };
    }
  }
}

function countsOf(seen: RolloutObservation, deployment: DeploymentObservation): RolloutCounts {
  const { wanted, updated, ready, available, replicas } = deployment;
  const { oldReady } = seen;
  const old = Math.max(seen.oldPods, replicas - updated, 0);
  return { wanted, updated, ready, available, old, ...(oldReady !== undefined && { oldReady }) };
}

function completeInWords({ wanted, available }: RolloutCounts, { images }: RolloutTarget): string {
  return wanted === 0
    ? `scaled to zero: ${shortDigests(images)} is in place, and nothing runs to prove it`
    : `${available} of ${wanted} pods run ${shortDigests(images)}`;
}

function unknownInWords({ image, reported, pod, container }: UnknownDigest): string {
  if (reported === '') return `${pod}/${container} does not say which image it runs`;
  return `${pod}/${container} reports ${reported}, of which nobody could say whether it is the approved ${image}`;
}

function failed(cause: RolloutCause, counts: RolloutCounts): RolloutVerdict {
  return { kind: 'failed', summary: causeInOneLine(cause), counts, cause };
}
