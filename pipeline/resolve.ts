import type { Millis, ReleaseSpec } from '../domain/contract/release.ts';
import { boundRules } from './bounds.ts';
import { environmentsOf } from './branches.ts';
import { approvalOf, breachPolicyOf, failurePolicyOf, list, scanOf, tagsOf } from './floors.ts';
import type { Comparison } from './floors.ts';
import type { Pipeline, Policy } from './load.ts';
import { hintFor } from '../domain/nearest.ts';
import { notifyOf } from './notify.ts';
import { onCallOf } from './on-call.ts';
import { boundsOf } from './operator-floor.ts';
import { promotionOf } from './promotion.ts';
import { problemsOf } from './problem.ts';
import type { Finding, Path, Problem } from './problem.ts';
import { own, reachRules } from './reach.ts';
import type { Reaching } from './reach.ts';
import { floorHash, releaseFloor } from './release-floor.ts';
import { regionsOf, testsOf, wavesOf } from './regions.ts';
import { rolloutOf } from './rollout.ts';
import { componentsOf, migrationsOf } from './work.ts';

export interface Resolving {
  pipeline: Pipeline;
  policy: Policy;
  /** Must be named when the branch is released to several. */
  environment?: string | undefined;
  branch: string;
  /** Where the commit comes from: compared with what the policy says of the service. */
  repository: string;
  /** Exceptions to the scan are measured from here. */
  now: Millis;
}

export type Resolved =
  | { ok: true; spec: ReleaseSpec; planMigrationsBeforeApproval: boolean }
  | { ok: false; code: RefusalCode; problems: Problem[] };

/** Catalogue codes: refused by the policy, branch not mapped, branch mapped several times. */
export type RefusalCode = 'SLIP-CFG-3' | 'SLIP-CFG-4' | 'SLIP-CFG-5';

/** What both files say about one release, checked against each other. Tells every contradiction at once. */
export function resolveRelease(resolving: Resolving): Resolved {
  const { pipeline } = resolving;
  const chosen = chooseEnvironment(resolving);
  if (!chosen.ok) return refused(pipeline, chosen.code, [chosen.finding]);
  const judged = judge({ ...resolving, environment: chosen.environment });
  return judged.ok ? judged : refused(pipeline, 'SLIP-CFG-3', judged.findings);
}

/**
 * What the policy does not allow in the environments of the file (or in this one), for any branch that it names. What several meet is told
 * once.
 */
export function contradictions(both: Omit<Resolving, 'branch'>): Problem[] {
  const { pipeline, environment: only } = both;
  const all = only === undefined ? Object.keys(pipeline.content.environments) : [only];
  const findings = all.flatMap((environment) => {
    const judged = judge({ ...both, environment });
    return judged.ok ? [] : judged.findings;
  });
  return problemsOf(pipeline.file, findings, pipeline.locate);
}

type Judged = Extract<Resolved, { ok: true }> | { ok: false; findings: Finding[] };

function judge(judging: Reaching & { now: Millis }): Judged {
  const { pipeline, policy, environment, now } = judging;
  const findings = reachRules(judging);
  const wanted = pipeline.content.environments[environment]!;
  const floor = own(policy.content.environments, environment);
  if (floor === undefined) return { ok: false, findings };
  const reach = own(own(policy.content.services, pipeline.content.service)?.environments ?? {}, environment);
  const bounds = reach && boundsOf(reach, floor);
  const at: Comparison = { environment, pipeline, policy, wanted, floor, ...(bounds && { bounds }), findings };
  boundRules(at);
  const spec = assemble(at, now);
  if (findings.length > 0) return { ok: false, findings };
  return { ok: true, spec, planMigrationsBeforeApproval: floor.planMigrationsBeforeApproval ?? false };
}

function refused(pipeline: Pipeline, code: RefusalCode, findings: Finding[]): Resolved {
  return { ok: false, code, problems: problemsOf(pipeline.file, findings, pipeline.locate) };
}

function assemble(at: Comparison, now: Millis): ReleaseSpec {
  const { environment, pipeline, policy, wanted, floor } = at;
  const { content } = pipeline;
  const components = componentsOf(content, wanted);
  const onFailure = failurePolicyOf(at);
  const waves = wavesOf(at, onFailure.onInconclusive ?? 'hold');
  const regionsInOrder = waves.flatMap((wave) => wave.regions);
  const tests = testsOf(at);
  const policyFloor = releaseFloor(policy, { service: content.service, environment });
  const onBreach = breachPolicyOf(at);
  const promotion = promotionOf(at);
  const { groups: onCall } = onCallOf(policy, { service: content.service, environment });
  return {
    service: content.service,
    environment,
    branches: [...wanted.branches],
    registry: floor.registry,
    imagesFrom: [...(floor.imagesFrom ?? [floor.registry])],
    components,
    regions: regionsOf(at),
    waves,
    ...(tests === undefined ? {} : { tests }),
    scan: scanOf(at, now),
    ...(floor.gates?.length && { gates: [...floor.gates].sort() }),
    migrations: migrationsOf(content, regionsInOrder, components),
    approval: approvalOf(at),
    ...(onCall && { onCall: [...onCall.value] }),
    onFailure,
    ...(onBreach && { onBreach }),
    queue: wanted.queue ?? 'supersede',
    // Not for users to turn off: a rollout is done when the pods themselves report the approved digest.
    verification: { digests: true },
    tags: tagsOf(at),
    notify: notifyOf(at),
    rollout: rolloutOf(content.rollout),
    configurationHash: pipeline.hash,
    policyHash: floorHash(policyFloor),
    policyFloor,
    ...(promotion && { promotion }),
  };
}

type Chosen = { ok: true; environment: string } | { ok: false; code: RefusalCode; finding: Finding };

function chooseEnvironment({ pipeline, environment, branch }: Resolving): Chosen {
  const { environments } = pipeline.content;
  const mapped = environmentsOf(environments, branch);
  const hint = `mapped are: ${mappings(environments)}`;
  if (environment !== undefined && !Object.hasOwn(environments, environment)) {
    const near = hintFor(environment, Object.keys(environments));
    return unmapped(['environments'], `there is no environment \`${environment}\``, near ?? hint);
  }
  if (environment !== undefined && !mapped.includes(environment)) {
    const path = ['environments', environment, 'branches'];
    return unmapped(path, `the branch \`${branch}\` is not released to \`${environment}\``, hint);
  }
  const [only, ...others] = environment === undefined ? mapped : [environment];
  if (only === undefined) return unmapped(['environments'], `the branch \`${branch}\` is not released anywhere`, hint);
  if (others.length === 0) return { ok: true, environment: only };
  const message = `the branch \`${branch}\` is released to ${list(mapped)}`;
  const finding = { path: ['environments'], message, hint: 'name the environment', atKey: true };
  return { ok: false, code: 'SLIP-CFG-5', finding };
}

function unmapped(path: Path, message: string, hint: string): Chosen {
  return { ok: false, code: 'SLIP-CFG-4', finding: { path, message, hint, atKey: true } };
}

function mappings(environments: Record<string, { branches: readonly string[] }>): string {
  return Object.entries(environments)
    .map(([name, { branches }]) => `${list(branches)} → ${name}`)
    .join('; ');
}
