import { z } from 'zod';
import { mostReminders } from '../domain/approval-course.ts';
import { access } from './access-schema.ts';
import * as field from './fields.ts';
import { forms } from './forms.ts';
import { narrowing, notifyEntries } from './notify-schema.ts';
import { onCall } from './on-call-schema.ts';
import { github, githubEnvironment } from './github-schema.ts';
import { gate, gateName } from './gates-schema.ts';
import { groups, people } from './people-schema.ts';

/**
 * What the operator's policy file may say: who may release what to where, and the least that is asked of it.
 * It lives with the engine; no service's repository can change it. Left out means strict.
 */

const diskPath = field.line.describe('On the disk of the worker.');

const cluster = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('kubeconfig').describe('Reached by a kubeconfig.'),
    file: diskPath,
    context: field.line.optional().describe('Default: the one that the file says.'),
  }),
  z.strictObject({
    kind: z.literal('eks').describe('Reached by AWS.'),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/, 'must be the name of an EKS cluster')
      .describe('As EKS knows it.'),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, 'must be an AWS region such as `eu-central-1`')
      .describe('Of AWS.'),
    roleArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[A-Za-z0-9+=,.@_/-]{1,512}$/, 'must be the ARN of a role')
      .optional()
      .describe("Taken on to deploy. Default: the worker's own."),
  }),
]);

const repository = z
  .string()
  .max(1_000, 'must be at most 1,000 characters')
  .refine(
    (text) =>
      field.url.safeParse(text).success || field.sshAddress.safeParse(text).success || /^\/[^\n\t:]*$/.test(text),
    'must be an http or https URL without credentials such as `https://github.com/example/shop`, an ssh address without a password such as `git@github.com:example/shop.git`, or an absolute path',
  );

const hostForm = /^((\*\.)?[a-z0-9_]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])$/;
const host = z
  .string()
  .max(255, 'must be at most 255 characters')
  .regex(hostForm, forms.endpointHost)
  .refine(
    (text) => !hostForm.test(text) || text.startsWith('*.') || URL.parse(`http://${text}`)?.hostname === text,
    forms.plainAddress,
  );

const forJobs = z.strictObject({
  plan: field.distinct(field.objectName).optional().describe('For Jobs that only look. Default: none.'),
  apply: field.distinct(field.objectName).optional().describe('For Jobs that change the database. Default: none.'),
});

const reach = z.strictObject({
  branches: field
    .distinct(field.branch)
    .min(1, 'must name at least one branch')
    .describe('Branches that may be released there, written as in slipway.yaml.'),
  namespaces: field
    .distinct(field.name)
    .min(1, 'must name at least one namespace')
    .describe('Namespaces that it may be deployed to.'),
  workloads: field
    .distinct(field.namePattern)
    .optional()
    .describe('Deployments that it may write to, and that migrations may borrow from. Default: none.'),
  images: field
    .distinct(field.imagePattern)
    .optional()
    .describe('Its repositories inside the registry of the environment. Default: none.'),
  endpointHosts: field
    .distinct(host)
    .optional()
    .describe('Hosts that may be asked for it, instead of those of the environment.'),
  secrets: forJobs.optional().describe('Kubernetes secrets that the Jobs of migrations may hold. Default: none.'),
  serviceAccounts: forJobs
    .optional()
    .describe("As whom those Jobs may run, beside the namespace's `default`. Default: nobody."),
  variables: field
    .distinct(field.environmentVariable)
    .optional()
    .describe(
      'Variables that migrations, smoke tests and overrides may set although they change how programs load. Default: none.',
    ),
  smoke: z.boolean().optional().describe('It may run smoke tests as Jobs in its namespaces. Default: false.'),
  testImages: field
    .distinct(field.testImagePattern)
    .optional()
    .describe("Images that integration tests may run beside the release's own, without tag. Default: none."),
  onCall: onCall
    .optional()
    .describe('Who is looked to after a failure of it there, instead of those of the environment.'),
  github: githubEnvironment.optional().describe('Which of the jobs of `github` may release it there. Default: all.'),
  access: access.optional().describe("Who may do what about it there, each right instead of the environment's."),
});

const service = z.strictObject({
  repository: repository.describe('URL, ssh address or absolute path that the commits must come from.'),
  github: github.optional().describe('Jobs of GitHub Actions that may release it. Default: none.'),
  environments: z
    .record(field.name, reach)
    .refine((environments) => Object.keys(environments).length > 0, 'must name at least one environment')
    .describe('What it may reach.'),
});

const mailbox = z
  .string()
  .max(254, 'must be at most 254 characters')
  .regex(/^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,189}$/, 'must be an e-mail address such as `sre@example.com`');
const slackChannel = z.strictObject({
  kind: z.literal('slack').describe('A channel of Slack, in which the gateway shows releases.'),
  channel: z
    .string()
    .regex(/^[CG][A-Z0-9]{5,30}$/, 'must be the id of a channel, such as C0123ABCD: names change')
    .describe('Its id.'),
  readers: field
    .distinct(field.group)
    .optional()
    .describe(
      'Groups in which everybody is who reads it. A lane that not everybody may look at is shown where all of them may.',
    ),
});

const githubId = z.number().int().positive().max(1_000_000_000_000, 'must be at most 1000000000000');
const githubApp = z.strictObject({
  id: githubId.describe('The number of the app (App ID).'),
  installation: githubId.describe('The number of its installation, at the end of the address of its page.'),
  key: field.secretReference.describe('Of a private key of the app (PEM). Read where it is used.'),
});

const notifyTarget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('log').describe('The log of the worker.'), ...narrowing }),
  z.strictObject({
    kind: z.literal('webhook').describe('An address that messages are posted to.'),
    url: z
      .string()
      .refine(
        (text) => field.url.safeParse(text).success || field.secretReference.safeParse(text).success,
        'must be a URL without credentials, or a reference such as `env:NAME` or `file:/path`',
      )
      .describe('Best by reference: whoever knows it can post, and a plain one stands in the records of each release.'),
    host: host
      .refine((text) => !text.startsWith('*.'), 'must be one host')
      .optional()
      .describe('The host that a reference leads to: needed for an address inside. Default: any host outside.'),
    secret: field.secretReference
      .optional()
      .describe(
        'Signs messages, which are CloudEvents then: `whsec_` and base64 of 24 to 64 bytes. Default: unsigned.',
      ),
    ...narrowing,
  }),
  z.strictObject({
    kind: z
      .literal('pagerduty')
      .describe('One alert of PagerDuty for each service and environment. Told of problems, and how runs end.'),
    routingKey: field.secretReference.describe('Of an integration by Events API v2. Read where it is used.'),
    region: z.enum(['us', 'eu']).optional().describe('Of the account. Default: us.'),
    url: field.url.optional().describe("Instead of PagerDuty's own address: a proxy."),
    environments: field
      .distinct(field.name)
      .min(1, 'must name at least one environment')
      .optional()
      .describe('Told of these alone. Default: those in which this file requires an approval.'),
    events: narrowing.events,
  }),
  z.strictObject({
    kind: z.literal('email').describe('Mails by SMTP, those about one run in one thread.'),
    smtp: field.secretReference.describe(
      'Of an `smtp://` or `smtps://` URL, with user name and password where they are asked for.',
    ),
    from: mailbox.describe('From whom.'),
    to: field
      .distinct(mailbox)
      .min(1, 'must name at least one address')
      .max(50, 'must have at most 50 addresses')
      .describe('To whom.'),
    ...narrowing,
  }),
  slackChannel,
  z
    .strictObject({
      kind: z
        .literal('github')
        .describe('A deployment on the commit, and with an app a check, for each release. Told of everything.'),
      app: githubApp.optional().describe('As whom: an app, where it is installed. This, or `token`.'),
      token: field.secretReference
        .optional()
        .describe('As whom: a token that may write deployments. Writes no checks.'),
      url: field.url
        .optional()
        .describe("Of the API of GitHub Enterprise Server, `https://HOST/api/v3`. Default: GitHub's own."),
      page: field.url
        .optional()
        .describe(
          'Where the links lead: the id of a release is appended. Default: its page in the dashboard, where there is one.',
        ),
    })
    .refine(
      ({ app, token }) => (app === undefined) !== (token === undefined),
      'must have `app` or `token`, and not both',
    ),
]);

const registryLogin = z.strictObject({
  username: field.userName.describe('The name there.'),
  password: field.secretReference.describe('Read where it is used.'),
});

const gitLogin = z.strictObject({
  username: field.userName.optional().describe('Default: x-access-token.'),
  password: field.secretReference.describe('Read where it is used.'),
});

const approval = z.strictObject({
  required: z.boolean().describe('Whether somebody must approve.'),
  quorum: field.wholeNumber(1, 20).optional().describe('How many people must approve at least. Default: 1.'),
  groups: field.distinct(field.group).optional().describe('Who may approve. At least one where approval is required.'),
  expires: field.duration('1m', '30d').optional().describe('How long a release may wait at most. Default: 24h.'),
  remind: field.remind
    .optional()
    .describe(`How often people are reminded, ${mostReminders} times at most. Default: never.`),
  escalate: field.escalate.optional().describe('Others who may approve after a while. Default: nobody.'),
  excludeRequester: z.boolean().optional().describe('Whoever asked for the release may not approve it. Default: true.'),
  excludeAuthors: z
    .boolean()
    .optional()
    .describe('Whoever has written commits of the release may not approve it. Default: false.'),
});

const scan = z.strictObject({
  failOn: field.distinct(field.severity).optional().describe('Severities that must fail. Default: CRITICAL and HIGH.'),
  unknownSeverity: z
    .enum(['fail', 'pass'])
    .optional()
    .describe('Whether a finding whose severity nobody knows fails, whatever `failOn` says. Default: fail.'),
  images: z.boolean().optional().describe('Images must be scanned. Default: true.'),
  secrets: z.boolean().optional().describe('Secrets must be looked for. Default: true.'),
  exceptions: z
    .strictObject({
      allowed: z.boolean().describe('Whether there may be any.'),
      longestDays: field.wholeNumber(1, 3_650).optional().describe('How far away the last day may be. Default: 90.'),
    })
    .optional()
    .describe('Findings that slipway.yaml may except. Default: none are allowed.'),
});

const environment = z.strictObject({
  clusters: field
    .distinct(field.name)
    .min(1, 'must name at least one cluster')
    .describe('Clusters that may be deployed to.'),
  registry: field.registry.describe('`host[:port][/prefix]`: where images are pushed and pulled.'),
  imagesFrom: field
    .distinct(field.registry)
    .optional()
    .describe('`host[:port][/prefix]` that images built elsewhere may come from. Default: `registry`.'),
  promotedFrom: field
    .distinct(field.name)
    .min(1, 'must name at least one environment')
    .optional()
    .describe('Environments that images must be promoted from. Default: they may be built.'),
  promotedWithin: field
    .duration('1m', '365d')
    .optional()
    .describe('How long ago what is promoted may have been verified at most. Default: any time.'),
  promotedAfter: field
    .duration('0s', '30d')
    .optional()
    .describe(
      'What is verified in the first of `promotedFrom` for so long is released here by itself. Default: never.',
    ),
  approval: approval.describe('The least that is asked of an approval.'),
  scan: scan.optional().describe('The least that must fail the scan.'),
  gates: field
    .distinct(gateName)
    .max(20, 'must have at most 20 entries')
    .optional()
    .describe('Gates of `gates` that every release must pass. Default: none.'),
  testsRequired: z.boolean().optional().describe('Integration tests must run. Default: true.'),
  onFailure: field
    .distinct(field.partialFailure)
    .min(1, 'must name at least one policy')
    .optional()
    .describe('Allowed failure policies, the default first. Default: all, hold first.'),
  onInconclusive: field
    .distinct(field.onInconclusive)
    .min(1, 'must name at least one policy')
    .optional()
    .describe('Allowed when it cannot be told whether a region is well, the default first. Default: hold, roll-back.'),
  rollBackOnBreach: z
    .boolean()
    .optional()
    .describe('An approved plan may let the engine roll back by itself. Default: false.'),
  planMigrationsBeforeApproval: z
    .boolean()
    .optional()
    .describe('Planning runs code that nobody has approved yet. Default: false.'),
  tags: field.distinct(field.imageTag).optional().describe('Tags that may be moved. Default: none.'),
  endpointHosts: field.distinct(host).optional().describe('Hosts that may be asked. Default: none.'),
  notify: notifyEntries.optional().describe('Targets that are always told.'),
  onCall: onCall.optional().describe('Who is looked to after a failure there.'),
  access: access.optional().describe('Who may do what about releases there. Default: everybody who is known.'),
});

export const policySchema = z.strictObject({
  version: z.literal(1, forms.version).optional().describe('Of the form of this file. Default: 1.'),
  mayIgnore: field
    .distinct(field.keyPath)
    .optional()
    .describe(
      'Keys that a process of an older version, which does not know them, may ignore. `*` stands for any name.',
    ),
  clusters: z.record(field.name, cluster).describe('What the names in slipway.yaml stand for.'),
  notify: z.record(field.name, notifyTarget).optional().describe('Targets, by name.'),
  registries: z.record(field.host, registryLogin).optional().describe('Logins at image registries, by host.'),
  git: z.record(field.host, gitLogin).optional().describe('Logins at git servers by https, by host.'),
  people: people
    .optional()
    .describe('Everybody who is known, and by what each door knows them. Default: those of the file of tokens.'),
  groups: groups.optional().describe('Who is in the groups that this file names. Needed where there are `people`.'),
  gates: z
    .record(gateName, gate)
    .optional()
    .describe('Programs that look at the files of a commit, by name of the gate. Default: none.'),
  services: z.record(field.name, service).describe('Who may release, by name of the service.'),
  environments: z.record(field.name, environment).describe('What is asked of every release there, by name.'),
});

export type PolicyFile = z.infer<typeof policySchema>;
export type EnvironmentPolicy = PolicyFile['environments'][string];
export type NotifyPolicy = NonNullable<PolicyFile['notify']>[string];
export type ServicePolicy = PolicyFile['services'][string];
export type ReachPolicy = ServicePolicy['environments'][string];
export type ClusterFile = PolicyFile['clusters'][string];
