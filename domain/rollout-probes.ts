import type { Millis } from './contract/release.ts';
import type { ContainerObservation, PodObservation, WarningObservation } from './rollout-observation.ts';

/** What the kubelet says about one probe of one container, in its latest words. */
export interface ProbeAnswer {
  probe: 'Readiness' | 'Liveness' | 'Startup';
  /** The kubelet's sentence: `Readiness probe failed: HTTP probe failed with statuscode: 503`. */
  words: string;
  count: number;
  lastAt: Millis;
  /** `never`: the image or the probe must change. `hardly`: as it is now it cannot pass, but the program could still appear. */
  canPass: 'maybe' | 'hardly' | 'never';
}

/** Event times are in whole seconds, and the kubelet writes them a moment after it has looked. */
const inexact = 2_000;

const sentence = /^(Readiness|Liveness|Startup) probe (?:failed|errored)/;
/** The program of an exec probe is not in the image or not for this machine; a port is named that the container does not have. */
const never = /executable file\b.*\bnot found|exec format error|strconv\.Atoi: parsing "[^"]*": invalid syntax/i;
const hardly = /exec: "[^"]+": .*(?:no such file or directory|permission denied|is a directory)/i;

/** Events about one container of this very pod. An earlier pod may have had its name, never its uid. */
export function warningsOf(
  pod: PodObservation,
  container: ContainerObservation,
  warnings: readonly WarningObservation[],
): WarningObservation[] {
  return warnings.filter(
    (one) => one.kind === 'Pod' && one.uid === pod.uid && (one.container ?? container.name) === container.name,
  );
}

/** Answers of probes to the container's present run, newest first: an event from before its start is about a run that is over. */
export function probeAnswers(
  pod: PodObservation,
  container: ContainerObservation,
  warnings: readonly WarningObservation[],
): ProbeAnswer[] {
  const { startedAt } = container;
  if (container.state !== 'running' || startedAt === undefined) return [];
  return allAnswers(pod, container, warnings).filter((answer) => answer.lastAt >= startedAt - inexact);
}

/** The probe for which the kubelet has ended the container's last run, if it was one: it lets up to its grace period pass in between. */
export function endedByProbe(
  pod: PodObservation,
  container: ContainerObservation,
  warnings: readonly WarningObservation[],
): ProbeAnswer | undefined {
  const finishedAt = container.finishedAt ?? container.last?.finishedAt;
  if (finishedAt === undefined) return undefined;
  const before = (answer: ProbeAnswer) =>
    answer.probe !== 'Readiness' && answer.lastAt <= finishedAt + inexact && answer.lastAt >= finishedAt - 60_000;
  return allAnswers(pod, container, warnings).find(before);
}

function allAnswers(
  pod: PodObservation,
  container: ContainerObservation,
  warnings: readonly WarningObservation[],
): ProbeAnswer[] {
  return warningsOf(pod, container, warnings)
    .flatMap((warning) => answerOf(warning) ?? [])
    .sort((a, b) => b.lastAt - a.lastAt);
}

function answerOf({ reason, message, count, lastAt }: WarningObservation): ProbeAnswer | undefined {
  const probe = reason === 'Unhealthy' ? sentence.exec(message)?.[1] : undefined;
  if (probe !== 'Readiness' && probe !== 'Liveness' && probe !== 'Startup') return undefined;
  const canPass = never.test(message) ? 'never' : hardly.test(message) ? 'hardly' : 'maybe';
  return { probe, words: message, count, lastAt, canPass };
}
