import { cancellationSignal, heartbeat, sleep } from '@temporalio/activity';
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
import { shortDigest } from '../../domain/images.ts';
import { evaluateRollout } from '../../domain/rollout.ts';
import type { RolloutVerdict } from '../../domain/rollout.ts';
import type { Kubernetes, WorkloadRef } from '../kubernetes/port.ts';
import type { Verification } from '../verification/port.ts';
import { authorize } from './authorize.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import { plannedRegion, refTo } from './place.ts';
import { poll } from './polling.ts';
import type { EnvironmentSteps } from './types.ts';

export interface VerifyDependencies extends AuthorizeDependencies {
  kubernetes: Kubernetes;
  verification: Verification;
  now: () => number;
}

const lookPace = { firstMs: 250, longestMs: 2_000 };
const endpointPauseMs = 250;

/** Whether a region really runs what it should: read back from the pods, and asked at its endpoints. */
export function createVerifySteps(deps: VerifyDependencies): Pick<EnvironmentSteps, 'verifyRegion'> {
  return {
    async verifyRegion({ authority, region: name, images }) {
      const plan = await authorize(authority, deps, name);
      const region = plannedRegion(plan, name);
      const [digests, endpoints] = await Promise.all([
        Promise.all(plan.components.map((c) => digestCheck(deps, plan, region, c, images[c.name] ?? c.image))),
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

/**
 * Reads back from the running pods what they run. Old pods that still serve beside new ones that crash would answer every endpoint: so it
 * is the rollout as a whole that must stand. Being scaled at this moment is no failure: as long as a rollout may take, it may take here.
 */
async function digestCheck(
  deps: VerifyDependencies,
  plan: ReleasePlan,
  region: RegionSpec,
  component: PlannedComponent,
  image: PinnedImage,
): Promise<Check> {
  const name = `${region.name}: ${component.name} digest`;
  for (const { deployment, containers } of component.workloads) {
    const images = Object.fromEntries(containers.map((container) => [container, image]));
    const seen = await standing(deps, refTo(region, deployment), images, plan.rollout.timeoutMs);
    if (seen.kind === 'complete') continue;
    const verdict = seen.kind === 'progressing' ? 'inconclusive' : 'fail';
    return { name, verdict, summary: `${deployment}: ${seen.summary}` };
  }
  return { name, verdict: 'pass', summary: `every pod runs ${shortDigest(image)}` };
}

/** Looks until the workload stands complete with these images, is known not to, or `patienceMs` have passed. */
async function standing(
  { kubernetes, now }: VerifyDependencies,
  workload: WorkloadRef,
  images: Record<string, PinnedImage>,
  patienceMs: number,
): Promise<RolloutVerdict> {
  const until = now() + patienceMs;
  return poll(async () => {
    const seen = await kubernetes.observe(workload);
    // What is there now is judged, whenever it was written: its newest generation, and conditions of any age.
    const { uid = '', generation = 0 } = seen.deployment ?? {};
    const verdict = evaluateRollout(seen, {
      uid,
      generation,
      appliedAt: 0,
      images,
      deadline: Number.POSITIVE_INFINITY,
    });
    if (verdict.kind !== 'progressing' || now() >= until) return { done: verdict };
    return { doing: `${workload.deployment}: ${verdict.summary}` };
  }, lookPace);
}

async function endpointCheck(
  { verification, now }: VerifyDependencies,
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
