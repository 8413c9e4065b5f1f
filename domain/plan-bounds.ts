import { canonicalJson } from './canonical.ts';
import type { LaneKey } from './contract/names.ts';
import type { EnvironmentFloor, ServiceBounds } from './contract/policy.ts';
import type {
  GateResult,
  MigrationSpec,
  PinnedImage,
  PlannedComponent,
  Promotion,
  RegionSpec,
} from './contract/release.ts';
import { environmentOf } from './delivery.ts';
import { addressOfEndpoint, hostOfEndpoint, namedHost } from './endpoint-hosts.ts';
import { originInWords } from './image-origin.ts';
import { comesFrom, isPinnedImage } from './images.ts';
import { changesLoading } from './loading-variables.ts';
import { fitsAny } from './patterns.ts';
import { exactly } from './plan-facts.ts';

/** What a plan names that lies outside of its repository. Before there is a plan: what the engine has recorded for one. */
export interface Bounded {
  service: string;
  environment: string;
  regions: RegionSpec[];
  components: Pick<PlannedComponent, 'name' | 'image' | 'workloads' | 'delivery' | 'origin' | 'promoted'>[];
  migrationSpecs: MigrationSpec[];
  promotion?: Promotion;
  /** Absent before it has been through any. */
  gates?: Pick<GateResult, 'gate'>[];
}

export type Bounds = Pick<EnvironmentFloor, 'clusters' | 'services' | 'promotedFrom' | 'promotedWithinMs' | 'gates'>;

/**
 * Why the operator's policy, as it is now, does not let this plan act: the first thing it names that the policy does not. Undefined when
 * everything is inside. Whoever wrote the plan has no say: the loader has refused all of this once, on another machine, and may have been
 * passed by.
 */
export function refuseBeyondPolicy(plan: Bounded, policy: Bounds): string | undefined {
  return judged(plan, policy, (bounds) => [
    ...placesOf(plan, bounds, policy),
    ...plan.regions.map((region) => refuseEndpoint(region, bounds)),
    ...plan.regions.map((region) => refuseSmoke(region, bounds)),
    ...plan.components.map(({ name, image }) => refuseImage(name, image, bounds)),
    ...plan.components.map((component) => refuseOrigin(component, policy)),
    refuseAge(plan, policy),
    refuseWithoutGate(plan, policy),
    ...plan.components.map((component) => refuseVariables(component.name, environmentOf(component), bounds)),
    ...plan.migrationSpecs.map((migration) => refuseMigration(migration, bounds)),
  ]);
}

/** The same for where it acts alone: clusters, namespaces and Deployments. Nothing else keeps anybody from going back. */
export function refusePlaceBeyondPolicy(plan: Bounded, policy: Bounds): string | undefined {
  return judged(plan, policy, (bounds) => placesOf(plan, bounds, policy));
}

/** What the policy lets a service use there; or why nothing. */
export function boundsOf(
  { service, environment }: LaneKey,
  { services }: Pick<Bounds, 'services'>,
): ServiceBounds | { refused: string } {
  const bounds = Object.hasOwn(services, service) ? services[service] : undefined;
  return bounds ?? { refused: `the policy does not let ${service} into ${environment}` };
}

function judged(
  { service, environment }: Bounded,
  { services }: Pick<Bounds, 'services'>,
  judge: (bounds: ServiceBounds) => (string | undefined)[],
): string | undefined {
  const bounds = boundsOf({ service, environment }, { services });
  if ('refused' in bounds) return bounds.refused;
  const found = judge(bounds).find((reason) => reason !== undefined);
  return found && `${found}: the operator's policy does not let ${service} do that in ${environment}`;
}

function placesOf({ regions, components }: Bounded, bounds: ServiceBounds, { clusters }: Bounds) {
  return [
    ...regions.map((region) => refuseRegion(region, bounds, clusters)),
    ...components.map((component) => refuseWorkloads(component, bounds)),
  ];
}

function refuseRegion(
  { name, cluster, namespace }: RegionSpec,
  bounds: ServiceBounds,
  clusters: Bounds['clusters'],
): string | undefined {
  const is = canonicalJson(cluster);
  if (!clusters.some((allowed) => canonicalJson(allowed) === is))
    return `${name} is in the cluster ${inWords(cluster)}`;
  return bounds.namespaces.includes(namespace) ? undefined : `${name} is in the namespace ${namespace}`;
}

function refuseEndpoint({ name, endpoints }: RegionSpec, bounds: ServiceBounds): string | undefined {
  const asked = endpoints.find(
    (endpoint) => namedHost(hostOfEndpoint(endpoint) ?? '', bounds.endpointHosts) === undefined,
  );
  return asked && `the endpoint ${asked.name} of ${name} is at ${addressOfEndpoint(asked)}`;
}

function refuseSmoke({ name, smoke = [] }: RegionSpec, bounds: ServiceBounds): string | undefined {
  const [first] = smoke;
  if (first && !bounds.smoke) return `${name} is tested by the Job ${first.name}`;
  const found = smoke.flatMap(
    (test) => refuseVariables(`the smoke test ${test.name} of ${name}`, test.env, bounds) ?? [],
  );
  return found[0];
}

/** An engine that keeps the policy of before plans without a gate that was asked for since. */
function refuseWithoutGate({ gates }: Bounded, { gates: asked = {} }: Bounds): string | undefined {
  const missing = gates && Object.keys(asked).find((name) => !gates.some(({ gate }) => gate === name));
  return missing && `it has not been through the gate ${missing}`;
}

/** They are set in a container that runs an image of the service's own, and decide which code that is. */
function refuseVariables(what: string, env: Record<string, string>, { variables }: ServiceBounds): string | undefined {
  const loads = Object.keys(env).find((name) => changesLoading(name) && !variables.includes(name));
  return loads && `${what} sets ${loads}, which changes how programs load`;
}

function refuseWorkloads({ name, workloads }: Bounded['components'][number], bounds: ServiceBounds) {
  const foreign = workloads.find(({ deployment }) => !fitsAny(deployment, bounds.workloads));
  return foreign && `${name} is deployed to ${foreign.deployment}`;
}

/** An image of the environment's registry must be one of the service's own there; others come from where the policy says. */
function refuseImage(component: string, image: PinnedImage, bounds: ServiceBounds): string | undefined {
  const { registry, images, imagesFrom } = bounds;
  const inside = isPinnedImage(image) && comesFrom(image, [registry]);
  const allowed = inside
    ? fitsAny(image.slice(registry.length + 1, image.indexOf('@')), images)
    : comesFrom(image, imagesFrom);
  return allowed ? undefined : `the image of ${component} is ${image}`;
}

/** How an image may come there at all: where the policy says from where, in no other way. */
function refuseOrigin(component: Bounded['components'][number], { promotedFrom }: Bounds): string | undefined {
  const { name, origin, promoted } = component;
  if (!promotedFrom) return undefined;
  if (origin === 'promoted' && promoted && promotedFrom.includes(promoted.environment)) return undefined;
  return `${name} is ${originInWords(component)}, and not promoted from ${promotedFrom.join(' or ')}`;
}

function refuseAge({ promotion, components }: Bounded, { promotedWithinMs }: Bounds): string | undefined {
  if (promotedWithinMs === undefined || components.every(({ promoted }) => !promoted)) return undefined;
  const { maxAgeMs } = promotion ?? {};
  if (maxAgeMs !== undefined && maxAgeMs <= promotedWithinMs) return undefined;
  const age = maxAgeMs === undefined ? 'any age' : `an age of up to ${exactly(maxAgeMs)}`;
  return `it promotes images of ${age}, and not of at most ${exactly(promotedWithinMs)}`;
}

function refuseMigration(migration: MigrationSpec, bounds: ServiceBounds) {
  const { secrets, workloads } = bounds;
  const { database, envFrom, planEnvFrom, like, env } = migration;
  const what = `the migration of ${database}`;
  const writes = envFrom.find((name) => !secrets.apply.includes(name));
  if (writes !== undefined) return `${what} is applied with the secret ${writes}`;
  const looks = looksFirst(migration) ? planEnvFrom.find((name) => !secrets.plan.includes(name)) : undefined;
  if (looks !== undefined) return `${what} is planned with the secret ${looks}`;
  if (like && !fitsAny(like.deployment, workloads)) return `${what} borrows from ${like.deployment}`;
  return refuseVariables(what, env, bounds);
}

type LookCommands = { [Look in 'plan' | 'modelsWithoutMigration' | 'verify']?: unknown };

/** Whether any Job of it only looks: without one nobody ever holds the secrets for planning. */
export function looksFirst({ commands }: { commands: LookCommands }): boolean {
  return [commands.plan, commands.modelsWithoutMigration, commands.verify].some((command) => command !== undefined);
}

function inWords(cluster: RegionSpec['cluster']): string {
  if (cluster.kind === 'eks') return `${cluster.name} (${cluster.awsRegion})`;
  return `of ${cluster.file}${cluster.context === undefined ? '' : ` (${cluster.context})`}`;
}
