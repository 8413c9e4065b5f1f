import { hostOfEndpoint, namedHost } from '../domain/endpoint-hosts.ts';
import { changesLoading } from '../domain/loading-variables.ts';
import { nearest } from '../domain/nearest.ts';
import type { ServiceBounds } from '../domain/contract/policy.ts';
import { fitsAny } from '../domain/patterns.ts';
import { looksFirst } from '../domain/plan-bounds.ts';
import { endpointOf, hostKeyOf } from './endpoints.ts';
import { list } from './floors.ts';
import { hasComponent, isDeployedIn } from './deployed-where.ts';
import type { Comparison } from './floors.ts';
import type { MigrationFile, OverrideFile } from './pipeline-schema.ts';
import type { Path } from './problem.ts';
import { own } from './reach.ts';
import { refuseSmoke, smokeHere } from './smoke.ts';

/** Something that slipway.yaml names, of the outside. */
interface Named {
  path: Path;
  name: string;
  /** As a sentence begins: `the Deployment`. */
  what: string;
  /** What is to be done, where it is not for the operator to allow more. */
  instead?: string;
}

/** A key of the policy, inside what it says of the service in the environment, and what it allows. */
interface Allowing {
  key: Path;
  /** Where the policy says it of the environment, and not of the service there. */
  ofEnvironment?: boolean;
  allowed: readonly string[];
  fits?: (name: string, allowed: readonly string[]) => boolean;
}

/**
 * Everything outside of the repository that slipway.yaml names for this environment, held against what the operator allows to the service
 * there. Clusters, namespaces and branches have rules of their own. `domain/plan-bounds.ts` asks the same of a plan, where it acts.
 */
export function boundRules(at: Comparison): void {
  const { bounds } = at;
  if (!bounds) return;
  const migrations = migrationsHere(at);
  const smokeTests = smokeHere(at).map(([name, { env = {} }]) => ({ env, path: ['smoke', name] }));
  const components = overridesHere(at).map(([name, { env = {} }]) => ({
    ...{ env, path: ['environments', at.environment, 'overrides', name] },
  }));
  const looking = (migration: MigrationHere) => lookingSecretsOf(migration, secrets);
  const each = (allowing: Allowing, named: Named[]) => named.forEach((one) => mustBeNamed(at, one, allowing));
  const { workloads, images, endpointHosts, variables, secrets } = bounds;
  each({ key: ['workloads'], allowed: workloads }, [...deploymentsOf(at), ...migrations.flatMap(borrowedBy)]);
  each({ key: ['images'], allowed: images }, imagesOf(at));
  each({ key: ['endpointHosts'], ...hostsAllowed(at), allowed: endpointHosts }, hostsOf(at));
  const setting = [...migrations, ...smokeTests, ...components];
  each({ key: ['variables'], allowed: variables }, setting.flatMap(loadingVariablesOf));
  each({ key: ['secrets', 'apply'], allowed: secrets.apply }, migrations.flatMap(writingSecretsOf));
  each({ key: ['secrets', 'plan'], allowed: secrets.plan }, migrations.flatMap(looking));
  refuseSmoke(at);
}

/** The policy may say it of the environment, for all services. */
function hostsAllowed({ policy, pipeline, environment, floor }: Comparison): Omit<Allowing, 'key' | 'allowed'> {
  const reach = own(own(policy.content.services, pipeline.content.service)?.environments ?? {}, environment);
  return {
    ofEnvironment: reach?.endpointHosts === undefined && floor.endpointHosts !== undefined,
    fits: (name, hosts) => namedHost(name, hosts) !== undefined,
  };
}

function mustBeNamed(
  at: Comparison,
  { path, name, what, instead }: Named,
  { key, ofEnvironment, allowed, fits = fitsAny }: Allowing,
): void {
  if (fits(name, allowed)) return;
  const { service } = at.pipeline.content;
  const keys: Path = [...(ofEnvironment ? [] : ['services', service]), 'environments', at.environment, ...key];
  const { line } = at.policy.locate(keys);
  const meant = nearest(name, allowed);
  const add = `the operator must add \`${name}\` to`;
  at.findings.push({
    path,
    message: `${what} \`${name}\` may not be used by \`${service}\` here, the policy allows ${inWords(allowed)}`,
    by: `${at.policy.file}:${line}`,
    ...(instead === undefined
      ? {
          hint: meant === undefined ? add : `did you mean \`${meant}\`? If not, ${add}`,
          hintPlace: `\`${keys.join('.')}\``,
        }
      : { hint: instead }),
  });
}

/** A policy may name hundreds. */
function inWords(allowed: readonly string[]): string {
  const shown = allowed.slice(0, 10);
  if (shown.length === 0) return 'none';
  return allowed.length > shown.length ? `${list(shown)} and ${allowed.length - shown.length} more` : list(shown);
}

function componentsHere({ pipeline, wanted }: Comparison) {
  const all = Object.entries(pipeline.content.components);
  return all.filter(([name]) => hasComponent(wanted, name));
}

function deploymentsOf(at: Comparison): Named[] {
  return componentsHere(at).flatMap(([component, { workloads }]) =>
    workloads.map(({ deployment }, index) => ({
      path: ['components', component, 'workloads', index, 'deployment'],
      name: deployment,
      what: 'the Deployment',
    })),
  );
}

function imagesOf(at: Comparison): Named[] {
  return componentsHere(at).map(([component, { image }]) => ({
    path: ['components', component, 'image'],
    name: image,
    what: `in the registry \`${at.floor.registry}\` the repository`,
  }));
}

/** The engine asks these addresses from inside. */
function hostsOf({ environment, wanted }: Comparison): Named[] {
  return Object.entries(wanted.regions).flatMap(([region, { endpoints = {} }]) =>
    Object.entries(endpoints).map(([name, endpoint]) => ({
      path: ['environments', environment, 'regions', region, 'endpoints', name, hostKeyOf(endpoint)],
      name: hostOfEndpoint(endpointOf(name, endpoint)) ?? '',
      what: endpoint.kind === 'dns' ? 'the name' : 'the host',
    })),
  );
}

interface MigrationHere {
  migration: MigrationFile;
  env: Record<string, string>;
  path: Path;
}

function migrationsHere(at: Comparison): MigrationHere[] {
  return (at.pipeline.content.migrations ?? []).flatMap((migration, index) => {
    const runs = isDeployedIn(at.wanted, migration.component, migration.region);
    return runs ? [{ migration, env: migration.env ?? {}, path: ['migrations', index] }] : [];
  });
}

function borrowedBy({ migration: { like }, path }: MigrationHere): Named[] {
  if (!like) return [];
  return [{ path: [...path, 'like', 'deployment'], name: like.deployment, what: 'the Deployment' }];
}

function writingSecretsOf({ migration: { envFrom = [] }, path }: MigrationHere): Named[] {
  return envFrom.map((name, index) => ({
    path: [...path, 'envFrom', index],
    name,
    what: 'for applying migrations the secret',
  }));
}

/** Where `planEnvFrom` is left out planning gets the other secrets, which a policy seldom means: whoever plans is not approved yet. */
function lookingSecretsOf({ migration, path }: MigrationHere, { plan, apply }: ServiceBounds['secrets']): Named[] {
  if (!looksFirst(migration)) return [];
  const key = migration.planEnvFrom ? 'planEnvFrom' : 'envFrom';
  return (migration[key] ?? []).map((name, index) => ({
    path: [...path, key, index],
    name,
    what: 'for planning migrations the secret',
    ...(apply.includes(name) && { instead: planningApart(plan) }),
  }));
}

/** What may change the database is never proposed for Jobs that run before anybody has approved. */
function planningApart(allowed: readonly string[]): string {
  return allowed.length > 0
    ? `planning runs before anybody approves: name what may only read, \`planEnvFrom: [${allowed.join(', ')}]\``
    : 'planning runs before anybody approves: name a secret that may only read as `planEnvFrom`, and have the operator allow that one';
}

function overridesHere({ wanted }: Comparison): [string, OverrideFile][] {
  return Object.entries(wanted.overrides ?? {});
}

/** A variable that a program of the release gets decides what it loads, wherever that runs. */
function loadingVariablesOf({ env, path }: { env: Record<string, string>; path: Path }): Named[] {
  return Object.keys(env)
    .filter(changesLoading)
    .map((name) => ({ path: [...path, 'env', name], name, what: 'a variable that changes how programs load:' }));
}
