import { activityInfo } from '@temporalio/activity';
import { componentsIn } from '../../domain/components-in.ts';
import type { MigrationSpec, PlannedComponent, RegionSpec, RolloutSpec } from '../../domain/contract/release.ts';
import { hostOfEndpoint } from '../../domain/endpoint-hosts.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { judgePlaces, together, type PlaceLook, type RegionLook } from '../../domain/place-look.ts';
import { looksFirst } from '../../domain/plan-bounds.ts';
import type { Delivery } from '../delivery/port.ts';
import type { MigrationJobs } from '../migrations/port.ts';
import { inTime } from '../shared/in-time.ts';
import type { SmokeJobs } from '../smoke/port.ts';
import type { Verification } from '../verification/port.ts';
import { deliveryTo } from './place.ts';
import { lenderOf } from './smoke-tests.ts';

/** All that a release names outside of its repository, as far as clusters know it. */
export interface NamedPlaces {
  regions: readonly RegionSpec[];
  components: readonly PlannedComponent[];
  migrationSpecs: readonly MigrationSpec[];
  rollout: RolloutSpec;
  /** That the policy lets anybody ask. */
  hosts: readonly string[];
}

/**
 * Looks at every region before anything is changed in one of them. Answers what people should know beside: above all what could not be seen.
 * Throws SLIP-K8S-25 and SLIP-K8S-26 (terminal) with all that is wrong anywhere; where nothing is, why a cluster cannot be asked, if that is the
 * operator's to mend, or may be over with the next try. A region that stays away is told: it keeps no other from being released to.
 */
export type LookAtPlaces = (places: NamedPlaces) => Promise<string[]>;

export interface PlacesDependencies {
  deliveries: readonly Delivery[];
  jobs: Pick<MigrationJobs, 'look'>;
  smoke: Pick<SmokeJobs, 'look'>;
  verification: Pick<Verification, 'isUnknown'>;
}

export function createLookAtPlaces(deps: PlacesDependencies): LookAtPlaces {
  return async (places) => {
    const looked = await Promise.all(places.regions.map((region) => lookInTime(deps, places, region)));
    const verdict = judgePlaces(looked.map(({ look }) => look));
    if (verdict.kind === 'refused') throw failure(verdict.code, verdict.why);
    const problems = looked.flatMap((one) => one.problem ?? []);
    const problem = problems.find((one) => !isAway(one)) ?? (mayTryAgain() ? problems[0] : undefined);
    if (problem) throw problem;
    return verdict.notes;
  };
}

/** ms: a region that has not answered by then is one that is away, and people wait for the plan. */
const patienceMs = 15_000;
const atOnce = 4;

interface Looked {
  look: RegionLook;
  problem?: Error;
}

/** A region that hangs is one that is away, as one that refuses: what was seen of it until then counts. */
async function lookInTime(deps: PlacesDependencies, places: NamedPlaces, region: RegionSpec): Promise<Looked> {
  const { name, namespace } = region;
  const seen: Seen = { places: [], notes: [] };
  const lookOf = (): RegionLook => ({ ...together(seen.places), region: name, namespace, notes: [...seen.notes] });
  try {
    await inTime(lookAtRegion(deps, places, { region, seen }), patienceMs, (words) =>
      failure('SLIP-K8S-10', `${name}: ${words}`),
    );
    return { look: lookOf() };
  } catch (error) {
    const problem = error instanceof Error ? error : new Error(String(error));
    return { look: { ...lookOf(), away: wordsOf(problem) }, problem };
  }
}

interface Seen {
  places: PlaceLook[];
  notes: string[];
}

/** A few things at once: a region is no place to send hundreds of questions to, and one that is away is asked no further. */
async function lookAtRegion(
  deps: PlacesDependencies,
  places: NamedPlaces,
  { region, seen }: { region: RegionSpec; seen: Seen },
): Promise<void> {
  seen.notes.push(...(await unknownHosts(deps, places, region)));
  for (const some of chunks(componentsIn(places, region.name), atOnce))
    seen.places.push(...(await Promise.all(some.map((component) => lookAtDelivery(deps, places, region, component)))));
  for (const migration of places.migrationSpecs)
    if (migration.region === region.name) seen.places.push(await lookAtMigration(deps, region, migration));
  seen.places.push(...(await looksAtSmoke(deps, places, region)));
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}

function lookAtDelivery(
  { deliveries }: PlacesDependencies,
  places: NamedPlaces,
  region: RegionSpec,
  component: PlannedComponent,
): Promise<PlaceLook> {
  const { delivery, target } = deliveryTo({ deliveries, plan: places, region }, component, component.image);
  return delivery.look(target);
}

function lookAtMigration(
  { jobs }: PlacesDependencies,
  { cluster, namespace }: RegionSpec,
  migration: MigrationSpec,
): Promise<PlaceLook> {
  const { like, envFrom, planEnvFrom } = migration;
  const secrets = [...envFrom, ...(looksFirst(migration) ? planEnvFrom : [])];
  return jobs.look({ cluster, namespace, secrets, ...(like && { like }) });
}

/** Their image and Deployment are those of a component, which is looked at by itself. */
function looksAtSmoke(
  { smoke }: PlacesDependencies,
  { components }: NamedPlaces,
  { cluster, namespace, smoke: tests = [] }: RegionSpec,
): Promise<PlaceLook[]> {
  const tested = components.filter(({ name }) => tests.some(({ component }) => component === name));
  return Promise.all(tested.map((component) => smoke.look({ cluster, namespace, like: lenderOf(component) })));
}

/** A first release may come before its name is known: told, and nothing more. */
async function unknownHosts(
  { verification }: PlacesDependencies,
  { hosts }: NamedPlaces,
  { endpoints }: RegionSpec,
): Promise<string[]> {
  const found = await Promise.all(
    endpoints.map(async (endpoint) => ((await verification.isUnknown(endpoint, hosts)) ? [endpoint] : [])),
  );
  return found
    .flat()
    .map(
      (endpoint) =>
        `the endpoint ${endpoint.name} is at ${hostOfEndpoint(endpoint) ?? ''}, a name that nobody knows as yet`,
    );
}

/** A run tries a step four times before it says that it waits. */
const mayTryAgain = () => activityInfo().attempt < 3;

function isAway(problem: Error): boolean {
  return problem instanceof Failure && problem.details.kind === 'retryable' && problem.details.blame === 'world';
}

function wordsOf(problem: Error): string {
  return problem instanceof Failure ? problem.details.detail : problem.message;
}
