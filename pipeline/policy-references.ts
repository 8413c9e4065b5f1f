import type { PolicyFile } from './policy-schema.ts';
import type { Finding } from './problem.ts';
import { unknownName } from './unknown-name.ts';

/** What must hold between the values of a policy file. Takes content that has the right form. */
export function policyReferences({ clusters, notify = {}, services, environments }: PolicyFile): Finding[] {
  const names = Object.keys(environments);
  const fromServices = Object.entries(services).flatMap(([service, { environments: reached }]) =>
    Object.keys(reached)
      .flatMap((name) => unknownName(['services', service, 'environments', name], 'environment', name, names))
      .map((finding) => ({ ...finding, atKey: true })),
  );
  const fromEnvironments = Object.entries(environments).flatMap(([name, environment]) => {
    const path = ['environments', name];
    const { required, groups = [] } = environment.approval;
    return [
      ...environment.clusters.flatMap((cluster, index) =>
        unknownName([...path, 'clusters', index], 'cluster', cluster, Object.keys(clusters)),
      ),
      ...(environment.notify ?? []).flatMap((target, index) =>
        unknownName([...path, 'notify', index], 'notify target', target, Object.keys(notify)),
      ),
      ...(required && groups.length === 0
        ? [{ path: [...path, 'approval', 'groups'], message: 'approval is required, but no group may approve' }]
        : []),
    ];
  });
  return [...fromServices, ...fromEnvironments];
}
