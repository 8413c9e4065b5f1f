import { inQuotes } from './visible.ts';

/** In the order in which people read them. */
export const planSections = [
  'Release',
  'Schema',
  'Components',
  'Migrations',
  'Migration jobs',
  'Regions',
  'Waves',
  'Gates',
  'Approval',
  'On failure',
  'Rollout',
  'Other',
] as const;
export type PlanSection = (typeof planSections)[number];

/** Section by section; those of one stay as they were. */
export function inOrder<T>(all: readonly T[], sectionOf: (one: T) => PlanSection): T[] {
  const found = Map.groupBy(all, sectionOf);
  return planSections.flatMap((section) => found.get(section) ?? []);
}

/** What a field of a plan is called: `{0}`, `{1}` are the names that stand in its path for `*`. */
type Words = Record<string, string>;

const endpoint = (what: string): string => `{0}, endpoint {1}, ${what}`;
const smokeTest = (what: string): string => `{0}, smoke test {1}, ${what}`;

/** By section, then by path. A field that is not here is shown all the same, by its path, under `Other`. */
const table: Record<Exclude<PlanSection, 'Other'>, Words> = {
  Release: {
    service: 'service',
    environment: 'environment',
    branch: 'branch',
    commit: 'commit',
    configurationHash: 'slipway.yaml, sha256',
    policyHash: "operator's policy, sha256",
    tags: 'tags that follow',
    'promotion.environment': 'images promoted from',
    'promotion.maxAgeMs': 'verified there no longer ago than',
    version: 'form of the plan',
    needs: 'must be understood by who carries it out',
  },
  Schema: {
    olderThanSchema: 'older than the schema',
    'olderThanSchema.*.database': 'gap {0}, database',
    'olderThanSchema.*.releaseId': 'gap {0}, made by',
    'olderThanSchema.*.migrations': 'gap {0}, migrations',
  },
  Components: {
    components: 'components, in order',
    'components.*.image': '{0}, image',
    'components.*.image.repository': '{0}, repository',
    'components.*.image.digest': '{0}, digest',
    'components.*.origin': '{0}, origin',
    'components.*.given': '{0}, built by somebody else',
    'components.*.promoted.environment': '{0}, promoted from',
    'components.*.promoted.releaseId': '{0}, verified there by',
    'components.*.needs': '{0}, needs',
    'components.*.regions': '{0}, in these regions alone',
    'components.*.builtForHere': '{0}, built for this environment alone',
    'components.*.workloads': '{0}, Deployments',
    'components.*.workloads.*.containers': '{0}, containers in {1}',
    'components.*.delivery': '{0}, delivery',
    'components.*.delivery.kind': '{0}, delivery',
    'components.*.delivery.env': '{0}, variables',
    'components.*.delivery.env.*': '{0}, variable {1}',
    'components.*.artifact.kind': '{0}, delivered as',
    'components.*.artifact.digest': '{0}, delivered digest',
  },
  Migrations: {
    migrations: 'databases, in order',
    'migrations.*.region': '{0}, region',
    'migrations.*.component': '{0}, by component',
    'migrations.*.pending': '{0}, pending',
    'migrations.*.contracting': '{0}, takes away',
    'migrations.*.unknown': '{0}, nobody can tell',
  },
  'Migration jobs': {
    migrationSpecs: 'databases, in order',
    'migrationSpecs.*.region': '{0}, region',
    'migrationSpecs.*.component': '{0}, image of component',
    'migrationSpecs.*.commands.plan': '{0}, command that plans',
    'migrationSpecs.*.commands.modelsWithoutMigration': '{0}, command that compares models',
    'migrationSpecs.*.commands.apply': '{0}, command that migrates',
    'migrationSpecs.*.commands.verify': '{0}, command that verifies',
    'migrationSpecs.*.like.deployment': '{0}, runs like Deployment',
    'migrationSpecs.*.like.container': '{0}, runs like container',
    'migrationSpecs.*.planApart': '{0}, planning has secrets of its own',
    'migrationSpecs.*.envFrom': '{0}, secrets',
    'migrationSpecs.*.planEnvFrom': '{0}, secrets of planning',
    'migrationSpecs.*.env': '{0}, variables',
    'migrationSpecs.*.env.*': '{0}, variable {1}',
    'migrationSpecs.*.lockTimeoutMs': '{0}, waits for locks',
    'migrationSpecs.*.timeoutMs': '{0}, time limit',
  },
  Regions: {
    regions: 'regions',
    'regions.*.cluster.kind': '{0}, kind of cluster',
    'regions.*.cluster.name': '{0}, cluster',
    'regions.*.cluster.awsRegion': '{0}, AWS region',
    'regions.*.cluster.roleArn': '{0}, role',
    'regions.*.cluster.file': '{0}, kubeconfig',
    'regions.*.cluster.context': '{0}, kubeconfig context',
    'regions.*.namespace': '{0}, namespace',
    'regions.*.endpoints': '{0}, endpoints',
    'regions.*.endpoints.*.kind': endpoint('kind'),
    'regions.*.endpoints.*.url': endpoint('address'),
    'regions.*.endpoints.*.host': endpoint('host'),
    'regions.*.endpoints.*.port': endpoint('port'),
    'regions.*.endpoints.*.tls': endpoint('TLS'),
    'regions.*.endpoints.*.service': endpoint('service'),
    'regions.*.endpoints.*.domainName': endpoint('name that is looked up'),
    'regions.*.endpoints.*.type': endpoint('type of record'),
    'regions.*.endpoints.*.status': endpoint('status'),
    'regions.*.endpoints.*.contains': endpoint('must contain'),
    'regions.*.endpoints.*.headers': endpoint('headers'),
    'regions.*.endpoints.*.headers.*': endpoint('header {2} must be'),
    'regions.*.endpoints.*.headers.*.contains': endpoint('header {2} must contain'),
    'regions.*.endpoints.*.json': endpoint('JSON'),
    'regions.*.endpoints.*.json.*': endpoint('{2} must be'),
    'regions.*.endpoints.*.oneOf': endpoint('each record must be one of'),
    'regions.*.endpoints.*.validForMs': endpoint('certificate is valid for'),
    'regions.*.endpoints.*.query': endpoint('query'),
    'regions.*.endpoints.*.expect': endpoint('must answer'),
    'regions.*.endpoints.*.expect.*': endpoint('{2} must be'),
    'regions.*.endpoints.*.successes': endpoint('good answers in a row'),
    'regions.*.endpoints.*.timeoutMs': endpoint('asked for'),
    'regions.*.smoke': '{0}, smoke tests after the deployment, not on the way back',
    'regions.*.smoke.*.component': smokeTest('image of component'),
    'regions.*.smoke.*.command': smokeTest('command'),
    'regions.*.smoke.*.report': smokeTest('report'),
    'regions.*.smoke.*.env': smokeTest('variables'),
    'regions.*.smoke.*.env.*': smokeTest('variable {2}'),
    'regions.*.smoke.*.timeoutMs': smokeTest('time limit'),
  },
  Waves: {
    waves: 'waves',
    'waves.*.regions': 'wave {0}, regions',
    'waves.*.stages': 'wave {0}, stages',
    'waves.*.stages.*.apply': 'wave {0}, stage {1}, deploys',
    'waves.*.stages.*.weight': 'wave {0}, stage {1}, percent of traffic',
    'waves.*.stages.*.observe': 'wave {0}, stage {1}, looks',
    'waves.*.stages.*.observe.*.check': 'wave {0}, stage {1}, look {2} at',
    'waves.*.stages.*.observe.*.everyMs': 'wave {0}, stage {1}, look {2} every',
    'waves.*.stages.*.observe.*.forMs': 'wave {0}, stage {1}, look {2} for',
    'waves.*.stages.*.observe.*.onInconclusive': 'wave {0}, stage {1}, look {2}, if nobody can tell',
  },
  Gates: {
    gates: 'gates',
    'gates.*.verdict': '{0}',
    'gates.*.summary': '{0}, says',
  },
  Approval: {
    'approval.required': 'required',
    'approval.quorum': 'people',
    'approval.groups': 'groups',
    'approval.expiresMs': 'waits for',
    'approval.remindMs': 'people are reminded every',
    'approval.escalate.afterMs': 'others may, too, after',
    'approval.escalate.groups': 'groups of those others',
    'approval.excludeRequester': 'not by the requester',
    'approval.excludeAuthors': 'not by who has written it',
  },
  'On failure': {
    'onFailure.partial': 'what is deployed already',
    'onFailure.confirm': 'a person confirms it',
    'onFailure.holdMs': 'waits for a person for',
    onCall: 'who is on call',
    'onFailure.onInconclusive': 'if nobody can tell',
    onBreach: 'seen broken later, without asking',
  },
  Rollout: {
    'rollout.timeoutMs': 'time of one Deployment',
    'rollout.patience': 'patience',
    'rollout.patience.imagePullMs': 'patience with pulls of images',
    'rollout.patience.schedulingMs': 'patience with pods without a node',
    'rollout.patience.startMs': 'patience with containers that do not start',
    'rollout.patience.crashMs': 'patience with crashes',
    'rollout.patience.steadyMs': 'must run steadily for',
  },
};

interface Entry {
  section: PlanSection;
  pattern: string;
  wanted: string[];
  words: string;
}

const entries: Entry[] = Object.entries(table).flatMap(([section, words]) =>
  Object.entries(words).map(([pattern, text]) => ({
    section: section as PlanSection,
    pattern,
    wanted: pattern.split('.'),
    words: text,
  })),
);
const byFirst = Map.groupBy(entries, ({ wanted }) => wanted[0]!);

export interface Spoken {
  section: PlanSection;
  what: string;
  /** The path with `*` for names; absent for a field that nobody has put into words. */
  pattern?: string;
}

/** A field of a plan in words. */
export function inWords(path: readonly string[]): Spoken {
  const entry = byFirst
    .get(path[0] ?? '')
    ?.find(({ wanted }) => wanted.length === path.length && wanted.every((one, at) => one === '*' || one === path[at]));
  if (!entry) return { section: 'Other', what: path.map(bareOrQuoted).join('.') || 'the plan' };
  const names = path.filter((_, at) => entry.wanted[at] === '*').map(named);
  const what = entry.words.replace(/\{(\d)\}/g, (_, at: string) => names[Number(at)] ?? '');
  return { section: entry.section, what, pattern: entry.pattern };
}

/** The place in a list of what has no name: counted from one. */
const position = /^#\d+$/;

/** A name of somebody's choosing. The words around it begin with a comma: what holds more than plain words is in quotes. */
function named(name: string): string {
  if (position.test(name)) return name.slice(1);
  return /^[A-Za-z0-9_./:@+-]+(?: [A-Za-z0-9_./:@+-]+)*$/.test(name) ? name : inQuotes(name);
}

function bareOrQuoted(name: string): string {
  return position.test(name) || /^[A-Za-z0-9_-]+$/.test(name) ? name : inQuotes(name);
}
