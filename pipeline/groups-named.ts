import type { Policy } from './load.ts';
import type { Path } from './problem.ts';

/** Every place where the policy names a group. */
export function groupsNamed({ content }: Pick<Policy, 'content'>): { group: string; path: Path }[] {
  const ofEnvironments = Object.entries(content.environments).flatMap(([name, { approval, onCall }]) => [
    ...each(approval.groups, ['environments', name, 'approval', 'groups']),
    ...each(onCall?.groups, ['environments', name, 'onCall', 'groups']),
  ]);
  const ofServices = Object.entries(content.services).flatMap(([service, { environments }]) =>
    Object.entries(environments).flatMap(([name, { onCall }]) =>
      each(onCall?.groups, ['services', service, 'environments', name, 'onCall', 'groups']),
    ),
  );
  return [...ofEnvironments, ...ofServices];
}

function each(groups: readonly string[] | undefined, path: Path): { group: string; path: Path }[] {
  return (groups ?? []).map((group, index) => ({ group, path: [...path, index] }));
}
