import type { Millis } from './contract/release.ts';
import { causeInOneLine, rolloutCodes, type RolloutCause } from './rollout-cause.ts';
import type { ContainerObservation, PodObservation, RolloutObservation } from './rollout-observation.ts';
import { tellingPods } from './rollout-pods.ts';

/** How often containers had been restarted at a look, by pod and container: only those that had, so that it stays small. */
export interface Restarts {
  at: Millis;
  counts: Record<string, number>;
}

/** What was seen at one look. */
type PodsSeen = Pick<RolloutObservation, 'at'> & { newPods: readonly PodObservation[] };

/** A bake may last for days, in which every container ends some time: ends are counted within this time (ms). */
const within = 3_600_000;
/** A crash loop of every pod counts at its second bad end, as in a rollout. */
const ofEveryPod = 2;
/** One pod among good ones may suffer from its node; one that ends so often does so by itself. */
const ofOnePod = 5;

/** What later looks are compared with: this look, or the earlier one while that is not too long ago. */
export function restartsOf({ at, newPods }: PodsSeen, earlier?: Restarts): Restarts {
  if (earlier && at - earlier.at < within) return earlier;
  const restarted = containersOf(newPods).filter(({ container }) => container.restarts > 0);
  return { at, counts: Object.fromEntries(restarted.map(({ key, container }) => [key, container.restarts])) };
}

export type RestartsVerdict = { kind: 'failed'; cause: RolloutCause } | { kind: 'some'; said: string } | undefined;

/**
 * Judges how containers have ended since an earlier look. Who looks now and then meets a container that dies in between always in the middle of
 * a good while: only the number of its restarts tells. Counts what a release has set, and bad ends alone; pods that are new count from nothing.
 */
export function judgeRestarts(before: Restarts, seen: PodsSeen, containers: readonly string[]): RestartsVerdict {
  const telling = tellingPods([...seen.newPods]);
  const minutes = Math.ceil((seen.at - before.at) / 60_000);
  const crashes = containersOf(telling)
    .filter(({ container }) => containers.includes(container.name) && endedBadly(container))
    .map((one) => ({ ...one, times: one.container.restarts - (before.counts[one.key] ?? 0) }))
    .filter(({ times }) => times > 0)
    .sort((a, b) => b.times - a.times);
  const [worst] = crashes;
  if (!worst) return undefined;
  const isEvery = telling.every((pod) => crashes.some((one) => one.pod === pod && one.times >= ofEveryPod));
  if (isEvery || worst.times >= ofOnePod) return { kind: 'failed', cause: causeOf(worst, minutes) };
  const said = crashes.slice(0, 3).map((one) => causeInOneLine(causeOf(one, minutes)));
  return { kind: 'some', said: said.join(', ') };
}

interface Crash {
  pod: PodObservation;
  container: ContainerObservation;
  times: number;
}

function containersOf(pods: readonly PodObservation[]): (Omit<Crash, 'times'> & { key: string })[] {
  return pods.flatMap((pod) =>
    pod.containers.map((container) => ({ pod, container, key: `${pod.uid ?? pod.name}/${container.name}` })),
  );
}

function endedBadly({ last }: ContainerObservation): boolean {
  return last !== undefined && last.exitCode !== 0;
}

function causeOf({ pod, container, times }: Crash, minutes: number): RolloutCause {
  const { reason, exitCode } = container.last ?? { reason: 'Error', exitCode: 1 };
  const message = `ended ${times === 1 ? 'once' : `${times} times`} within ${minutes} min`;
  return { code: rolloutCodes.itself, reason, message, pod: pod.name, container: container.name, exitCode };
}
