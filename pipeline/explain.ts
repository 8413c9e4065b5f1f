import type { Pipeline, Policy } from './load.ts';
import type { Path } from './problem.ts';
import { floorDefaults } from './release-floor.ts';
import { valueAt } from './value-at.ts';

/** One thing that holds for a service in an environment, and who says so. */
export interface Explained {
  /** `in force`: asked of every release. `allowed`: what slipway.yaml may choose among. */
  part: 'in force' | 'allowed';
  key: string;
  value: unknown;
  /** `policy.yaml:42`, or `default`. */
  by: string;
}

export interface Explaining {
  policy: Policy;
  /** Without one, what the policy asks for at least. */
  pipeline?: Pipeline | undefined;
  service: string;
  environment: string;
}

/** Where a key is said: in the policy of the environment, of the service there, or in slipway.yaml of the environment. */
interface Row {
  key: string;
  environment?: Path;
  reach?: Path;
  mine?: Path;
  /** When nobody says it. */
  otherwise?: unknown;
}

const approval = [
  ...['required', 'quorum', 'groups', 'expires', 'remind', 'escalate.after', 'escalate.to'],
  ...['excludeRequester', 'excludeAuthors'],
];

/** What is asked. slipway.yaml can only ask for more, and so has the last word where it says anything. */
function asked(environment: string): Row[] {
  const mine = (...path: Path): Path => ['environments', environment, ...path];
  return [
    ...approval.map((key) => ({
      key: `approval.${key}`,
      environment: ['approval', ...key.split('.')],
      mine: mine('approval', ...key.split('.')),
      otherwise: floorDefaults[`approval.${key}`],
    })),
    ...['failOn', 'images', 'secrets'].map((key) => ({
      key: `scan.${key}`,
      environment: ['scan', key],
      mine: ['scan', key],
      otherwise: floorDefaults[`scan.${key}`],
    })),
    {
      key: 'scan.unknownSeverity',
      environment: ['scan', 'unknownSeverity'],
      otherwise: floorDefaults['scan.unknownSeverity'],
    },
    { key: 'testsRequired', environment: ['testsRequired'], otherwise: floorDefaults['testsRequired'] },
    { key: 'gates', environment: ['gates'], otherwise: floorDefaults['gates'] },
    { key: 'tests', mine: mine('tests') },
    {
      key: 'planMigrationsBeforeApproval',
      environment: ['planMigrationsBeforeApproval'],
      otherwise: floorDefaults['planMigrationsBeforeApproval'],
    },
    { key: 'registry', environment: ['registry'] },
    { key: 'from', mine: mine('from') },
    { key: 'onFailure.partial', mine: mine('onFailure', 'partial'), environment: ['onFailure', 0], otherwise: 'hold' },
    { key: 'onFailure.confirm', mine: mine('onFailure', 'confirm'), otherwise: true },
    { key: 'onFailure.hold', mine: mine('onFailure', 'hold'), otherwise: '24h' },
    { key: 'onInconclusive', mine: mine('onInconclusive'), environment: ['onInconclusive', 0], otherwise: 'hold' },
    { key: 'onBreach', mine: mine('onBreach'), otherwise: 'tell' },
    { key: 'queue', mine: mine('queue'), otherwise: 'supersede' },
    { key: 'tags', mine: mine('tags'), otherwise: [] },
    {
      key: 'onCall.groups',
      reach: ['onCall', 'groups'],
      environment: ['onCall', 'groups'],
      otherwise: 'approval.groups',
    },
    { key: 'onCall.notify', reach: ['onCall', 'notify'], environment: ['onCall', 'notify'], otherwise: [] },
    ...['look', 'start', 'operate'].map((right) => ({
      key: `access.${right}`,
      reach: ['access', right],
      environment: ['access', right],
    })),
    { key: 'notify', environment: ['notify'], otherwise: [] },
    { key: 'notify, for every environment', mine: ['notify'] },
    { key: 'notify, for this environment', mine: mine('notify') },
  ];
}

const bounds = ['workloads', 'images', 'endpointHosts', 'secrets.plan', 'secrets.apply', 'serviceAccounts.plan', 'serviceAccounts.apply', 'variables', 'smoke', 'testImages']; // prettier-ignore

/** What may be chosen. */
const allowed: Row[] = [
  { key: 'branches', reach: ['branches'] },
  { key: 'clusters', environment: ['clusters'] },
  { key: 'namespaces', reach: ['namespaces'] },
  ...bounds.map((key): Row => {
    const reach = key.split('.');
    const row = { key, reach, otherwise: floorDefaults[key] };
    return key === 'endpointHosts' ? { ...row, environment: reach } : row;
  }),
  { key: 'imagesFrom', environment: ['imagesFrom'] },
  { key: 'promotedFrom', environment: ['promotedFrom'] },
  { key: 'promotedWithin', environment: ['promotedWithin'] },
  { key: 'promotedAfter', environment: ['promotedAfter'] },
  { key: 'scan.exceptions.allowed', environment: ['scan', 'exceptions', 'allowed'], otherwise: false },
  { key: 'scan.exceptions.longestDays', environment: ['scan', 'exceptions', 'longestDays'], otherwise: 90 },
  { key: 'onFailure', environment: ['onFailure'], otherwise: floorDefaults['onFailure'] },
  { key: 'onInconclusive', environment: ['onInconclusive'], otherwise: ['hold', 'roll-back'] },
  { key: 'rollBackOnBreach', environment: ['rollBackOnBreach'], otherwise: floorDefaults['rollBackOnBreach'] },
  { key: 'tags', environment: ['tags'], otherwise: floorDefaults['tags'] },
];

/** Everything that holds for the service in the environment; both must be in the policy. */
export function explain(explaining: Explaining): Explained[] {
  const { policy, pipeline, service, environment } = explaining;
  const of = (part: Explained['part'], rows: readonly Row[]) =>
    rows.flatMap((row): Explained[] => {
      const found = said(explaining, row);
      return found ? [{ part, key: row.key, ...found }] : [];
    });
  const repository = lookUp(policy, ['services', service, 'repository']);
  const places = pipeline ? regionsOf(pipeline, environment) : [];
  return [
    ...(repository ? [{ part: 'in force' as const, key: 'repository', ...repository }] : []),
    ...of('in force', asked(environment)),
    ...places,
    ...of('allowed', allowed),
  ];
}

type Found = Pick<Explained, 'value' | 'by'>;

function said({ policy, pipeline, service, environment }: Explaining, row: Row): Found | undefined {
  const { mine, reach, environment: there, otherwise } = row;
  const found =
    (pipeline && mine && lookUp(pipeline, mine)) ??
    (reach && lookUp(policy, ['services', service, 'environments', environment, ...reach])) ??
    (there && lookUp(policy, ['environments', environment, ...there]));
  if (found) return found;
  // Images from elsewhere come from the registry, unless there is a list.
  if (row.key === 'imagesFrom') return lookUp(policy, ['environments', environment, 'registry']);
  return otherwise === undefined ? undefined : { value: otherwise, by: 'default' };
}

function lookUp({ content, file, locate }: Pipeline | Policy, path: Path): Found | undefined {
  const value = valueAt(content, path);
  return value === undefined ? undefined : { value, by: `${file}:${locate(path).line}` };
}

function regionsOf(pipeline: Pipeline, environment: string): Explained[] {
  const regions = Object.keys(pipeline.content.environments[environment]?.regions ?? {});
  return regions.flatMap((region) =>
    ['cluster', 'namespace'].flatMap((key): Explained[] => {
      const found = lookUp(pipeline, ['environments', environment, 'regions', region, key]);
      return found ? [{ part: 'in force', key: `regions.${region}.${key}`, ...found }] : [];
    }),
  );
}
