import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClusters } from '../../activities/shared/clusters.ts';
import type { Clusters } from '../../activities/shared/clusters.ts';
import type { ClusterRef, PinnedImage } from '../../domain/contract/release.ts';
import { pickKubernetes } from '../../lab/kubernetes/clusters.ts';
import { kubectlOn } from '../../lab/kubernetes/kubectl.ts';
import type { Kubectl } from '../../lab/kubernetes/kubectl.ts';
import { pushImage } from '../../lab/kubernetes/registry.ts';
import { ensureBusyboxRoot } from '../../lab/kubernetes/root-file-systems.ts';
import { startRegistry } from '../../lab/services/registry.ts';
import { tell } from './cluster-programs.ts';

type Images = Record<'good' | 'better' | 'crashing' | 'missing', PinnedImage>;

/** One real region with images in its registry; tests work in namespaces of their own. */
export interface RealRegion {
  kubectl: Kubectl;
  images: Images;
  /** A new namespace, and a worker's view of it: a service account that has exactly these rights there, and none elsewhere. */
  aNamespace(rights: readonly Right[]): Promise<RealNamespace>;
  stop(): Promise<void>;
}

export interface RealNamespace {
  namespace: string;
  clusterRef: ClusterRef;
  clusters: Clusters;
  images: Images;
  kubectl(args: string[]): Promise<{ code: number; stdout: string }>;
  createDeployment(name: string, options: { replicas: number; image: PinnedImage }): Promise<void>;
  dispose(): Promise<void>;
}

export interface Right {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

export async function startRealRegion(): Promise<RealRegion> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-region-'));
  const ends = [() => rm(directory, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const registry = await startRegistry({ directory: join(directory, 'registry'), progress: tell });
    ends.push(() => registry.stop());
    const images = await pushImages(registry.host);
    const [cluster] = await pickKubernetes(['contract'], { directory, registry: registry.host, progress: tell });
    if (!cluster) throw new Error('no region came up');
    ends.push(() => cluster.stop());
    const kubectl = await kubectlOn(cluster);
    return { kubectl, images, stop, aNamespace: (rights) => aNamespace({ kubectl, images, directory }, rights) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As small as images can be, and ending at once when they are told to. */
async function pushImages(registry: string): Promise<Images> {
  const layer = await ensureBusyboxRoot(tell);
  const push = async (tag: string, script: string) => {
    const config = { Entrypoint: ['/bin/busybox', 'sh', '-c', script], Env: ['PATH=/bin'] };
    return `${registry}/shop/api@${await pushImage({ registry, repository: 'shop/api', tag, layer, config })}`;
  };
  const wait = "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";
  return {
    good: await push('good', `: good; ${wait}`),
    better: await push('better', `: better; ${wait}`),
    crashing: await push('crashing', 'echo starting; echo no database at postgres://shop:geheim@db/shop; exit 3'),
    missing: `${registry}/shop/api@sha256:${'4'.repeat(64)}`,
  };
}

interface Place {
  kubectl: Kubectl;
  images: Images;
  directory: string;
}

async function aNamespace({ kubectl, images, directory }: Place, rights: readonly Right[]): Promise<RealNamespace> {
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  await kubectl(['create', 'namespace', namespace]);
  await kubectl(['apply', '-f', '-'], { input: { apiVersion: 'v1', kind: 'List', items: access(namespace, rights) } });
  const file = join(directory, `${namespace}.kubeconfig`);
  await writeFile(file, await kubeconfigOf(namespace, kubectl), { mode: 0o600 });
  const clusters = createClusters();
  return {
    namespace,
    clusterRef: { kind: 'kubeconfig', file },
    clusters,
    images,
    kubectl: (args) => kubectl.attempt(args),
    async createDeployment(name, options) {
      await kubectl(['create', '-f', '-'], { input: deployment(namespace, name, options) });
      await kubectl(['rollout', 'status', `deployment/${name}`, '-n', namespace, '--timeout=300s']);
    },
    async dispose() {
      await clusters.close();
      await kubectl(['delete', 'namespace', namespace, '--wait=false']);
    },
  };
}

const account = 'slipway';

function access(namespace: string, rules: readonly Right[]) {
  const metadata = { name: account, namespace };
  const subject = { kind: 'ServiceAccount', name: account, namespace };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata, rules },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      subjects: [subject],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: account },
    },
  ];
}

/** The administrator's kubeconfig with the service account's token in the place of the administrator. */
async function kubeconfigOf(namespace: string, kubectl: Kubectl): Promise<string> {
  const view = await kubectl.json<{ users: unknown[]; contexts: { context: { user: string } }[] }>([
    'config',
    'view',
    '--raw',
    '--flatten',
    '--minify',
  ]);
  const token = (await kubectl(['create', 'token', account, '-n', namespace, '--duration=2h'])).trim();
  const users = [{ name: account, user: { token } }];
  const contexts = view.contexts.map((one) => ({ ...one, context: { ...one.context, user: account } }));
  return JSON.stringify({ ...view, users, contexts });
}

/** Without a readiness probe a container counts as ready the moment it runs; the controller then waits for `minReadySeconds`. */
function deployment(namespace: string, name: string, { replicas, image }: { replicas: number; image: string }) {
  const labels = { app: name };
  const spec = { terminationGracePeriodSeconds: 1, containers: [{ name: 'api', image }] };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { replicas, minReadySeconds: 2, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}
