import { apiVersionOf, resourceTypes, type ResourceType, type Verb } from './kinds.ts';

const serverVersion = {
  major: '1',
  minor: '36',
  gitVersion: 'v1.36.3-sandbox',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: '',
  compiler: '',
  platform: 'sandbox',
};

const groups = ['apps', 'batch', 'authorization.k8s.io'];

/** What a client asks before it does anything: version, groups and resources. Undefined for any other path. */
export function discover(path: string): unknown {
  if (path === '/version') return serverVersion;
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(group) };
  if (groups.some((name) => path === `/apis/${name}`))
    return { kind: 'APIGroup', apiVersion: 'v1', ...group(path.slice(6)) };
  if (path === '/api/v1' || groups.some((name) => path === `/apis/${name}/v1`))
    return resourceList(path.split('/').slice(2).join('/'));
  return undefined;
}

function group(name: string) {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

function resourceList(groupVersion: string) {
  const types = resourceTypes.filter((type) => apiVersionOf(type) === groupVersion);
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: types.flatMap(describeType) };
}

function describeType(type: ResourceType) {
  const own = {
    name: type.plural,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: wireVerbs(type.verbs),
    shortNames: type.short,
    categories: ['all'],
  };
  const below = Object.entries(type.subresources).map(([name, sub]) => ({
    name: `${type.plural}/${name}`,
    singularName: '',
    namespaced: true,
    ...(sub.group ? { group: sub.group, version: sub.version } : {}),
    kind: sub.kind,
    verbs: wireVerbs(sub.verbs),
  }));
  const categories = ['Deployment', 'ReplicaSet', 'Pod', 'Job'].includes(type.kind) ? ['all'] : [];
  return [{ ...own, categories }, ...below];
}

function wireVerbs(verbs: Verb[]): string[] {
  return verbs.filter((verb) => verb !== 'apply');
}
