import type { Mistake } from './layout.ts';

/** The keys at the left edge of a text, each with what stands behind it on its line. Also of a text that is no YAML, such as a template. */
type Keys = ReadonlyMap<string, string>;

interface Kind {
  what: string;
  is: (keys: Keys) => boolean;
}

const has = (keys: Keys, ...names: string[]) => names.every((name) => keys.has(name));

/** Of which `helm create` writes most into `values.yaml`; two of them are no accident. */
const ofValues = ['replicaCount', 'image', 'imagePullSecrets', 'nameOverride', 'fullnameOverride', 'serviceAccount', 'podAnnotations', 'podSecurityContext', 'ingress', 'resources', 'autoscaling', 'nodeSelector', 'tolerations', 'affinity']; // prettier-ignore

/** The first that fits. */
const kinds: readonly Kind[] = [
  {
    what: 'an Argo CD file',
    is: (keys) => (keys.get('apiVersion') ?? '').includes('argoproj.io/') && has(keys, 'kind'),
  },
  { what: 'a Kubernetes manifest', is: (keys) => has(keys, 'apiVersion', 'kind') },
  { what: 'the Chart.yaml of a Helm chart', is: (keys) => has(keys, 'apiVersion', 'name', 'version') },
  { what: 'a GitHub workflow', is: (keys) => has(keys, 'on', 'jobs') },
  { what: 'a GitHub action', is: (keys) => has(keys, 'name', 'runs') },
  { what: 'a GitLab pipeline', is: (keys) => has(keys, 'stages') },
  { what: 'a values file of Helm', is: (keys) => ofValues.filter((key) => keys.has(key)).length >= 2 },
  { what: 'a compose file', is: (keys) => has(keys, 'services') },
];

/** A key that none of those files has, and each of ours. `service` is in many values files, as a table. */
const own = {
  pipeline: ['components', 'environments', 'migrations', 'rollout'],
  policy: ['clusters', 'environments', 'registries', 'git', 'mayIgnore'],
};

const wantedName = { pipeline: 'slipway.yaml', policy: "operator's policy file" };
const next = {
  pipeline: 'name the slipway.yaml: `slipway validate path/to/slipway.yaml`',
  policy: 'name the policy file: `slipway validate --policy-only path/to/policy.yaml`',
};

/** A file of another tool that was given for ours is told as that: nearly everything in it would be wrong. */
export function foreignFile(text: string, wanted: 'pipeline' | 'policy'): Mistake | undefined {
  const keys = topKeys(text);
  if (own[wanted].some((key) => keys.has(key)) || keys.get('service')) return undefined;
  const kind = kinds.find(({ is }) => is(keys));
  if (!kind) return undefined;
  return { line: 1, column: 1, message: `this is ${kind.what}, and no ${wantedName[wanted]}`, hint: next[wanted] };
}

/** Of the first document. */
function topKeys(text: string): Keys {
  const [first = ''] = text.replace(/^---[^\n]*\n/, '').split(/^---/m, 1);
  const found = first.matchAll(/^(["']?)([A-Za-z][\w-]{0,60})\1:(?:[ \t]+([^\s#][^\n]{0,200}))?/gm);
  return new Map([...found].map(([, , key = '', value = '']) => [key, value]));
}
