import { z } from 'zod';
import { mostReminders } from '../domain/approval-course.ts';
import { endpoint } from './endpoint-schema.ts';
import * as field from './fields.ts';
import { forms } from './forms.ts';
import { notifyEntries } from './notify-schema.ts';

/** What `slipway.yaml` may say. Whatever is optional has its default in `defaults.ts` or in the operator's policy. */

const workload = z.strictObject({
  deployment: field.name.describe('Name of the Deployment.'),
  containers: field
    .distinct(field.name)
    .min(1, 'must name at least one container')
    .describe('Containers that get the image.'),
});

const build = z.strictObject({
  context: field.repositoryPath.optional().describe('Directory given to the build. Default: the repository.'),
  dockerfile: field.repositoryFile
    .optional()
    .describe('From the top of the repository. Default: `Dockerfile` in the context.'),
  args: field.buildArguments.optional().describe('Build arguments. They can be read from the image: no secrets.'),
});

const component = z.strictObject({
  paths: field
    .distinct(field.pathPrefix)
    .optional()
    .describe('Path prefixes that belong to the component. Without: it always changes.'),
  needs: field.distinct(field.name).optional().describe('Components that must be deployed before this one.'),
  image: field.imageRepository.describe('Repository inside the registry of the environment.'),
  build: build.optional().describe('How the image is built. Without: it is given to the release.'),
  workloads: z
    .array(workload)
    .min(1, 'must name at least one workload')
    .max(50, 'must have at most 50 entries')
    .describe('Deployments that run the image. Each belongs to one component.'),
});

const region = z.strictObject({
  cluster: field.name.describe("Name of a cluster in the operator's policy."),
  namespace: field.name.describe('Of that cluster. No two regions of the file share one.'),
  endpoints: z.record(field.name, endpoint).optional().describe('Asked after the deployment, by name.'),
  smoke: z
    .record(
      field.name,
      z.strictObject({
        args: field.moreArguments
          .optional()
          .describe("After the command's own: the address of the region, for example."),
      }),
    )
    // They run side by side.
    .refine((tests) => Object.keys(tests).length <= 10, 'must have at most 10 entries')
    .optional()
    .describe('Smoke tests that run here after the deployment, by name. Default: none.'),
});

const wave = z.strictObject({
  regions: field.distinct(field.name).min(1, 'must name at least one region').describe('Deployed to together.'),
  bake: field
    .duration('0s', '7d')
    .optional()
    .describe('How long the wave is watched after it is verified, before the next one begins. Default: 0s.'),
  every: field.duration('1s', '1h').optional().describe('How often it is looked at while it bakes. Default: 30s.'),
});

const override = z.strictObject({
  args: field.buildArguments
    .optional()
    .describe('Build arguments that are only here, or others here. The image is built for this environment alone.'),
  env: field.variables
    .optional()
    .describe(
      'Environment variables that its containers get here. What they have otherwise stays. Plain values: no secrets.',
    ),
  regions: field
    .distinct(field.name)
    .min(1, 'must name at least one region')
    .optional()
    .describe('Regions it goes to, of those of the environment. Default: all.'),
});

const approval = z.strictObject({
  required: z.boolean().optional().describe('Whether somebody must approve.'),
  quorum: field.wholeNumber(1, 20).optional().describe('How many people must approve.'),
  groups: field.distinct(field.group).optional().describe('Who may approve.'),
  expires: field.duration('1m', '30d').optional().describe('How long the release waits for approval.'),
  remind: field.remind.optional().describe(`How often people are reminded, ${mostReminders} times at most.`),
  escalate: field.escalate.optional().describe('Others who may approve after a while, of those whom the policy lets.'),
  excludeRequester: z.boolean().optional().describe('The requester may not approve.'),
  excludeAuthors: z.boolean().optional().describe('Whoever has written commits of the release may not approve.'),
});

const onFailure = z.strictObject({
  partial: field.partialFailure.describe('What happens to what is deployed already when a region fails.'),
  confirm: z.boolean().optional().describe('Ask a person before rolling back. Default: true.'),
  hold: field.duration('1m', '7d').optional().describe('How long to wait for a person. Default: 24h.'),
});

const from = z.union(
  [
    field.name,
    z.strictObject({
      environment: field.name.describe('Where they must be verified.'),
      maxAge: field
        .duration('1m', '365d')
        .optional()
        .describe('How long ago at most. Default: as the policy says, or any time.'),
    }),
  ],
  'must be the name of an environment, or `environment` with `maxAge`',
);

const environment = z.strictObject({
  branches: field.distinct(field.branch).min(1, 'must name at least one branch').describe('Branches released here.'),
  from: from
    .optional()
    .describe(
      'Promotion: the environment in which images must be verified for the same commit. Default: they are built.',
    ),
  components: field
    .distinct(field.name)
    .min(1, 'must name at least one component')
    .optional()
    .describe('Components deployed here. Default: all.'),
  overrides: z
    .record(field.name, override)
    .optional()
    .describe('What is otherwise here with a component, by its name. Default: nothing.'),
  regions: z
    .record(field.name, region)
    .refine((regions) => Object.keys(regions).length > 0, 'must name at least one region')
    .describe('Where it is deployed, by name.'),
  waves: z
    .array(wave)
    .min(1, 'must have at least one wave')
    .max(50, 'must have at most 50 entries')
    .optional()
    .describe('Order of the regions. May be left out when there is one region.'),
  tests: z.boolean().optional().describe('Run the integration tests. Default: true when there are any.'),
  approval: approval.optional().describe("Default: what the operator's policy asks for."),
  onFailure: onFailure
    .optional()
    .describe('What happens when a region fails. Default: the first that the policy allows.'),
  onInconclusive: field.onInconclusive
    .optional()
    .describe('What follows when it cannot be told whether a region is well. Default: hold.'),
  onBreach: z
    .enum(['tell', 'roll-back'])
    .optional()
    .describe('What happens when it is seen broken after it was verified. Default: tell.'),
  queue: z
    .enum(['supersede', 'fifo'])
    .optional()
    .describe('Whether a newer release replaces one that has not begun, or waits its turn. Default: supersede.'),
  tags: field
    .distinct(field.imageTag)
    .optional()
    .describe('Tags that point to the image after approval, beside the commit.'),
  notify: notifyEntries
    .optional()
    .describe("Notify targets of the operator's policy, by name or with what they are told."),
});

const tests = z.strictObject({
  compose: field.repositoryFile.describe('Compose file.'),
  service: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be the name of a compose service')
    .describe('Its exit code is the result.'),
  reports: field.distinct(field.plainFile).optional().describe('JUnit files that the tests leave, each by its name.'),
  timeout: field.duration('10s', '6h').optional().describe('How long they may take. Default: 15m.'),
});

const exception = z.strictObject({
  id: field.findingId.describe(
    'Any name of the vulnerability (CVE, GHSA, RUSTSEC, PYSEC, GO…); for a place in a file `rule:path:fingerprint`, as the scan names it.',
  ),
  reason: field.line.describe('Why it does no harm, for whoever reads this later.'),
  expires: z.iso.date(forms.date).describe('Last day (UTC) on which it counts.'),
  environments: field
    .distinct(field.name)
    .min(1, 'must name at least one environment')
    .optional()
    .describe('Where it counts. Default: in all.'),
});

const scan = z.strictObject({
  images: z.boolean().optional().describe('Scan images for vulnerabilities.'),
  secrets: z.boolean().optional().describe('Look for secrets in the repository.'),
  failOn: field
    .distinct(field.severity)
    .min(1, 'must name at least one severity')
    .optional()
    .describe("Severities that fail the scan. Default: the policy's."),
  exceptions: z
    .array(exception)
    .max(500, 'must have at most 500 entries')
    .optional()
    .describe('Findings that do not count, as far as the policy allows any.'),
});

const migration = z.strictObject({
  database: field.name.describe('Names the database: it is migrated once, whichever regions use it.'),
  region: field.name.describe('In whose cluster the Job runs.'),
  component: field.name.describe('Whose image holds the migrations.'),
  commands: z
    .strictObject({
      plan: field.command.optional().describe('Prints what is pending.'),
      modelsWithoutMigration: field.command.optional().describe('Fails when a model has no migration.'),
      apply: field.command.describe('Applies what is pending.'),
      verify: field.command.optional().describe('Fails when something is still pending.'),
    })
    .describe('Lists of arguments: no shell reads them.'),
  like: z
    .union(
      [
        z.literal(false),
        z.strictObject({
          deployment: field.name.describe('The Deployment.'),
          container: field.name.describe('One of its containers.'),
        }),
      ],
      'must be `false`, or name a `deployment` and a `container`',
    )
    .optional()
    .describe('Whose settings the Jobs borrow. Default: the first workload of the component.'),
  envFrom: field.distinct(field.objectName).optional().describe('Kubernetes secrets the Job gets as environment.'),
  planEnvFrom: field
    .distinct(field.objectName)
    .optional()
    .describe(
      'The same for planning, which then borrows no environment, volumes or service account. Default: envFrom.',
    ),
  env: field.variables.optional().describe('Plain values: no secrets.'),
  lockTimeout: field.durationOrOff('1s', '10m').optional().describe('How long to wait for a lock. Default: 5s.'),
  timeout: field.duration('10s', '24h').optional().describe('How long all of it may take. Default: 30m.'),
});

const smokeTest = z.strictObject({
  component: field.name.describe('In whose image, as it was just deployed, the program is.'),
  command: field.command.describe('A list of arguments: no shell reads it.'),
  report: z
    .literal('junit', 'must be `junit`, or left out')
    .optional()
    .describe('What it prints holds a JUnit report. Default: its exit code alone counts.'),
  env: field.variables.optional().describe('Plain values, all that it gets: no secrets.'),
  timeout: field.duration('10s', '1h').optional().describe('How long it may take. Default: 5m.'),
});

const trouble = field.duration('0s', '6h').optional();
const rollout = z.strictObject({
  timeout: field.duration('10s', '6h').optional().describe('How long one Deployment may take. Default: 10m.'),
  imagePull: trouble.describe('How long images may fail to be pulled. Default: a quarter of the timeout.'),
  scheduling: trouble.describe('How long pods may find no node. Default: three quarters of the timeout.'),
  start: trouble.describe('How long containers may fail to be created or started. Default: a tenth of the timeout.'),
  crash: trouble.describe('How long every pod may crash and be restarted. Default: 0s, that is, twice.'),
  steady: trouble.describe('How long containers without a readiness probe must run until they are believed.'),
});

export const pipelineSchema = z.strictObject({
  version: z.literal(1, forms.version).optional().describe('Of the form of this file. Default: 1.'),
  service: field.name.describe('Name of the service, as the policy knows it.'),
  components: z
    .record(field.name, component)
    .refine((components) => Object.keys(components).length > 0, 'must name at least one component')
    .describe('What is built and deployed, by name.'),
  environments: z
    .record(field.name, environment)
    .refine((environments) => Object.keys(environments).length > 0, 'must name at least one environment')
    .describe('Where it goes, by name.'),
  tests: tests.optional().describe('Integration tests. Default: none.'),
  scan: scan.optional().describe("What fails the scan, and exceptions. Default: the policy's."),
  migrations: z
    .array(migration)
    .max(50, 'must have at most 50 entries')
    .optional()
    .describe('Database migrations. Default: none.'),
  smoke: z
    .record(field.name, smokeTest)
    .optional()
    .describe('Programs that test a region after it was deployed to, by name. Each runs where a region names it.'),
  rollout: rollout.optional().describe('How long a Deployment may take, and its troubles may last.'),
  notify: notifyEntries.optional().describe('Told about every environment.'),
});

export type PipelineFile = z.infer<typeof pipelineSchema>;
export type EnvironmentFile = PipelineFile['environments'][string];
export type OverrideFile = NonNullable<EnvironmentFile['overrides']>[string];
export type WaveFile = NonNullable<EnvironmentFile['waves']>[number];
export type SmokeTestFile = NonNullable<PipelineFile['smoke']>[string];
export type MigrationFile = NonNullable<PipelineFile['migrations']>[number];
