import type { Millis } from './contract/release.ts';
import { lineKeepingEnd, rolloutCodes, type RolloutCause } from './rollout-cause.ts';
import type { PodObservation, WarningObservation } from './rollout-observation.ts';
import { unplaced, type PodView } from './rollout-pods.ts';
import { probeAnswers } from './rollout-probes.ts';
import { gated, settingUp } from './rollout-set-up.ts';
import { codeOfWaiting } from './rollout-waiting.ts';

/** A node is usually found within that (ms): before, it is not worth saying. */
const findingANode = 15_000;

/** What keeps a pod from being ready; undefined when nothing is worth saying yet. */
export function hindranceOf(pod: PodObservation, view: Omit<PodView, 'patience'>): RolloutCause | undefined {
  const { now, warnings } = view;
  const nowhere = unplaced(pod);
  if (nowhere) return now - nowhere.since < findingANode ? undefined : nowhere.cause;
  const beside = settingUp(pod, view) ?? gated(pod);
  if (beside) return beside.cause;
  for (const container of pod.containers.filter((one) => !one.ready)) {
    const place = { pod: pod.name, container: container.name };
    const code = rolloutCodes.itself;
    if (container.state === 'waiting' && container.message !== '')
      return {
        ...place,
        code: codeOfWaiting(pod, container, view),
        reason: container.reason,
        message: lineKeepingEnd(container.message),
      };
    const [answer] = probeAnswers(pod, container, warnings);
    if (answer) {
      const times = answer.count > 1 ? ` (${answer.count} times)` : '';
      return {
        ...place,
        code,
        reason: 'Unhealthy',
        message: `${lineKeepingEnd(answer.words)}${times}`,
        logTells: true,
      };
    }
  }
  const restarted = pod.containers.find((container) => !container.ready && container.restarts > 0);
  if (!restarted) return undefined;
  const message = `${restarted.restarts} times`;
  const place = { pod: pod.name, container: restarted.name };
  return { ...place, code: rolloutCodes.itself, reason: 'restarted', message, logTells: true };
}

/** The same for people who wait: one line. */
export function hindrance(
  pod: PodObservation,
  now: Millis,
  warnings: readonly WarningObservation[] = [],
): string | undefined {
  const cause = hindranceOf(pod, { now, warnings });
  if (!cause) return undefined;
  if (cause.reason === 'Unschedulable') return `${pod.name} has no node yet: ${cause.message}`;
  const place = [cause.pod, cause.container].filter(Boolean).join('/');
  if (cause.reason === 'restarted') return `${place} restarted ${cause.message}`;
  return `${place} ${cause.reason}: ${cause.message}`;
}
