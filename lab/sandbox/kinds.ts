import type { KindName } from './types.ts';

/** Subresources are keyed by name; the verbs are what the sandbox answers, everything else is 501. */
export interface ResourceType {
  kind: KindName;
  group: '' | 'apps' | 'batch' | 'authorization.k8s.io';
  plural: string;
  singular: string;
  short: string[];
  namespaced: boolean;
  verbs: Verb[];
  subresources: Record<string, { kind: string; group: string; version: string; verbs: Verb[] }>;
}

/** `apply` is a server-side apply; on the wire it is a PATCH like the other patches. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete';

const look: Verb[] = ['get', 'list', 'watch'];

export const resourceTypes: ResourceType[] = [
  {
    kind: 'Deployment',
    group: 'apps',
    plural: 'deployments',
    singular: 'deployment',
    short: ['deploy'],
    namespaced: true,
    verbs: [...look, 'create', 'update', 'patch', 'apply', 'delete'],
    subresources: { scale: { kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get', 'update', 'patch'] } },
  },
  {
    kind: 'ReplicaSet',
    group: 'apps',
    plural: 'replicasets',
    singular: 'replicaset',
    short: ['rs'],
    namespaced: true,
    verbs: look,
    subresources: {},
  },
  {
    kind: 'Pod',
    group: '',
    plural: 'pods',
    singular: 'pod',
    short: ['po'],
    namespaced: true,
    verbs: [...look, 'delete'],
    subresources: {
      log: { kind: 'Pod', group: '', version: 'v1', verbs: ['get'] },
      eviction: { kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
    },
  },
  {
    kind: 'Job',
    group: 'batch',
    plural: 'jobs',
    singular: 'job',
    short: [],
    namespaced: true,
    verbs: [...look, 'create', 'delete'],
    subresources: {},
  },
  {
    kind: 'Event',
    group: '',
    plural: 'events',
    singular: 'event',
    short: ['ev'],
    namespaced: true,
    verbs: look,
    subresources: {},
  },
  {
    kind: 'Secret',
    group: '',
    plural: 'secrets',
    singular: 'secret',
    short: [],
    namespaced: true,
    verbs: ['get', 'create'],
    subresources: {},
  },
  {
    kind: 'ConfigMap',
    group: '',
    plural: 'configmaps',
    singular: 'configmap',
    short: ['cm'],
    namespaced: true,
    verbs: ['get', 'create'],
    subresources: {},
  },
  {
    kind: 'ServiceAccount',
    group: '',
    plural: 'serviceaccounts',
    singular: 'serviceaccount',
    short: ['sa'],
    namespaced: true,
    verbs: ['get', 'create'],
    subresources: {},
  },
  {
    kind: 'SelfSubjectAccessReview',
    group: 'authorization.k8s.io',
    plural: 'selfsubjectaccessreviews',
    singular: 'selfsubjectaccessreview',
    short: [],
    namespaced: false,
    verbs: ['create'],
    subresources: {},
  },
  {
    kind: 'Namespace',
    group: '',
    plural: 'namespaces',
    singular: 'namespace',
    short: ['ns'],
    namespaced: false,
    verbs: [...look, 'create'],
    subresources: {},
  },
];

export function resourceType(kind: KindName): ResourceType {
  return resourceTypes.find((type) => type.kind === kind) as ResourceType;
}

/** `deployments.apps`, `pods`: how the API server names a resource in its messages. */
export function qualifiedName(type: ResourceType): string {
  return type.group ? `${type.plural}.${type.group}` : type.plural;
}

export function apiVersionOf(type: ResourceType): string {
  return type.group ? `${type.group}/v1` : 'v1';
}
