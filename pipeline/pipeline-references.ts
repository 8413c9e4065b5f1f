import { canonicalJson } from '../domain/canonical.ts';
import { approvalTimes } from './approval-times.ts';
import { durationMs } from './duration.ts';
import { nearest } from '../domain/nearest.ts';
import { pathsAsWritten } from './names-meant.ts';
import { hasComponent, isDeployedIn } from './deployed-where.ts';
import { findCircle } from './order.ts';
import { overrideRules } from './overrides.ts';
import { pipelineOutline } from './pipeline-outline.ts';
import type { EnvironmentOutline, PipelineOutline } from './pipeline-outline.ts';
import type { Finding, Path } from './problem.ts';
import { promotionRules } from './promotion-rules.ts';
import { rolloutRules } from './rollout.ts';
import { smokeRules } from './smoke-rules.ts';
import { unknownName } from './unknown-name.ts';

/** What must hold between the values of a pipeline file: every reference has its target, and nothing contradicts anything else. */
export function pipelineReferences(value: unknown): Finding[] {
  const outline = pipelineOutline.parse(value);
  const oversized = sizeRules(outline);
  const findings = oversized.length > 0 ? oversized : rulesBetween(outline);
  const asWritten = pathsAsWritten(value);
  return findings.map((finding) => ({ ...finding, path: asWritten(finding.path) }));
}

function rulesBetween(outline: PipelineOutline): Finding[] {
  return [
    ...needsRules(outline),
    ...deploymentRules(outline),
    ...imageRules(outline),
    ...Object.entries(outline.environments).flatMap(([name, environment]) =>
      environmentRules(outline, name, environment),
    ),
    ...promotionRules(outline),
    ...placeRules(outline),
    ...migrationRules(outline),
    ...smokeRules(outline),
    ...rolloutRules(outline),
    ...exceptionRules(outline),
  ];
}

/** Far beyond any real pipeline; the rules below compare everything with everything. */
const most = { components: 200, environments: 50, regions: 50, migrations: 50, overrides: 200, 'smoke tests': 200 };

function sizeRules({ components = {}, environments, migrations, smoke = {} }: PipelineOutline): Finding[] {
  const tooMany = (path: Path, what: keyof typeof most, count: number): Finding[] =>
    count > most[what] ? [{ path, message: `more than ${most[what]} ${what}`, atKey: true }] : [];
  return [
    ...tooMany(['components'], 'components', Object.keys(components).length),
    ...tooMany(['environments'], 'environments', Object.keys(environments).length),
    ...tooMany(['migrations'], 'migrations', migrations.length),
    ...tooMany(['smoke'], 'smoke tests', Object.keys(smoke).length),
    ...Object.entries(environments).flatMap(([name, { regions = {}, overrides }]) => [
      ...tooMany(['environments', name, 'regions'], 'regions', Object.keys(regions).length),
      ...tooMany(['environments', name, 'overrides'], 'overrides', Object.keys(overrides).length),
    ]),
  ];
}

function needsRules({ components = {} }: PipelineOutline): Finding[] {
  const names = Object.keys(components);
  const needsOf = (name: string): string[] => components[name]?.needs ?? [];
  const unknown = names.flatMap((name) =>
    needsOf(name).flatMap((need, index) => unknownName(['components', name, 'needs', index], 'component', need, names)),
  );
  const circle = findCircle(names, (name) => needsOf(name).filter((need) => names.includes(need)));
  if (circle === undefined) return unknown;
  const [first = '', second = ''] = circle;
  const path = ['components', first, 'needs', needsOf(first).indexOf(second)];
  return [...unknown, { path, message: `a circle: ${circle.map((name) => `\`${name}\``).join(' needs ')}` }];
}

/** One Deployment belongs to one component: two writers would take turns undoing each other's image. */
function deploymentRules({ components = {} }: PipelineOutline): Finding[] {
  const owners = new Map<string, string>();
  return Object.entries(components).flatMap(([name, { workloads }]) =>
    workloads.flatMap(({ deployment }, index) => {
      const owner = owners.get(deployment);
      owners.set(deployment, owner ?? name);
      if (owner === undefined || deployment === '') return [];
      const path = ['components', name, 'workloads', index, 'deployment'];
      return [{ path, message: `the Deployment \`${deployment}\` already belongs to \`${owner}\`` }];
    }),
  );
}

/** Two components in one repository would move each other's tags, and each would be taken for what the other has built. */
function imageRules({ components = {} }: PipelineOutline): Finding[] {
  const owners = new Map<string, string>();
  return Object.entries(components).flatMap(([name, { image }]) => {
    const owner = owners.get(image);
    owners.set(image, owner ?? name);
    if (owner === undefined || image === '') return [];
    return [
      {
        path: ['components', name, 'image'],
        message: `the image \`${image}\` is that of \`${owner}\` already: each would move the tags of the other`,
        hint: 'name a repository of its own, or make them one component with several workloads',
      },
    ];
  });
}

function environmentRules(outline: PipelineOutline, name: string, environment: EnvironmentOutline): Finding[] {
  const path = ['environments', name];
  const findings = [
    ...matrixRules(outline, path, environment),
    ...overrideRules(outline, path, environment),
    ...waveRules(path, environment),
  ];
  if (environment.tests === true && outline.tests === undefined) {
    findings.push({ path: [...path, 'tests'], message: 'there are no `tests` in this file to run' });
  }
  if (environment.approval?.required === true && environment.approval.groups?.length === 0) {
    findings.push({ path: [...path, 'approval', 'groups'], message: 'approval is required, but no group may approve' });
  }
  const { expires, ...times } = environment.approval ?? {};
  // Where it does not say how long it waits the policy does.
  if (expires !== undefined) findings.push(...approvalTimes({ ...times, expires }, [...path, 'approval']));
  return findings;
}

function matrixRules(
  { components }: PipelineOutline,
  path: Path,
  { components: deployed }: EnvironmentOutline,
): Finding[] {
  if (deployed === undefined || components === undefined) return [];
  // What cannot be read may be what is needed.
  const isUnread = deployed.includes('');
  return deployed.flatMap((component, index) => {
    const at = [...path, 'components', index];
    const missing = (components[component]?.needs ?? []).filter(
      (need) => Object.hasOwn(components, need) && !isUnread && !deployed.includes(need),
    );
    const lacking = missing.map((need) => ({
      path: at,
      message: `\`${component}\` needs \`${need}\`, which is not deployed here`,
    }));
    return [...unknownName(at, 'component', component, Object.keys(components)), ...lacking];
  });
}

function waveRules(path: Path, { regions, waves }: EnvironmentOutline): Finding[] {
  if (regions === undefined || waves?.length === 0) return [];
  const names = Object.keys(regions);
  if (waves === undefined) {
    return names.length < 2
      ? []
      : [{ path: [...path, 'waves'], message: '`waves` is missing: several regions need an order', missing: true }];
  }
  const first = new Map<string, number>();
  const findings: Finding[] = waves.flatMap((wave, index) =>
    wave.regions.flatMap((region, place) => {
      const at = [...path, 'waves', index, 'regions', place];
      const earlier = first.get(region);
      first.set(region, earlier ?? index);
      const twice = earlier !== undefined && earlier !== index && region !== '';
      const again = twice ? [{ path: at, message: `the region \`${region}\` is already in wave ${earlier + 1}` }] : [];
      return [...unknownName(at, 'region', region, names), ...again];
    }),
  );
  const misspelt = [...first.keys()].filter((region) => !names.includes(region));
  // A region whose name is written wrongly in a wave is told there, and so is a wave that cannot be read.
  const unread = waves.some((wave) => wave.regions.length === 0 || wave.regions.includes(''));
  const left = names.filter(
    (region) => !unread && !first.has(region) && !misspelt.some((word) => nearest(word, names) === region),
  );
  return [
    ...findings,
    ...left.map((region) => ({
      path: [...path, 'regions', region],
      message: `the region \`${region}\` is in no wave`,
      atKey: true,
    })),
  ];
}

/** Two regions in one namespace would be deployed to twice, and two environments there would have two writers. */
function placeRules({ environments }: PipelineOutline): Finding[] {
  const taken = new Map<string, string>();
  return Object.entries(environments).flatMap(([name, { regions = {} }]) =>
    Object.entries(regions).flatMap(([region, { cluster, namespace }]) => {
      if (cluster === '' || namespace === '') return [];
      const place = `${cluster}/${namespace}`;
      const other = taken.get(place);
      taken.set(place, other ?? `${name}, region ${region}`);
      if (other === undefined) return [];
      const path = ['environments', name, 'regions', region, 'namespace'];
      return [{ path, message: `the namespace \`${namespace}\` of \`${cluster}\` is already used by ${other}` }];
    }),
  );
}

function migrationRules(outline: PipelineOutline): Finding[] {
  const { components, environments, migrations } = outline;
  const regions = [
    ...new Set(Object.values(environments).flatMap((environment) => Object.keys(environment.regions ?? {}))),
  ];
  const seen = new Map<string, PipelineOutline['migrations'][number]>();
  const findings = migrations.flatMap((migration, index) => {
    const path = ['migrations', index];
    const before = seen.get(migration.database);
    seen.set(migration.database, before ?? migration);
    return [
      ...unknownName([...path, 'component'], 'component', migration.component, components && Object.keys(components)),
      ...unknownName([...path, 'region'], 'region', migration.region, regions.length === 0 ? undefined : regions),
      ...(before === undefined || migration.database === '' ? [] : sameDatabase(path, before, migration)),
      ...(durationMs(migration.lockTimeout) > durationMs(migration.timeout)
        ? [{ path: [...path, 'lockTimeout'], message: '`lockTimeout` is longer than `timeout`' }]
        : []),
    ];
  });
  return [...findings, ...forgottenMigrations(outline)];
}

type MigrationOutline = PipelineOutline['migrations'][number];

/** Entries for one database stand for one migration: they may differ in nothing but the region. */
function sameDatabase(path: Path, before: MigrationOutline, migration: MigrationOutline): Finding[] {
  const { database } = migration;
  if (before.region === migration.region) {
    return [
      { path: [...path, 'database'], message: `the database \`${database}\` is already migrated in this region` },
    ];
  }
  if (canonicalJson({ ...before, region: '' }) === canonicalJson({ ...migration, region: '' })) return [];
  const hint = 'entries for the same database may differ in the region only';
  return [
    { path: [...path, 'database'], message: `the database \`${database}\` is migrated in another way above`, hint },
  ];
}

/**
 * A component with migrations must not slip into an environment where none of them would run. Where it does so in several, its one migration
 * names the wrong region.
 */
function forgottenMigrations({ components, environments, migrations }: PipelineOutline): Finding[] {
  const known = new Set(Object.values(environments).flatMap(({ regions }) => Object.keys(regions ?? {})));
  return Object.keys(components ?? {}).flatMap((component): Finding[] => {
    const own = migrations.filter((migration) => migration.component === component);
    // A region that does not exist is told where it is named.
    if (own.length === 0 || own.some(({ region }) => !known.has(region))) return [];
    const without = Object.entries(environments).filter(([, environment]) => {
      const runs = own.some(({ region }) => isDeployedIn(environment, component, region));
      return Object.keys(environment.regions ?? {}).length > 0 && hasComponent(environment, component) && !runs;
    });
    const names = without.map(([name]) => name);
    const message = `\`${component}\` has migrations, but none of them runs in a region of ${names.map((name) => `\`${name}\``).join(', ')}`;
    const hint = 'name one of these regions in `migrations`, or leave the component out here';
    if (names.length > 1 && own.length === 1) {
      const path = ['migrations', migrations.indexOf(own[0]!), 'region'];
      return [{ path, message, hint: 'name a region that each of them has, or leave the component out there' }];
    }
    return names.map((name) => ({
      path: ['environments', name, 'regions'],
      message: `\`${component}\` has migrations, but none of them runs in a region of \`${name}\`${environments[name]?.overrides[component]?.regions ? ' that it goes to' : ''}`,
      hint,
      atKey: true,
    }));
  });
}

function exceptionRules({ environments, scan }: PipelineOutline): Finding[] {
  const names = Object.keys(environments);
  const covered = new Set<string>();
  return scan.exceptions.flatMap(({ id, environments: only }, index) => {
    const path = ['scan', 'exceptions', index];
    const unknown = (only ?? []).flatMap((name, place) =>
      unknownName([...path, 'environments', place], 'environment', name, names.length === 0 ? undefined : names),
    );
    const keys = (only ?? names).map((name) => `${id} ${name}`);
    const twice = id !== '' && keys.some((key) => covered.has(key));
    keys.forEach((key) => covered.add(key));
    return twice ? [...unknown, { path: [...path, 'id'], message: `\`${id}\` is here twice` }] : unknown;
  });
}
