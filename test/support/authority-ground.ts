import { hashOfPlan } from '../../activities/steps/authorize.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { Identity, ReleasePlan } from '../../domain/contract/release.ts';
import {
  aFloor,
  aMigrationSpec,
  aPlan,
  aPlannedComponent,
  aPlannedMigration,
  aPolicy,
  aRegion,
  aWave,
} from '../domain/builders.ts';
import { policyAround } from './policy-around.ts';

/** What is the same in all sequences of the model of authority: people, lanes, and what each commit would be there. */

const person = (id: string, groups: string[]): Identity => ({ id, via: 'token', groups, emails: [`${id}@shop.test`] });
export const dana = person('dana', ['developers']);
export const kim = person('kim', ['approvers']);
export const lee = person('lee', ['approvers', 'chiefs']);
/** Asks, and may approve what others have asked for. */
export const rob = person('rob', ['developers', 'approvers', 'chiefs']);
export const eve = person('eve', ['visitors']);
export const people = [dana, kim, lee, rob, eve];

export const commits = ['a', 'b', 'c'].map((letter) => letter.repeat(40));
export const regions = ['de', 'nl'];
/** Digests by commit; the same image is released to each environment. */
const imageOf = (service: string, component: string, commit: string) =>
  `registry.test/${service}/${component}@sha256:${commit.slice(0, 1).repeat(64)}`;

export const lanes = [
  { service: 'shop', environment: 'production' },
  { service: 'shop', environment: 'staging' },
  { service: 'depot', environment: 'production' },
];
export type Lane = (typeof lanes)[number];
export const nameOf = ({ service, environment }: Lane) => `${service}/${environment}`;

/** Commit b of the shop migrates, c may be rolled back when it is seen broken, and that of the depot goes on with what nobody can tell. */
function planOf({ service, environment }: Lane, commit: string): ReleasePlan {
  const components = (service === 'shop' ? ['core', 'web'] : ['core']).map((name) =>
    aPlannedComponent(name, { image: imageOf(service, name, commit) }),
  );
  const migrates = service === 'shop' && commit === commits[1];
  return aPlan({
    service,
    environment,
    commit,
    components,
    regions: regions.map((name) =>
      aRegion(name, {
        cluster: { kind: 'kubeconfig', file: `/etc/${environment}/${name}` },
        namespace: `${service}-${environment}`,
      }),
    ),
    waves: service === 'shop' ? [aWave(['de']), aWave(['nl'])] : [aWave(['de', 'nl'])],
    migrationSpecs: migrates ? [aMigrationSpec({ commands: { apply: ['migrate'] } })] : [],
    migrations: migrates ? [aPlannedMigration()] : [],
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
  });
}

export interface Planned {
  lane: Lane;
  plan: ReleasePlan;
  hash: string;
}
export const plans: Planned[] = lanes.flatMap((lane) =>
  commits.map((commit) => {
    const plan = planOf(lane, commit);
    return { lane, plan, hash: hashOfPlan(plan) };
  }),
);
export const planFor = (lane: Lane, commit: string): Planned =>
  plans.find((one) => one.plan.commit === commit && nameOf(one.lane) === nameOf(lane))!;
export const allImages = [...new Set(plans.flatMap(({ plan }) => plan.components.map(({ image }) => image)))];
/** Who has written what: of commit b, kim. */
export const authorsOf = (commit: string) => (commit === commits[1] ? ['kim@shop.test'] : ['dana@shop.test']);

/** How the operator's policy may be changed under way. */
export interface PolicyState {
  quorum: number;
  groups: string[];
  /** The shop is let in. */
  shop: boolean;
  rollBackOnBreach: boolean;
}
export const policyAtFirst: PolicyState = { quorum: 1, groups: ['approvers'], shop: true, rollBackOnBreach: true };

const bounds = new Map(lanes.map((lane) => [nameOf(lane), policyAround(planFor(lane, commits[1]!).plan)]));

export function floorOf(
  environment: string,
  { quorum, groups, shop, rollBackOnBreach }: PolicyState,
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
  });
}
