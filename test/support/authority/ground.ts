import type { EnvironmentFloor } from '../../../domain/contract/policy.ts';
import type { Artifact, Identity, ReleasePlan, ReleaseRequest, ReleaseSpec } from '../../../domain/contract/release.ts';
import { assemblePlan } from '../../../domain/plan.ts';
import {
  aComponent,
  aFloor,
  aHash,
  aMigrationSpec,
  aPerson,
  aPlannedMigration,
  aPolicy,
  aRegion,
  aRequest,
  aSpec,
  aWave,
} from '../../domain/builders.ts';
import { policyAround } from '../policy-around.ts';

/** What is the same in all sequences of the model of authority: people, lanes, and what each commit would be there. */

const person = (id: string, ...groups: string[]): Identity => ({
  ...aPerson(id, ...groups),
  emails: [`${id}@shop.test`],
});
export const dana = person('dana', 'developers');
export const kim = person('kim', 'approvers');
export const lee = person('lee', 'approvers', 'chiefs');
/** Asks, and may approve what others have asked for. */
export const rob = person('rob', 'developers', 'approvers', 'chiefs');
export const eve = person('eve', 'visitors');
/** Is called when something has failed, and approves nothing. */
export const ola = person('ola', 'on-call');
export const people = [dana, kim, lee, rob, eve, ola];

/** Each descends from those before it. */
export const commits = ['a', 'b', 'c'].map((letter) => letter.repeat(40));
export const descends = (commit: string, ancestor: string) => commits.indexOf(commit) >= commits.indexOf(ancestor);
/** Who has written what: of commit b, kim. */
export const authorsOf = (commit: string) => (commit === commits[1] ? ['kim@shop.test'] : ['dana@shop.test']);

export const regions = ['de', 'nl'];
export const database = 'main';
/** In staging the first wave of the shop bakes. */
const bakeMs = 20_000;
export const lanes = [
  { service: 'shop', environment: 'production' },
  { service: 'shop', environment: 'staging' },
  { service: 'depot', environment: 'production' },
];
export type Lane = (typeof lanes)[number];
export const nameOf = ({ service, environment }: Lane) => `${service}/${environment}`;

/** Digests by commit; the same image is released to each environment. */
const imageOf = (service: string, component: string, commit: string) =>
  `registry.test/${service}/${component}@sha256:${commit.slice(0, 1).repeat(64)}`;
const componentsOf = ({ service }: Lane) => (service === 'shop' ? ['core', 'web'] : ['core']);
export const artifactsOf = (lane: Lane, commit: string): Artifact[] =>
  componentsOf(lane).map((component) => ({
    component,
    image: imageOf(lane.service, component, commit),
    origin: 'built',
  }));
export const allImages = [
  ...new Set(lanes.flatMap((lane) => commits.flatMap((commit) => artifactsOf(lane, commit).map(({ image }) => image)))),
];

/** Commit b migrates. In the depot it takes something away from the schema. */
export const migratesIn = (commit: string) => commit === commits[1];
export const migrationOf = ({ service }: Lane) =>
  aPlannedMigration(service === 'depot' ? { contracting: ['0002_weight'] } : {});

/**
 * As it is read from the repository. Commit c may be rolled back when it is seen broken, and that of the depot goes on with what nobody can
 * tell. `configuration`: the file as it was changed by somebody, so that the plan is another one.
 */
export function specOf(lane: Lane, commit: string, configuration = 0): ReleaseSpec {
  const { service, environment } = lane;
  const { scan } = aSpec();
  return aSpec({
    ...lane,
    components: componentsOf(lane).map((name) => aComponent(name, { image: `${service}/${name}` })),
    regions: regions.map((name) =>
      aRegion(name, {
        cluster: { kind: 'kubeconfig', file: `/etc/${environment}/${name}` },
        namespace: `${service}-${environment}`,
      }),
    ),
    waves:
      service === 'shop'
        ? [aWave(['de'], environment === 'staging' ? bakeMs : 0), aWave(['nl'])]
        : [aWave(['de', 'nl'])],
    scan: { ...scan, images: false, secrets: false },
    migrations: migratesIn(commit) ? [aMigrationSpec()] : [],
    approval: aPolicy({
      required: environment === 'production',
      quorum: service === 'depot' ? 2 : 1,
      ...(service === 'depot' && { excludeAuthors: true }),
    }),
    ...(commit === commits[2] && { onBreach: 'roll-back' as const }),
    ...(commit === commits[2] &&
      service === 'depot' && {
        onFailure: { partial: 'roll-back-all', confirm: false, holdMs: 1_000, onInconclusive: 'go-on' } as const,
      }),
    configurationHash: aHash(configuration === 0 ? 'c' : 'f'),
  });
}

export const requestOf = (lane: Lane, commit: string): Omit<ReleaseRequest, 'attempt'> => {
  const { attempt: _n, ...request } = aRequest({ ...lane, commit });
  return request;
};

/** How the operator's policy may be changed under way. */
export interface PolicyState {
  quorum: number;
  groups: string[];
  /** The shop is let in. */
  shop: boolean;
  rollBackOnBreach: boolean;
  /** Of the shop; the depot has nobody on call. */
  onCall: string[];
}
export const policyAtFirst: PolicyState = {
  quorum: 1,
  groups: ['approvers'],
  shop: true,
  rollBackOnBreach: true,
  onCall: ['on-call'],
};

/** The policy names what commit b wants, which is all that any does. */
const bounds = new Map(lanes.map((lane) => [nameOf(lane), policyAround(planOf(lane, commits[1]!))]));
function planOf(lane: Lane, commit: string): ReleasePlan {
  const spec = specOf(lane, commit);
  const artifacts = artifactsOf(lane, commit);
  return assemblePlan({
    request: requestOf(lane, commit),
    spec,
    artifacts,
    migrations: [migrationOf(lane)],
    gates: [],
  });
}

export function floorOf(
  environment: string,
  { quorum, groups, shop, rollBackOnBreach, onCall }: PolicyState,
): EnvironmentFloor {
  const all = lanes
    .filter((lane) => lane.environment === environment && (shop || lane.service !== 'shop'))
    .map((lane) => bounds.get(nameOf(lane))!);
  const approval = aPolicy({ required: environment === 'production', quorum, groups });
  return aFloor(approval, {
    // All services of an environment are in the same clusters.
    clusters: all[0]?.clusters ?? [],
    services: Object.assign({}, ...all.map(({ services }) => services)) as EnvironmentFloor['services'],
    tags: ['latest'],
    rollBackOnBreach,
    ...(onCall.length > 0 && { onCall: { shop: onCall } }),
  });
}
