import { branchMatches, patternWithin } from './branches.ts';
import { list } from './floors.ts';
import type { Pipeline, Policy } from './load.ts';
import { hintFor } from '../domain/nearest.ts';
import type { ReachPolicy, ServicePolicy } from './policy-schema.ts';
import type { Finding, Path } from './problem.ts';

export interface Reaching {
  pipeline: Pipeline;
  policy: Policy;
  environment: string;
  /** Undefined: all that slipway.yaml names for the environment. */
  branch?: string | undefined;
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
    return [...findings, ...branchRules(reaching, allowed), ...namespaceRules(reaching, allowed)];
  const at = lineOf(policy, ['services', name, 'environments']);
  const only = list(Object.keys(service.environments));
  const message = `\`${name}\` may not be released to \`${environment}\`, only to ${only}`;
  return [...findings, { path: ['environments', environment], message, atKey: true, by: at }];
}

function repositoryRule({ pipeline, policy, repository }: Reaching, service: ServicePolicy): Finding[] {
  const { service: name } = pipeline.content;
  if (plainRepository(service.repository) === plainRepository(repository)) return [];
  const stated = `${service.repository} (${lineOf(policy, ['services', name, 'repository'])})`;
  const message = `\`${name}\` is released from ${stated}, not from ${withoutCredentials(repository)}`;
  return [{ path: ['service'], message }];
}

/** slipway.yaml is on the branch itself, so that whoever may push any branch can map it anywhere: the policy has to agree. */
function branchRules(reaching: Reaching, { branches: allowed }: ReachPolicy): Finding[] {
  const { pipeline, environment, branch } = reaching;
  const named = pipeline.content.environments[environment]!.branches;
  const refused = (entry: string, index: number): Finding => {
    const subject = entry.includes('*') ? `\`${entry}\` fits branches that` : `the branch \`${entry}\``;
    const message = `${subject} may not be released to \`${environment}\`, the policy allows ${list(allowed)}`;
    const path = ['environments', environment, 'branches', index];
    return { path, message, by: reachLine(reaching, 'branches') };
  };
  if (branch === undefined) {
    return named.flatMap((entry, index) => (patternWithin(entry, allowed) ? [] : [refused(entry, index)]));
  }
  if (allowed.some((pattern) => branchMatches(pattern, branch))) return [];
  return [
    refused(
      branch,
      named.findIndex((pattern) => branchMatches(pattern, branch)),
    ),
  ];
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
