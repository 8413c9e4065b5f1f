import type { PinnedImage, RolloutSpec } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { evaluateRollout } from '../../domain/rollout.ts';
import type { RolloutVerdict } from '../../domain/rollout.ts';
import { isSettled } from '../../domain/rollout-settling.ts';
import type { AppliedChange, Kubernetes, WorkloadRef } from '../kubernetes/port.ts';
import { poll } from '../shared/polling.ts';

interface Looking {
  kubernetes: Kubernetes;
  now: () => number;
}

const rolloutPace = { firstMs: 150, longestMs: 1_500 };
const lookPace = { firstMs: 250, longestMs: 2_000 };

/** Looks until the rollout is complete twice in a row, for as long as that takes to be believed, or has failed. */
export async function seeThrough(
  { kubernetes, now }: Looking,
  workload: WorkloadRef,
  { applied, images, rollout }: { applied: AppliedChange; images: Record<string, PinnedImage>; rollout: RolloutSpec },
): Promise<string> {
  const { uid, generation, appliedAt } = applied;
  const deadline = appliedAt + rollout.timeoutMs;
  let completeSince: number | undefined;
  const verdict = await poll(async (): Promise<{ done: RolloutVerdict } | { doing: string }> => {
    const seen = await kubernetes.observe(workload);
    const verdict = evaluateRollout(seen, { uid, generation, appliedAt, images, deadline });
    const settled = verdict.kind === 'complete' && isSettled(seen.deployment, completeSince, now());
    completeSince = verdict.kind === 'complete' ? (completeSince ?? now()) : undefined;
    if (verdict.kind === 'progressing' || (verdict.kind === 'complete' && !settled)) {
      return { doing: `${workload.deployment}: ${verdict.summary}` };
    }
    return { done: verdict };
  }, rolloutPace);
  switch (verdict.kind) {
    case 'complete':
      return `${workload.deployment}: ${verdict.summary}`;
    case 'failed':
      throw failure(
        'SLIP-K8S-1',
        `${workload.deployment}: ${verdict.summary}${await lastWords(kubernetes, workload, verdict)}`,
      );
    case 'superseded':
      throw failure('SLIP-K8S-4', `${workload.deployment}: ${verdict.summary}`);
    case 'gone':
      throw failure('SLIP-K8S-2', `${workload.deployment}: ${verdict.summary}`);
    case 'progressing':
      throw new TypeError('a rollout that is going on was taken for its end');
  }
}

/** What the container wrote before it died: usually the whole explanation. Not having it must not hide the failure. */
async function lastWords(
  kubernetes: Kubernetes,
  workload: WorkloadRef,
  { cause }: RolloutVerdict & { kind: 'failed' },
): Promise<string> {
  const { pod, container } = cause;
  if (pod === undefined || container === undefined) return '';
  // A container that is being restarted at this very moment leaves the one state for the other between two questions.
  for (const previous of [true, false, true]) {
    const words = await kubernetes.logs({ workload, pod, container, previous, maxBytes: 1_500 }).catch(() => '');
    if (words.trim() !== '') return `\n${words.trim()}`;
  }
  return '';
}

/**
 * Looks until the workload stands complete with these images, is known not to, or `patienceMs` have passed. Old pods that still serve beside
 * new ones that crash would answer every endpoint: so it is the rollout as a whole that must stand. Being scaled at this moment is no failure.
 */
export async function standing(
  { kubernetes, now }: Looking,
  workload: WorkloadRef,
  { images, patienceMs }: { images: Record<string, PinnedImage>; patienceMs: number },
): Promise<RolloutVerdict> {
  const until = now() + patienceMs;
  return poll(async () => {
    const seen = await kubernetes.observe(workload);
    // What is there now is judged, whenever it was written: its newest generation, and conditions of any age.
    const { uid = '', generation = 0 } = seen.deployment ?? {};
    const target = { uid, generation, appliedAt: 0, images, deadline: Number.POSITIVE_INFINITY };
    const verdict = evaluateRollout(seen, target);
    if (verdict.kind !== 'progressing' || now() >= until) return { done: verdict };
    return { doing: `${workload.deployment}: ${verdict.summary}` };
  }, lookPace);
}
