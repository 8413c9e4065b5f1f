import { cancellationSignal, heartbeat, sleep } from '@temporalio/activity';
import { refuseImage } from '../../domain/authority.ts';
import { judgeConsecutive } from '../../domain/consecutive.ts';
import type {
  EndpointSpec,
  PinnedImage,
  PlannedComponent,
  RegionSpec,
  ReleasePlan,
} from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { digestOf, shortDigest } from '../../domain/images.ts';
import { evaluateRollout } from '../../domain/rollout.ts';
import { isSettled } from '../../domain/rollout-settling.ts';
import type { RolloutVerdict } from '../../domain/rollout.ts';
import type { Registry } from '../images/port.ts';
import type { AppliedChange, Kubernetes, WorkloadRef } from '../kubernetes/port.ts';
import type { Verification } from '../verification/port.ts';
import { authorize } from './authorize.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import { poll } from './polling.ts';
import type { ComponentInput, EnvironmentSteps } from './types.ts';

export interface RegionDependencies extends AuthorizeDependencies {
  kubernetes: Kubernetes;
  registry: Registry;
  verification: Verification;
  now: () => number;
}

type Steps = Pick<EnvironmentSteps, 'tagImages' | 'applyComponent' | 'watchRollout' | 'verifyRegion'>;

const rolloutPace = { firstMs: 150, longestMs: 1_500 };
const endpointPauseMs = 250;

/** What happens to a region: apply, watch, verify. */
export function createRegionSteps(deps: RegionDependencies): Steps {
  return {
    async tagImages({ authority }) {
      const plan = await authorize(authority, deps);
      const floor = await deps.floorOf(plan.environment);
      const tags = [plan.commit, ...plan.tags.filter((tag) => floor.tags.includes(tag))];
      for (const { image, origin } of plan.components) {
        // Somebody else's image keeps somebody else's tags, and an unchanged one has its commit's already.
        if (origin !== 'built') continue;
        for (const tag of tags) await deps.registry.tag(image, tag);
      }
    },

    async applyComponent(input) {
      const { plan, component, region } = await permitted(input, deps);
      const applied: Record<string, AppliedChange> = {};
      for (const workload of component.workloads) {
        applied[workload.deployment] = await deps.kubernetes.apply({
          workload: refTo(region, workload.deployment),
          images: Object.fromEntries(workload.containers.map((name) => [name, input.image])),
          ticket: input.authority.ticket,
          releaseId: input.authority.releaseId,
          changeCause: `${input.purpose} ${plan.commit.slice(0, 12)} by ${input.authority.releaseId}`,
        });
      }
      return applied;
    },

    async watchRollout(input) {
      const { component, region } = planned(await authorize(input.authority, deps), input);
      const notes: string[] = [];
      for (const workload of component.workloads) {
        const applied = input.applied[workload.deployment];
        if (!applied?.changed) continue;
        const images = Object.fromEntries(workload.containers.map((name) => [name, input.image]));
        notes.push(await seeThrough(deps, refTo(region, workload.deployment), applied, images, input.timeoutMs));
      }
      return { note: notes.join('; ') };
    },

    async verifyRegion({ authority, region: name, images }) {
      const plan = await authorize(authority, deps);
      const region = regionOf(plan, name);
      const [digests, endpoints] = await Promise.all([
        Promise.all(plan.components.map((c) => digestCheck(deps.kubernetes, region, c, images[c.name] ?? c.image))),
        Promise.all(region.endpoints.map((endpoint) => endpointCheck(deps, region, endpoint))),
      ]);
      const checks = [...digests, ...endpoints];
      const bad = checks.filter((check) => check.verdict !== 'pass');
      if (bad.length > 0) {
        const wrong = bad.some((check) => check.verdict === 'fail');
        throw failure(
          wrong ? 'SLIP-VER-1' : 'SLIP-VER-3',
          bad.map((check) => `${check.name}: ${check.summary}`).join('; '),
        );
      }
      return checks;
    },
  };
}

/** The stored plan's view of the change, once this run has shown that it may make it. */
async function permitted(input: ComponentInput, deps: RegionDependencies) {
  const plan = await authorize(input.authority, deps);
  const { service, environment } = plan;
  const { region, component, image, purpose } = input;
  const history =
    purpose === 'roll-back'
      ? await deps.records.inventory.history({ service, environment, region, component, limit: 50 })
      : [];
  const reason = refuseImage({ plan, region, component, image, purpose, history });
  if (reason !== undefined) throw failure('SLIP-REL-1', reason);
  return { plan, ...planned(plan, input) };
}

function planned(
  plan: ReleasePlan,
  { region, component }: { region: string; component: string },
): { component: PlannedComponent; region: RegionSpec } {
  const found = plan.components.find((c) => c.name === component);
  if (!found) throw failure('SLIP-REL-1', `the plan has no component ${component}`);
  return { component: found, region: regionOf(plan, region) };
}

function regionOf(plan: ReleasePlan, name: string): RegionSpec {
  const region = plan.regions.find((r) => r.name === name);
  if (!region) throw failure('SLIP-REL-1', `the plan has no region ${name}`);
  return region;
}

function refTo(region: RegionSpec, deployment: string): WorkloadRef {
  return { cluster: region.cluster, namespace: region.namespace, deployment };
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

/** Reads back from the running pods what they run. */
async function digestCheck(
  kubernetes: Kubernetes,
  region: RegionSpec,
  component: PlannedComponent,
  image: PinnedImage,
): Promise<Check> {
  const name = `${region.name}: ${component.name} digest`;
  const wanted = digestOf(image);
  for (const { deployment, containers } of component.workloads) {
    const { newPods, deployment: seen } = await kubernetes.observe(refTo(region, deployment));
    if (!seen) return { name, verdict: 'fail', summary: `${deployment} does not exist` };
    const running = newPods
      .filter((pod) => !pod.deleting)
      .flatMap((pod) => pod.containers.filter((c) => containers.includes(c.name)));
    const other = running.find((c) => digestOf(c.imageId) !== wanted);
    if (other)
      return {
        name,
        verdict: 'fail',
        summary: `${deployment} runs ${shortDigest(other.imageId)}, not ${shortDigest(image)}`,
      };
    if (running.length === 0) return { name, verdict: 'inconclusive', summary: `${deployment} has no running pods` };
  }
  return { name, verdict: 'pass', summary: `every pod runs ${shortDigest(image)}` };
}

async function endpointCheck(
  { verification, now }: RegionDependencies,
  region: RegionSpec,
  endpoint: EndpointSpec,
): Promise<Check> {
  const deadline = now() + endpoint.timeoutMs;
  const checks: Check[] = [];
  for (;;) {
    checks.push(await verification.check(endpoint, cancellationSignal()));
    const verdict = judgeConsecutive(checks, endpoint.successes, now() >= deadline);
    if (verdict) return { name: `${region.name}: ${endpoint.name}`, ...verdict };
    heartbeat(`${endpoint.name}: ${checks.at(-1)?.summary ?? ''}`);
    await sleep(endpointPauseMs);
  }
}
