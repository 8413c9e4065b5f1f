import { looksFirst } from '../domain/plan-bounds.ts';
import { namesSecret } from '../domain/secret-shapes.ts';
import type { Millis } from '../domain/contract/release.ts';
import { overlaps } from './branch-overlaps.ts';
import { isDeployedIn } from './deployed-where.ts';
import type { Pipeline, Policy } from './load.ts';
import { deafEntries, deafInBoth } from './notify-warnings.ts';
import type { PipelineFile } from './pipeline-schema.ts';
import { problemsOf } from './problem.ts';
import type { Finding, Path, Problem } from './problem.ts';
import { own } from './reach.ts';

/**
 * What may be meant, and seldom is: for whoever checks a file, who can tell. No release is refused for it, and no process of the engine asks;
 * what comes with time (an exception that is over) must not make a file invalid by itself.
 */
export function pipelineWarnings(pipeline: Pipeline, now: Millis): Problem[] {
  const { content } = pipeline;
  const findings = [
    ...overlaps(pipeline),
    ...secretNames(content),
    ...unusedSmoke(content),
    ...pastExceptions(content, now),
    ...deafEntries(pipeline),
  ];
  return problemsOf(pipeline.file, findings, pipeline.locate);
}

function secretNames({ components, environments, migrations = [], smoke = {} }: PipelineFile): Finding[] {
  const arguments_ = Object.entries(components).flatMap(([name, { build }]) =>
    named(['components', name, 'build', 'args'], build?.args, inImage),
  );
  const overridden = Object.entries(environments).flatMap(([environment, { overrides = {} }]) =>
    Object.entries(overrides).flatMap(([name, { args, env }]) => [
      ...named(['environments', environment, 'overrides', name, 'args'], args, inImage),
      ...named(['environments', environment, 'overrides', name, 'env'], env, inRepository),
    ]),
  );
  const variables = migrations.flatMap(({ env }, index) => named(['migrations', index, 'env'], env, inRepository));
  const ofTests = Object.entries(smoke).flatMap(([name, { env }]) =>
    named(['smoke', name, 'env'], env, inRepository, 'if it is one, take it out: smoke tests get no secrets'),
  );
  return [...arguments_, ...overridden, ...variables, ...ofTests];
}

/** A test runs where it is named, and this one nowhere. */
function unusedSmoke({ smoke = {}, environments }: PipelineFile): Finding[] {
  const regions = Object.values(environments).flatMap(({ regions }) => Object.values(regions));
  const used = new Set(regions.flatMap(({ smoke: tests = {} }) => Object.keys(tests)));
  return Object.keys(smoke)
    .filter((name) => !used.has(name))
    .map((name) => ({
      path: ['smoke', name],
      message: `the smoke test \`${name}\` runs nowhere: no region names it`,
      hint: `name it in a region, \`smoke: { ${name}: {} }\``,
      atKey: true,
    }));
}

const inImage = 'build arguments can be read from the image';
const inRepository = 'this file is read by everybody who can read the repository';
const asOthers = 'if it is one, take it out: programs and migrations get secrets from Kubernetes (`envFrom`)';

function named(path: Path, values: Record<string, string> = {}, why: string, hint = asOthers): Finding[] {
  return Object.entries(values)
    .filter(([name, value]) => namesSecret(name) && value !== '')
    .map(([name]) => ({
      path: [...path, name],
      message: `\`${name}\` is called like a secret, and ${why}`,
      hint,
    }));
}

/** Counts on its last day, as in the scan. */
function pastExceptions({ scan }: PipelineFile, now: Millis): Finding[] {
  const today = new Date(now).toISOString().slice(0, 10);
  return (scan?.exceptions ?? []).flatMap(({ id, expires }, index): Finding[] =>
    expires >= today
      ? []
      : [
          {
            path: ['scan', 'exceptions', index, 'expires'],
            message: `the exception for ${id} ended with ${expires}: what it excused counts in the scan again`,
            hint: 'take it out, or look again and give it another last day',
          },
        ],
  );
}

/** What only both files together show. */
export function sharedWarnings(pipeline: Pipeline, policy: Policy): Problem[] {
  const { environments, migrations = [] } = pipeline.content;
  const unseen = Object.entries(environments).flatMap(([name, wanted]) => {
    const floor = own(policy.content.environments, name);
    const approved = (wanted.approval?.required ?? false) || (floor?.approval.required ?? false);
    if (!floor || !approved || floor.planMigrationsBeforeApproval) return [];
    const { line } = policy.locate(['environments', name, 'planMigrationsBeforeApproval']);
    return migrations.flatMap((migration, index): Finding[] => {
      if (!isDeployedIn(wanted, migration.component, migration.region) || !looksFirst(migration)) return [];
      return [
        {
          path: ['migrations', index],
          message: `who approves is not shown what is pending in \`${migration.database}\`: nothing is planned before approval`,
          hint: 'the operator can say `planMigrationsBeforeApproval: true`, best with secrets that can only read (`planEnvFrom`)',
          by: `${policy.file}:${line}`,
        },
      ];
    });
  });
  return problemsOf(pipeline.file, [...unseen, ...deafInBoth(pipeline, policy)], pipeline.locate);
}
