import { join } from 'node:path';
import { pickKubernetes } from './kubernetes/clusters.ts';
import type { Cluster } from './kubernetes/clusters.ts';
import type { Progress } from './kubernetes/command.ts';
import { ensureBusyboxBase, ensureDjangoBase, ensureWelcome } from './kubernetes/images.ts';
import { startIngress } from './kubernetes/ingress.ts';
import { kubectlOn } from './kubernetes/kubectl.ts';
import type { Kubectl } from './kubernetes/kubectl.ts';
import { startRelay } from './kubernetes/relay.ts';
import { hostAddressFor } from './real-regions/host-address.ts';
import { namespaceOfShop, ownerLabel, shopManifests } from './real-regions/manifests.ts';
import { djangoMigrations, effectsIn, runsIn } from './real-regions/read-back.ts';
import type { LabRegions } from './regions.ts';
import { makeShopRepository } from './shop/make-repository.ts';
import { shop, shopComponents } from './shop/pipeline-file.ts';
import type { PipelineFileOptions, ShopComponent } from './shop/pipeline-file.ts';
import type { LabRegion, Services } from './world.ts';

export interface RealShopOptions {
  /** The lab's directory: kubeconfigs, logs and the shop's git repository are made in it. */
  directory: string;
  /** Running already: nodes pull from the registry, and pods reach PostgreSQL through a relay, though both listen on loopback only. */
  services: Pick<Services, 'registry' | 'postgres'>;
  /** Contexts of existing clusters, one for each region. */
  contexts?: readonly string[];
  /** Where the contexts are; KUBECONFIG, or ~/.kube/config. */
  kubeconfig?: string;
  /** `de` and `nl` unless told otherwise. */
  names?: readonly string[];
  /** As slipway.yaml writes it. */
  bake?: string;
  onFailure?: PipelineFileOptions['onFailure'];
  /** Stops the start between two steps; what has started by then is removed. */
  signal?: AbortSignal;
  progress: Progress;
}

interface RealRegion extends LabRegion {
  kubectl: Kubectl;
  urls: Record<ShopComponent, string>;
}

type Stop = () => Promise<unknown>;

/**
 * Real Kubernetes regions with the shop in them: the given contexts, or kind, or k3d, or control planes of our own. When it cannot be
 * done, or is no longer wanted, everything is removed again before the error is thrown.
 */
export async function startRealShop(options: RealShopOptions): Promise<LabRegions> {
  const stops: Stop[] = [];
  const stop = async () => {
    const failures: unknown[] = [];
    for (const each of stops.splice(0).reverse()) await each().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join('\n'));
  };
  try {
    return { ...(await bringUp(options, stops)), stop };
  } catch (error) {
    await stop().catch((left: unknown) => options.progress(`not everything could be removed: ${String(left)}`));
    throw error;
  }
}

async function bringUp(options: RealShopOptions, stops: Stop[]): Promise<Omit<LabRegions, 'stop'>> {
  const { directory, services, contexts, kubeconfig, progress, names = ['de', 'nl'] } = options;
  const registry = services.registry.host;
  const [base, django, welcome] = await Promise.all([
    ensureBusyboxBase(registry, progress),
    ensureDjangoBase(registry, progress),
    ensureWelcome(registry, progress),
  ]);
  options.signal?.throwIfAborted();
  const clusters = await pickKubernetes(names, {
    directory: join(directory, 'regions'),
    registry,
    progress,
    ...(contexts && { contexts }),
    ...(kubeconfig && { kubeconfig }),
  });
  for (const cluster of clusters) stops.push(() => cluster.stop());
  options.signal?.throwIfAborted();
  const regions = await allOrNone(clusters.map((cluster) => setUpShop(cluster, welcome.pinned, options, stops)));
  options.signal?.throwIfAborted();
  const made = await makeShopRepository({
    directory: join(directory, 'shop'),
    base: base.pinned,
    django: django.pinned,
    bake: options.bake ?? '5s',
    ...(options.onFailure && { onFailure: options.onFailure }),
    regions: regions.map(({ name, urls }) => ({ name, cluster: `lab-${name}`, urls })),
  });
  return {
    kind: 'kubernetes',
    regions,
    repository: made.path,
    commits: made.commits,
    runs: async () => (await Promise.all(regions.map(({ name, kubectl }) => runsIn(name, kubectl)))).flat(),
    effects: async () =>
      (await Promise.all(regions.map(({ name, kubectl }) => effectsIn(name, kubectl, welcome.pinned)))).flat(),
    migrations: () => djangoMigrations(services.postgres.url('shop')),
  };
}

/** The shop's objects in one cluster, and the ways in and out: an ingress for each component, and a relay to the database. */
async function setUpShop(
  cluster: Cluster,
  image: string,
  { services, progress }: RealShopOptions,
  stops: Stop[],
): Promise<RealRegion> {
  const { name, kubeconfig, context } = cluster;
  const { namespace } = shop;
  const kubectl = await kubectlOn(cluster);
  const began = Date.now();
  if (cluster.maker === 'given') stops.push(await claimNamespace(cluster, kubectl));
  const databaseUrl = await databaseFor(cluster, services, stops);
  await kubectl(['apply', '-f', '-'], { input: namespaceOfShop() });
  await kubectl(['apply', '-f', '-'], { input: shopManifests({ region: name, image, databaseUrl }) });
  for (const component of shopComponents) {
    await kubectl(['rollout', 'status', `deployment/${component}`, '-n', namespace, '--timeout=120s']);
  }
  const through = cluster.podsReachable ? 'pods' : 'api';
  const ingresses = await allOrNone(
    shopComponents.map(async (service) => {
      const ingress = await startIngress({ kubeconfig, context, namespace, service, port: 0, through });
      stops.push(() => ingress.stop());
      return [service, ingress.url] as const;
    }),
  );
  progress(`${name}: the shop's Deployments are up after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  return { name, kubeconfig, context, kubectl, urls: Object.fromEntries(ingresses) as Record<ShopComponent, string> };
}

/** In a cluster that is not ours we take a namespace that nobody has, and remove it again. */
async function claimNamespace({ context }: Cluster, kubectl: Kubectl): Promise<Stop> {
  const [key = '', value = ''] = Object.entries(ownerLabel)[0] ?? [];
  const found = await kubectl.json<{ items: { metadata: { name: string; labels?: Record<string, string> } }[] }>([
    'get',
    'namespaces',
  ]);
  const taken = found.items.find(({ metadata }) => metadata.name === shop.namespace);
  if (taken && taken.metadata.labels?.[key] !== value) {
    throw new Error(
      `the cluster of ${context} has a namespace ${shop.namespace} that the lab did not make: nothing was changed there`,
    );
  }
  const remove = () =>
    kubectl(['delete', 'namespace', shop.namespace, '--ignore-not-found', '--wait=true', '--timeout=90s']);
  if (taken) await remove(); // left by a run that was killed
  return remove;
}

/** PostgreSQL stays on loopback: each region gets a relay on the one address by which its pods know this machine. */
async function databaseFor(
  cluster: Cluster,
  { postgres }: RealShopOptions['services'],
  stops: Stop[],
): Promise<string> {
  const host = await hostAddressFor(cluster);
  const url = new URL(postgres.url('shop', { host }));
  if (host === 'host.docker.internal') return url.href; // Docker passes that name on to our loopback by itself
  const relay = await startRelay(host, { host: '127.0.0.1', port: postgres.port });
  stops.push(() => relay.stop());
  url.port = String(relay.port);
  return url.href;
}

/** Waits for all before the first failure is thrown: nothing may go on starting while others are being removed. */
async function allOrNone<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}
