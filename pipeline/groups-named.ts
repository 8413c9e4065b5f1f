import type { Policy } from './load.ts';
import type { EnvironmentPolicy } from './policy-schema.ts';
import type { Path } from './problem.ts';

/** Every place where the policy names a group. */
export function groupsNamed({ content }: Pick<Policy, 'content'>): { group: string; path: Path }[] {
  const ofEnvironments = Object.entries(content.environments).flatMap(([name, { approval, onCall, access }]) => [
    ...ofAccess(access, ['environments', name, 'access']),
    ...each(approval.groups, ['environments', name, 'approval', 'groups']),
    ...each(approval.escalate?.to, ['environments', name, 'approval', 'escalate', 'to']),
    ...each(onCall?.groups, ['environments', name, 'onCall', 'groups']),
  ]);
  const ofServices = Object.entries(content.services).flatMap(([service, { environments }]) =>
    Object.entries(environments).flatMap(([name, { onCall, access }]) => [
      ...ofAccess(access, ['services', service, 'environments', name, 'access']),
      ...each(onCall?.groups, ['services', service, 'environments', name, 'onCall', 'groups']),
    ]),
  );
  return [...ofEnvironments, ...ofServices];
}

function ofAccess(access: EnvironmentPolicy['access'], path: Path): { group: string; path: Path }[] {
  return (['look', 'start', 'operate'] as const).flatMap((right) => each(access?.[right], [...path, right]));
}

function each(groups: readonly string[] | undefined, path: Path): { group: string; path: Path }[] {
  return (groups ?? []).map((group, index) => ({ group, path: [...path, index] }));
}
