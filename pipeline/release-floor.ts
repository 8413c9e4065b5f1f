import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical.ts';
import type { LaneKey } from '../domain/contract/names.ts';
import type { PolicyFloor } from '../domain/contract/policy.ts';
import { approvalDefaults } from './approval-floor.ts';
import { gateDefaults } from './gates-asked.ts';
import { gateToolsOf } from './gates.ts';
import type { Policy } from './load.ts';
import { onCallOf } from './on-call.ts';
import { own } from './reach.ts';

/**
 * What the policy says about one service in one environment, by dotted key, as far as it is not the default. Whoever approves a release
 * approves it under this; what else is in the file (other services, clusters that are not used here, logins, who is told, who may look or
 * start, what starts by itself) voids nothing. Keys are taken as they come, so that a new one counts without a line here. Empty where the
 * policy does not let the service in.
 */
export function releaseFloor(policy: Policy, { service: name, environment }: LaneKey): PolicyFloor {
  const { services, environments, clusters } = policy.content;
  const service = own(services, name);
  const reach = service && own(service.environments, environment);
  const floor = own(environments, environment);
  if (!service || !reach || !floor) return {};
  const { environments: _others, github: _jobs, ...ofService } = service;
  const {
    notify: _told,
    onCall: _there,
    access: _ofThese,
    promotedAfter: _byItself,
    clusters: names,
    ...ofEnvironment
  } = floor;
  // How often people are reminded is who is told, too.
  const approval = { ...ofEnvironment.approval, remind: undefined };
  const { onCall: _here, access: _ofThose, github: _ofWhich, ...ofReach } = reach;
  const { groups } = onCallOf(policy, { service: name, environment });
  const used = Object.fromEntries([...names].sort().map((cluster) => [cluster, own(clusters, cluster) ?? null]));
  const imagesFrom = ofEnvironment.imagesFrom ?? [ofEnvironment.registry];
  // What the policy says of the service there goes before what it says of the environment.
  const said = flat({
    ...ofService,
    ...ofEnvironment,
    approval,
    imagesFrom,
    ...ofReach,
    onCall: { groups: groups?.value },
  });
  const gates = gateToolsOf(policy, environment);
  return { ...withoutDefaults(said), ...prefixed('clusters', used), ...prefixed('gates', gates) };
}

/** sha256 of a floor: what an approval is bound to. */
export function floorHash(floor: PolicyFloor): string {
  return createHash('sha256').update(canonicalJson(floor)).digest('hex');
}

/** A key that is left out means this; saying it changes nothing. A default that is not here only makes saying it count as a change. */
export const floorDefaults: PolicyFloor = {
  ...prefixed('approval', approvalDefaults),
  'scan.failOn': ['CRITICAL', 'HIGH'],
  'scan.unknownSeverity': 'fail',
  'scan.images': gateDefaults.images,
  'scan.secrets': gateDefaults.secrets,
  'scan.exceptions.allowed': false,
  'scan.exceptions.longestDays': 90,
  testsRequired: gateDefaults.tests,
  gates: [],
  onFailure: ['hold', 'roll-back-region', 'roll-back-all'],
  rollBackOnBreach: false,
  planMigrationsBeforeApproval: false,
  tags: [],
  workloads: [],
  images: [],
  endpointHosts: [],
  'secrets.plan': [],
  'secrets.apply': [],
  'serviceAccounts.plan': [],
  'serviceAccounts.apply': [],
  variables: [],
  smoke: false,
  testImages: [],
};

/** Lists in which the order means something: the first is the default. */
const ordered = new Set(['onFailure']);

function withoutDefaults(said: PolicyFloor): PolicyFloor {
  const kept = Object.entries(said).filter(
    ([key, value]) => !Object.hasOwn(floorDefaults, key) || canonicalJson(value) !== canonicalJson(floorDefaults[key]),
  );
  return Object.fromEntries(kept);
}

function flat(values: Record<string, unknown>, prefix = ''): PolicyFloor {
  const entries = Object.entries(values).flatMap(([name, value]): [string, unknown][] => {
    const key = `${prefix}${name}`;
    if (value === undefined) return [];
    if (Array.isArray(value)) return [[key, ordered.has(key) ? value : inOneOrder(value)]];
    if (value !== null && typeof value === 'object') {
      return Object.entries(flat(value as Record<string, unknown>, `${key}.`));
    }
    return [[key, value]];
  });
  return Object.fromEntries(entries);
}

function inOneOrder(list: readonly unknown[]): unknown[] {
  return [...list].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
}

function prefixed(prefix: string, values: Record<string, unknown>): PolicyFloor {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
}
