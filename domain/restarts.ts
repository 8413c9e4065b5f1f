import { rolloutCodes, type RolloutCause } from './rollout-cause.ts';
import type { ContainerObservation, PodObservation } from './rollout-observation.ts';
import { tellingPods } from './rollout-pods.ts';

/** How often containers had been restarted at a look, by pod and container: only those that had, so that it stays small. */
export type Restarts = Record<string, number>;

/** A crash loop of every pod counts at its second bad end, as in a rollout. */
const ofEveryPod = 2;
/** One pod among good ones may suffer from its node; one that ends so often does so by itself. */
const ofOnePod = 5;

/** What later looks are compared with. */
export function restartsOf(pods: readonly PodObservation[]): Restarts {
  const restarted = containersOf(pods).filter(({ container }) => container.restarts > 0);
  return Object.fromEntries(restarted.map(({ key, container }) => [key, container.restarts]));
}

export type RestartsVerdict = { kind: 'failed'; cause: RolloutCause } | { kind: 'some'; said: string } | undefined;

/**
 * Judges how containers have ended since an earlier look. Who looks now and then meets a container that dies in between always in the middle of
 * a good while: only the number of its restarts tells. Counts what a release has set, and bad ends alone; pods that are new count from nothing.
 */
export function judgeRestarts(
  before: Restarts,
  pods: readonly PodObservation[],
  containers: readonly string[],
): RestartsVerdict {
  const telling = tellingPods([...pods]);
  const crashes = containersOf(telling)
    .filter(({ container }) => containers.includes(container.name) && endedBadly(container))
    .map((one) => ({ ...one, times: one.container.restarts - (before[one.key] ?? 0) }))
    .filter(({ times }) => times > 0)
    .sort((a, b) => b.times - a.times);
  const [worst] = crashes;
  if (!worst) return undefined;
  const isEvery = telling.every((pod) => crashes.some((one) => one.pod === pod && one.times >= ofEveryPod));
  if (isEvery || worst.times >= ofOnePod) return { kind: 'failed', cause: causeOf(worst) };
  const said = crashes.map(({ pod, container, times }) => `${pod.name}/${container.name} ${inWords(container, times)}`);
  return { kind: 'some', said: said.slice(0, 3).join(', ') };
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

function causeOf({ pod, container, times }: Crash): RolloutCause {
  const { reason, exitCode } = container.last ?? { reason: 'Error', exitCode: 1 };
  const message = `ended ${inTimes(times)} while it was watched`;
  return { code: rolloutCodes.itself, reason, message, pod: pod.name, container: container.name, exitCode };
}

function inWords({ last }: ContainerObservation, times: number): string {
  return `ended ${inTimes(times)} while it was watched (${last?.reason}, exit code ${last?.exitCode})`;
}

function inTimes(times: number): string {
  return times === 1 ? 'once' : `${times} times`;
}
