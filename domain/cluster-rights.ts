/** One thing that an identity may be let do in a namespace, by the words of the cluster's roles. */
export interface Right {
  group: '' | 'apps' | 'batch';
  /** With its subresource: `pods/log`. */
  resource: string;
  verb: string;
  /** Of one object alone: a role may let somebody change some by name. */
  name?: string;
}

/** What setting images of these Deployments, and watching what comes of it, takes. */
export function rolloutRights(deployments: readonly string[]): Right[] {
  return [
    ...deployments.flatMap((name) => ['get', 'patch'].map((verb) => deploymentRight(verb, name))),
    { group: 'apps', resource: 'replicasets', verb: 'list' },
    { group: '', resource: 'pods', verb: 'list' },
  ];
}

/** What running Jobs takes; `like`: the Deployment from which they borrow. */
export function jobRights(like?: string): Right[] {
  return [
    ...['create', 'get', 'list', 'delete'].map((verb): Right => ({ group: 'batch', resource: 'jobs', verb })),
    ...['list', 'watch'].map((verb): Right => ({ group: '', resource: 'pods', verb })),
    { group: '', resource: 'pods/log', verb: 'get' },
    ...(like === undefined ? [] : [deploymentRight('get', like)]),
  ];
}

/** What running smoke tests takes: each is found by its name, and nobody asks later what has become of its pod. */
export function smokeRights(like: string): Right[] {
  return jobRights(like).filter(({ resource, verb }) => verb !== 'watch' && !(resource === 'jobs' && verb === 'list'));
}

const deploymentRight = (verb: string, name: string): Right => ({ group: 'apps', resource: 'deployments', verb, name });

/** The rules of a Role that would give these rights, one for each resource, in the order of the first of each. */
export function rulesFor(rights: readonly Right[]): string[] {
  const alike = Map.groupBy(rights, ({ group, resource }) => `${group} ${resource}`);
  return [...alike.values()].map((those) => {
    const { group, resource } = those[0]!;
    const verbs = [...new Set(those.map(({ verb }) => verb))].join(', ');
    return `{ apiGroups: [${group || "''"}], resources: [${resource}], verbs: [${verbs}] }`;
  });
}
