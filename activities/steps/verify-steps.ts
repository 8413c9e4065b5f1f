import { cancellationSignal } from '@temporalio/activity';
import { judgeConsecutive } from '../../domain/consecutive.ts';
import { componentsIn } from '../../domain/components-in.ts';
import type { DeliveredArtifact } from '../../domain/contract/delivery.ts';
import type { EndpointSpec, RegionSpec, ReleasePlan } from '../../domain/contract/release.ts';
import type { Check } from '../../domain/contract/verdicts.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { blameOf, judgeLook, verdictOf, wordsOf } from '../../domain/observing.ts';
import { smokeInWords } from '../../domain/smoke.ts';
import type { LooksSoFar } from '../../domain/observing.ts';
import type { Delivery, DeliveryTarget, Seen } from '../delivery/port.ts';
import { pause } from '../shared/polling.ts';
import { fromEarlierTry, remembering } from '../shared/remembering.ts';
import { says } from '../shared/saying.ts';
import type { SmokeJobs } from '../smoke/port.ts';
import type { Verification } from '../verification/port.ts';
import { authorize } from './authorize.ts';
import type { AuthorizeDependencies } from './authorize.ts';
import { endpointsToAsk, type EndpointsToAsk } from './endpoints-to-ask.ts';
import { permittedArtifact } from './permitted-artifact.ts';
import { deliveryTo, plannedRegion } from './place.ts';
import { keepBack } from './back-again.ts';
import { markOf, regionProofs } from './region-proofs.ts';
import type { RegionMark } from './region-proofs.ts';
import { serviceBounds } from './service-bounds.ts';
import { rememberingSmoke, type SmokeMemory } from './smoke-memory.ts';
import { smokePasses } from './smoke-passes.ts';
import { runSmokeTests } from './smoke-tests.ts';
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
        const tested = await smokeTests(deps, input, { plan, ...place, mark, memory });
        await keepProof(deps, input, place, { checks, mark, smoke: tested.passed });
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

/**
 * The smoke tests of a region that stands and answers, where they have not passed since its last change. A region that goes back is not tested: what
 * would have to be waited for keeps nobody on a bad release.
 */
async function smokeTests(
  deps: VerifyDependencies,
  { authority, purpose }: RegionInput,
  { plan, region, isBack, mark, memory }: Testing,
): Promise<{ checks: Check[]; passed: string[] }> {
  const names = (region.smoke ?? []).map(({ name }) => name);
  if (names.length === 0) return { checks: [], passed: [] };
  if (isBack)
    return {
      checks: [{ name: `${region.name}: smoke tests`, verdict: 'pass', summary: 'not run on the way back' }],
      passed: [],
    };
  const known = await regionProofs(deps.records).smokePassed(authority, region.name, mark);
  if (names.every((name) => known.includes(name))) return { checks: [], passed: [] };
  // What was waited for may have taken hours: somebody may have said no since.
  await authorize(authority, deps, { purpose, regions: [region.name] });
  cancellationSignal().throwIfAborted();
  says({ planHash: authority.planHash, region: region.name, smoke: names });
  const { releaseId } = authority;
  const passes = smokePasses(deps.records, authority, { region: region.name, mark });
  const checks = await runSmokeTests(
    { jobs: deps.smoke, memory, passes, now: deps.now },
    { plan, region, releaseId, change: mark.last?.number },
  );
  const verdict = verdictOf(checks);
  if (verdict !== 'pass') throw failure(verdict === 'fail' ? 'SLIP-SMK-1' : 'SLIP-VER-3', smokeInWords(checks));
  return { checks, passed: names };
}

interface Testing extends Pick<Place, 'region' | 'isBack'> {
  plan: ReleasePlan;
  mark: RegionMark;
  memory: SmokeMemory;
}

/** What must not be forgotten when a bake loses its worker. */
interface Bake {
  bake: LooksSoFar;
}

/** For the steps that build on it. What is put back is proven by the release that put it there first. */
async function keepProof(
  { records }: VerifyDependencies,
  { authority, region }: RegionInput,
  { components, isBack }: Place,
  { checks, mark, smoke = [] }: { checks: Check[]; mark: RegionMark; smoke?: readonly string[] },
): Promise<void> {
  if (isBack) return keepBack(records, authority, region, { components: components.map(({ name }) => name), mark });
  const artifacts = Object.fromEntries(
    components.map(({ name, target: { image }, wanted: { digest } }) => [name, { image, digest }]),
  );
  await regionProofs(records).keep(authority, region, { artifacts, checks, mark, smoke });
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
    const wanted = await permittedArtifact(plan, { ...input, component: component.name, image }, deps.records);
    const { delivery, target } = deliveryTo({ deliveries: deps.deliveries, plan, region }, component, image);
    return {
      name: component.name,
      wanted,
      delivery,
      target: isBack ? { ...target, mayBeGone: true as const } : target,
    };
  });
  const [asked, bounds, ...found] = await Promise.all([
    endpointsToAsk(plan, input, deps.records),
    serviceBounds(deps, plan),
    ...components,
  ]);
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
  const seen = { ...before };
  const gone: string[] = [];
  const components = place.components.map(async ({ name, delivery, target, wanted }): Promise<Check> => {
    const { seen: now, gone: isGone, ...check } = await delivery.verify(target, wanted, patienceMs, before[name]);
    if (now) seen[name] = now;
    if (isGone) gone.push(name);
    return { name: `${region.name}: ${name} digest`, ...check };
  });
  const endpoints = place.endpoints.map((endpoint) => endpointCheck(deps, place, endpoint));
  const checks = await Promise.all([...components, ...endpoints]);
  // Nothing is back where nothing is.
  if (gone.length > 0 && gone.length === place.components.length)
    checks.push({ name: `${region.name}: Deployments`, verdict: 'inconclusive', summary: 'none of them exists' });
  if (unknown !== undefined)
    checks.push({ name: `${region.name}: endpoints`, verdict: 'pass', summary: `none is asked: ${unknown}` });
  return { checks, seen };
}

async function endpointCheck(
  { verification, now }: VerifyDependencies,
  { region, hosts }: Pick<Place, 'region' | 'hosts'>,
  endpoint: EndpointSpec,
): Promise<Check> {
  const deadline = now() + endpoint.timeoutMs;
  const checks: Check[] = [];
  for (;;) {
    checks.push(await verification.check(endpoint, cancellationSignal(), hosts));
    const verdict = judgeConsecutive(checks, endpoint.successes, now() >= deadline);
    if (verdict) return { name: `${region.name}: ${endpoint.name}`, ...verdict };
    await pause(endpointPauseMs, `${endpoint.name}: ${checks.at(-1)?.summary ?? ''}`);
  }
}
