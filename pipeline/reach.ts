import { branchMatches } from './branches.ts';
import { list } from './floors.ts';
import type { Pipeline, Policy } from './load.ts';
import { hintFor } from './nearest.ts';
import type { ReachPolicy, ServicePolicy } from './policy-schema.ts';
import type { Finding, Path } from './problem.ts';

export interface Reaching {
  pipeline: Pipeline;
  policy: Policy;
  environment: string;
  branch: string;
  /** Where the commit comes from: compared with what the policy says of the service. */
  repository: string;
}

/** Whether the policy lets this service, from this repository and branch, reach the environment and the namespaces it names there. */
export function reachRules(reaching: Reaching): Finding[] {
  const { pipeline, policy, environment } = reaching;
  const { service: name } = pipeline.content;
  const service = own(policy.content.services, name);
  if (service === undefined) {
    const hint = hintFor(name, Object.keys(policy.content.services));
    return [{ path: ['service'], message: `the service \`${name}\` is not in ${lineOf(policy, ['services'])}`, hint }];
  }
  const findings = repositoryRule(reaching, service);
  const allowed = own(service.environments, environment);
  if (allowed !== undefined)
    return [...findings, ...branchRule(reaching, allowed), ...namespaceRules(reaching, allowed)];
  const at = lineOf(policy, ['services', name, 'environments']);
  const only = list(Object.keys(service.environments));
  const message = `\`${name}\` may not be released to \`${environment}\`, only to ${only}`;
  return [...findings, { path: ['environments', environment], message, atKey: true, by: at }];
}

/**
 * Branches to try when no release is asked for: each that slipway.yaml names exactly; where it has only patterns, one that both files
 * let pass, if one is found by taking `*` for a word.
 */
export function branchesToTry({ pipeline, policy }: Pick<Reaching, 'pipeline' | 'policy'>, environment: string) {
  const wanted = own(pipeline.content.environments, environment)?.branches ?? [];
  const exact = wanted.filter((branch) => !branch.includes('*'));
  if (exact.length > 0) return exact;
  const allowed = own(policy.content.services, pipeline.content.service)?.environments ?? {};
  const policyBranches = own(allowed, environment)?.branches ?? [];
  const samples = [...wanted, ...policyBranches].map((pattern) => pattern.replaceAll('*', 'any'));
  const passing = samples.find((branch) => fitsOne(wanted, branch) && fitsOne(policyBranches, branch));
  return [passing ?? samples[0] ?? ''];
}

function repositoryRule({ pipeline, policy, repository }: Reaching, service: ServicePolicy): Finding[] {
  const { service: name } = pipeline.content;
  if (plainRepository(service.repository) === plainRepository(repository)) return [];
  const stated = `${service.repository} (${lineOf(policy, ['services', name, 'repository'])})`;
  const message = `\`${name}\` is released from ${stated}, not from ${withoutCredentials(repository)}`;
  return [{ path: ['service'], message }];
}

/** slipway.yaml is on the branch itself, so that whoever may push any branch can map it anywhere: the policy has to agree. */
function branchRule(reaching: Reaching, { branches }: ReachPolicy): Finding[] {
  const { pipeline, environment, branch } = reaching;
  if (fitsOne(branches, branch)) return [];
  const mine = pipeline.content.environments[environment]!.branches;
  const path = ['environments', environment, 'branches', mine.findIndex((pattern) => branchMatches(pattern, branch))];
  const at = reachLine(reaching, 'branches');
  const message = `the branch \`${branch}\` may not be released to \`${environment}\`, the policy allows ${list(branches)}`;
  return [{ path, message, by: at }];
}

function namespaceRules(reaching: Reaching, { namespaces }: ReachPolicy): Finding[] {
  const { pipeline, environment } = reaching;
  const { service, environments } = pipeline.content;
  return Object.entries(environments[environment]!.regions).flatMap(([region, { namespace }]) => {
    if (namespaces.includes(namespace)) return [];
    const path = ['environments', environment, 'regions', region, 'namespace'];
    const at = reachLine(reaching, 'namespaces');
    const message = `\`${service}\` may not be deployed to the namespace \`${namespace}\``;
    return [{ path, message, by: at, hint: `the policy allows ${list(namespaces)}` }];
  });
}

function fitsOne(patterns: readonly string[], branch: string): boolean {
  return patterns.some((pattern) => branchMatches(pattern, branch));
}

function reachLine({ pipeline, policy, environment }: Reaching, key: keyof ReachPolicy): string {
  return lineOf(policy, ['services', pipeline.content.service, 'environments', environment, key]);
}

function lineOf(policy: Policy, path: Path): string {
  return `${policy.file}:${policy.locate(path).line}`;
}

/** The requester's text goes into messages that others read. */
function withoutCredentials(repository: string): string {
  return repository.replace(/\/\/[^/]*@/, '//');
}

/** The same repository is written with and without `.git` or a slash at the end; host names have no case. */
function plainRepository(repository: string): string {
  const plain = repository.replace(/(?<!\/)\/+$/, '').replace(/\.git$/, '');
  return plain.replace(/^https?:\/\/[^/]+/i, (origin) => origin.toLowerCase());
}

export function own<Value>(table: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
