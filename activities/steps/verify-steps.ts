import { cancellationSignal } from '@temporalio/activity';
import { judgeConsecutive } from '../../domain/consecutive.ts';
import { componentsIn } from '../../domain/components-in.ts';
import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import type { EndpointSpec, RegionSpec, ReleasePlan } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { blameOf, judgeLook, verdictOf, wordsOf } from '../../domain/observing.ts';
import type { LooksSoFar } from '../../domain/observing.ts';
import type { Delivery, DeliveryTarget, Seen } from '../delivery/port.ts';
import { pause } from '../shared/polling.ts';
import { fromEarlierTry, remembering } from '../shared/remembering.ts';
import type { SmokeJobs } from '../smoke/port.ts';
import type { Verification } from '../verification/port.ts';
import { authorize } from './authorize.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import { endpointsToAsk, type EndpointsToAsk } from './endpoints-to-ask.ts';
import { permittedThere } from './permitted-there.ts';
import { deliveryTo, plannedRegion, shownAs } from './place.ts';
import { keepBack } from './back-again.ts';
import { markOf, regionProofs } from './region-proofs.ts';
import type { RegionMark } from './region-proofs.ts';
import { testRegion } from './region-smoke.ts';
import { serviceBounds } from './service-bounds.ts';
import { rememberingSmoke } from './smoke-memory.ts';
import type { EnvironmentSteps, RegionInput } from './types.ts';

export interface VerifyDependencies extends AuthorizeDependencies {
  deliveries: readonly Delivery[];
  verification: Pick<Verification, 'check'>;
  smoke: SmokeJobs;
}

const endpointPauseMs = 250;
/** Looking more often than this says nothing new, and loads what is looked at. */
const shortestPauseMs = 250;

/** Whether a region really runs what it should: read back from where it runs, and asked at its endpoints. */
export function createVerifySteps(deps: VerifyDependencies): Pick<EnvironmentSteps, 'verifyRegion' | 'observeRegion'> {
  return {
    verifyRegion: (input) =>
      rememberingSmoke(async (memory) => {
        const { plan, ...place } = await placeOf(deps, input);
        const mark = await markOf(deps.records, input.authority.releaseId, input.region);
        const { checks } = await lookAt(deps, place, plan.rollout.timeoutMs);
        const verdict = verdictOf(checks);
        if (verdict !== 'pass') throw failure(codeOf(verdict, checks), wordsOf(checks));
        const tested = await testRegion(deps, input, { plan, ...place, mark, memory });
        await keepProof(deps, input, place, { checks, mark, passed: tested.passed });
        return [...checks, ...tested.checks];
      }),

    async observeRegion({ everyMs, until, ...input }) {
      const { plan, ...place } = await placeOf(deps, input);
      let so: LooksSoFar = fromEarlierTry<Bake>().bake ?? { looks: 0 };
      return remembering(
        () => ({ bake: so }) satisfies Bake,
        async () => {
          for (;;) {
            const at = deps.now();
            const isLast = at >= until;
            const mark = await markOf(deps.records, input.authority.releaseId, input.region);
            // Being scaled is no failure, and what one look cannot tell the next one may; the last must wait until it can.
            const patienceMs = isLast ? plan.rollout.timeoutMs : Math.min(everyMs, plan.rollout.timeoutMs);
            const { checks, seen } = await lookAt(deps, place, patienceMs, so.seen);
            const verdict = judgeLook(so, checks, { at, isLast });
            if (verdict.kind === 'pass') {
              await keepProof(deps, input, place, { checks, mark });
              return checks;
            }
            if (verdict.kind !== 'go-on') throw failure(codeOf(verdict.kind, checks), verdict.said);
            so = { ...verdict.so, seen };
            const next = Math.min(at + Math.max(everyMs, shortestPauseMs), until);
            await pause(next - deps.now(), wordsOf(checks) || `${input.region} is good, ${so.looks} looks`);
          }
        },
      );
    },
  };
}

/** What must not be forgotten when a bake loses its worker. */
interface Bake {
  bake: LooksSoFar;
}

/** For the steps that build on it. What is put back is proven by the release that put it there first. */
async function keepProof(
  { records }: VerifyDependencies,
  { authority, region }: RegionInput,
  { components, isBack, region: { smoke = [] } }: Place,
  { checks, mark, passed = {} }: { checks: Check[]; mark: RegionMark; passed?: Record<string, string> },
): Promise<void> {
  if (isBack) return keepBack(records, authority, region, { components: components.map(({ name }) => name), mark });
  const artifacts = Object.fromEntries(
    components.map(({ name, target: { image }, wanted: { digest } }) => [name, { image, digest }]),
  );
  const wanted = smoke.map(({ name }) => name);
  await regionProofs(records).keep(authority, region, { artifacts, checks, mark, smoke: { wanted, passed } });
}

function codeOf(verdict: 'fail' | 'inconclusive', checks: Check[]): 'SLIP-VER-1' | 'SLIP-VER-3' | 'SLIP-K8S-16' {
  if (verdict === 'inconclusive') return 'SLIP-VER-3';
  return blameOf(checks) === 'world' ? 'SLIP-K8S-16' : 'SLIP-VER-1';
}

interface Place extends EndpointsToAsk {
  region: RegionSpec;
  /** It should run what was there before. */
  isBack: boolean;
  /** That the policy lets anybody ask, as it is now. */
  hosts: string[];
  components: { name: string; target: DeliveryTarget; delivery: Delivery; wanted: DeliveredArtifact }[];
}

/** What should be in this region, by what the records have of it. What has nothing to go back to is not asked whether it is back. */
async function placeOf(deps: VerifyDependencies, input: RegionInput): Promise<Place & { plan: ReleasePlan }> {
  const { authority, purpose } = input;
  const plan = await authorize(authority, deps, { purpose, regions: [input.region] });
  const region = plannedRegion(plan, input.region);
  const isBack = purpose === 'roll-back';
  const named = componentsIn(plan, input.region).filter(({ name }) => !isBack || name in input.images);
  const components = named.map(async (component) => {
    const image = input.images[component.name] ?? component.image;
    const there = await permittedThere(plan, { ...input, component: component.name, image }, deps.records);
    const { delivery, target } = deliveryTo({ deliveries: deps.deliveries, plan, region }, there.component, image);
    return {
      name: component.name,
      wanted: there.artifact,
      verified: there.verified,
      delivery,
      target: isBack ? { ...target, putBack: true as const } : target,
    };
  });
  const [bounds, ...found] = await Promise.all([serviceBounds(deps, plan), ...components]);
  const back = isBack ? found.flatMap(({ verified }) => verified ?? []) : undefined;
  const asked = await endpointsToAsk(plan, { region: region.name, ...(back && { back }) }, deps.records);
  return { plan, region, isBack, components: found, hosts: bounds.endpointHosts, ...asked };
}

/**
 * Everything that is looked at in a region, once; what cannot be told yet is waited for, for as long as a rollout may take at most. `before`:
 * what earlier looks have `seen`, by component.
 */
async function lookAt(
  deps: VerifyDependencies,
  place: Place,
  patienceMs: number,
  before: Record<string, Seen> = {},
): Promise<{ checks: Check[]; seen: Record<string, Seen> }> {
  const { region, unknown } = place;
  const where = shownAs(region, place.isBack);
  const seen = { ...before };
  const gone: string[] = [];
  const components = place.components.map(async ({ name, delivery, target, wanted }): Promise<Check> => {
    const { seen: now, gone: isGone, ...check } = await delivery.verify(target, wanted, patienceMs, before[name]);
    if (now) seen[name] = now;
    if (isGone) gone.push(name);
    return { name: `${where}: ${name} digest`, ...check };
  });
  const endpoints = place.endpoints.map((endpoint) => endpointCheck(deps, place, endpoint));
  const checks = await Promise.all([...components, ...endpoints]);
  // Nothing is back where nothing is.
  if (gone.length > 0 && gone.length === place.components.length)
    checks.push({ name: `${where}: Deployments`, verdict: 'inconclusive', summary: 'none of them exists' });
  if (unknown !== undefined)
    checks.push({ name: `${where}: endpoints`, verdict: 'pass', summary: `none is asked: ${unknown}` });
  return { checks, seen };
}

async function endpointCheck(
  { verification, now }: VerifyDependencies,
  { region, isBack, hosts }: Pick<Place, 'region' | 'isBack' | 'hosts'>,
  endpoint: EndpointSpec,
): Promise<Check> {
  const deadline = now() + endpoint.timeoutMs;
  const checks: Check[] = [];
  for (;;) {
    checks.push(await verification.check(endpoint, cancellationSignal(), hosts));
    const verdict = judgeConsecutive(checks, endpoint.successes, now() >= deadline);
    if (verdict) return { name: `${shownAs(region, isBack)}: ${endpoint.name}`, ...verdict };
    await pause(endpointPauseMs, `${endpoint.name}: ${checks.at(-1)?.summary ?? ''}`);
  }
}
