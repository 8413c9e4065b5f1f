import { refuseImage } from '../../domain/authority.ts';
import type { PinnedImage, PlannedComponent, RegionSpec, ReleasePlan } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { evaluateRollout } from '../../domain/rollout.ts';
import { isSettled } from '../../domain/rollout-settling.ts';
import type { RolloutVerdict } from '../../domain/rollout.ts';
import type { Registry } from '../images/port.ts';
import type { AppliedChange, Kubernetes, WorkloadRef } from '../kubernetes/port.ts';
import { authorize } from './authorize.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import { plannedComponent, plannedRegion, refTo } from './place.ts';
import { poll } from './polling.ts';
import type { AppliedComponent, ComponentInput, EnvironmentSteps } from './types.ts';

export interface RegionDependencies extends AuthorizeDependencies {
  kubernetes: Kubernetes;
  registry: Registry;
  now: () => number;
}

type Steps = Pick<EnvironmentSteps, 'tagImages' | 'applyComponent' | 'watchRollout'>;

const rolloutPace = { firstMs: 150, longestMs: 1_500 };

/** What is written for a release: tags, and each region's images, seen through until they run. */
export function createRegionSteps(deps: RegionDependencies): Steps {
  return {
    async tagImages({ authority, tags: which }) {
      const plan = await authorize(authority, deps);
      const floor = await deps.floorOf(plan.environment);
      const tags = which === 'commit' ? [plan.commit] : plan.tags.filter((tag) => floor.tags.includes(tag));
      for (const { image, origin } of plan.components) {
        // Somebody else's image keeps somebody else's tags; an unchanged one has its own commit's already.
        if (origin === 'given' || (origin === 'unchanged' && which === 'commit')) continue;
        for (const tag of tags) await deps.registry.tag(image, tag);
      }
    },

    async applyComponent(input) {
      const { plan, component, region } = await permitted(input, deps);
      const applied: AppliedComponent = {};
      for (const { deployment, containers } of component.workloads) {
        const workload = refTo(region, deployment);
        const images = imagesOf(containers, input.image);
        const change = await deps.kubernetes.apply({
          workload,
          images,
          ticket: input.authority.ticket,
          purpose: input.purpose,
          releaseId: input.authority.releaseId,
          changeCause: `${input.purpose} ${plan.commit.slice(0, 12)} by ${input.authority.releaseId}`,
        });
        // Written by an earlier try, whose reply was lost, does not mean that it came up: what this run has begun, it sees through.
        const settled = !change.changed && !change.repeated;
        const inPlace = settled && (await isComplete(deps.kubernetes, workload, change, images));
        applied[deployment] = { ...change, inPlace };
      }
      return applied;
    },

    async watchRollout(input) {
      const { component, region } = await placeOf(input, deps);
      const notes: string[] = [];
      for (const workload of component.workloads) {
        const applied = input.applied[workload.deployment];
        if (!applied || applied.inPlace) continue;
        const images = imagesOf(workload.containers, input.image);
        notes.push(await seeThrough(deps, refTo(region, workload.deployment), applied, images, input.timeoutMs));
      }
      return { note: notes.join('; ') };
    },
  };
}

/** The stored plan's view of the place, once this run has shown that it may change it. */
async function placeOf(
  input: ComponentInput,
  deps: RegionDependencies,
): Promise<{ plan: ReleasePlan; region: RegionSpec; component: PlannedComponent }> {
  const plan = await authorize(input.authority, deps, input.region);
  return { plan, region: plannedRegion(plan, input.region), component: plannedComponent(plan, input.component) };
}

async function permitted(input: ComponentInput, deps: RegionDependencies) {
  const place = await placeOf(input, deps);
  const { plan } = place;
  const { service, environment } = plan;
  const { region, component, image, purpose } = input;
  const history =
    purpose === 'roll-back'
      ? await deps.records.inventory.history({ service, environment, region, component, limit: 50 })
      : [];
  const reason = refuseImage({ plan, region, component, image, purpose, history });
  if (reason !== undefined) throw failure('SLIP-REL-1', reason);
  return place;
}

function imagesOf(containers: string[], image: PinnedImage): Record<string, PinnedImage> {
  return Object.fromEntries(containers.map((name) => [name, image]));
}

/** One look, without a deadline: what is not complete is for the watcher to judge. */
async function isComplete(
  kubernetes: Kubernetes,
  workload: WorkloadRef,
  { uid, generation, appliedAt }: AppliedChange,
  images: Record<string, PinnedImage>,
): Promise<boolean> {
  const target = { uid, generation, appliedAt, images, deadline: Number.POSITIVE_INFINITY };
  return evaluateRollout(await kubernetes.observe(workload), target).kind === 'complete';
}

/** Looks until the rollout is complete twice in a row, for as long as that takes to be believed, or has failed. */
async function seeThrough(
  { kubernetes, now }: Pick<RegionDependencies, 'kubernetes' | 'now'>,
  workload: WorkloadRef,
  applied: AppliedChange,
  images: Record<string, PinnedImage>,
  timeoutMs: number,
): Promise<string> {
  const { uid, generation, appliedAt } = applied;
  let completeSince: number | undefined;
  const verdict = await poll(async (): Promise<{ done: RolloutVerdict } | { doing: string }> => {
    const seen = await kubernetes.observe(workload);
    const verdict = evaluateRollout(seen, { uid, generation, appliedAt, images, deadline: appliedAt + timeoutMs });
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
