import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { kubectlPath } from './binaries.ts';
import { attempt, findProgram, run } from './command.ts';
import { startK3dCluster, startKindCluster } from './docker-clusters.ts';
import { startRegions } from './regions.ts';
import type { RegionsOptions } from './regions.ts';

/** A Kubernetes cluster to deploy to, whoever made it. */
export interface Cluster {
  name: string;
  maker: 'given' | 'kind' | 'k3d' | 'own';
  kubeconfig: string;
  context: string;
  /** Whether this machine reaches pod addresses; otherwise an ingress goes through the API. */
  podsReachable: boolean;
  /** This machine as the pods see it: where a database that listens there is found. Unknown for clusters that were given. */
  hostAddress?: string;
  podCidr?: string;
  /** Removes what was made; a cluster that was given stays as it is. */
  stop(): Promise<void>;
}

export interface ClusterOptions extends RegionsOptions {
  /** Contexts of existing clusters, one for each name, used as they are. */
  contexts?: readonly string[];
  /** Where the contexts are; KUBECONFIG, or ~/.kube/config. */
  kubeconfig?: string;
}

/**
 * Clusters for the names: the given contexts; else made by kind or k3d where one is on PATH and Docker works; else our
 * own control planes on this machine. Says which. When one fails, the others are stopped.
 */
export async function pickKubernetes(names: readonly string[], options: ClusterOptions): Promise<Cluster[]> {
  if (options.contexts && options.contexts.length > 0)
    return givenClusters(names, options.contexts, options.kubeconfig);
  const docker = await workingDocker();
  for (const [program, start] of [
    ['kind', startKindCluster],
    ['k3d', startK3dCluster],
  ] as const) {
    const tool = docker && (await findProgram(program));
    if (!docker || !tool) continue;
    options.progress(`using ${program} (${tool}) for the clusters ${names.join(', ')}`);
    return oneAfterAnother(names, (name) =>
      start({
        tool,
        docker,
        name,
        directory: join(options.directory, name),
        registry: options.registry,
        progress: options.progress,
      }),
    );
  }
  options.progress(`no kind or k3d with a working Docker here: running our own control planes for ${names.join(', ')}`);
  const regions = await startRegions(names, options);
  return regions.map(({ name, kubeconfig, nodeAddress, podCidr, stop }) => ({
    name,
    maker: 'own',
    kubeconfig,
    context: name,
    podsReachable: true,
    hostAddress: nodeAddress,
    podCidr,
    stop,
  }));
}

async function givenClusters(
  names: readonly string[],
  contexts: readonly string[],
  kubeconfig?: string,
): Promise<Cluster[]> {
  if (contexts.length !== names.length)
    throw new Error(`${names.length} regions (${names.join(', ')}) need as many contexts, not ${contexts.length}`);
  const path = kubeconfig ?? process.env['KUBECONFIG']?.split(delimiter)[0] ?? join(homedir(), '.kube', 'config');
  const known = (
    await run(await kubectlPath(), ['--kubeconfig', path, 'config', 'get-contexts', '-o', 'name'])
  ).stdout.split('\n');
  const missing = contexts.filter((context) => !known.includes(context));
  if (missing.length > 0)
    throw new Error(
      `${path} has no context ${missing.join(', ')}; it has ${known.filter(Boolean).join(', ') || 'none'}`,
    );
  return names.map((name, position) => ({
    name,
    maker: 'given',
    kubeconfig: path,
    context: contexts[position] ?? '',
    podsReachable: false,
    stop: async () => {},
  }));
}

async function workingDocker(): Promise<string | undefined> {
  const docker = await findProgram('docker');
  if (!docker) return undefined;
  return (await attempt(docker, ['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 })) ? docker : undefined;
}

/** kind and k3d write shared files and networks when they create a cluster: not two at once. */
async function oneAfterAnother(
  names: readonly string[],
  start: (name: string) => Promise<Cluster>,
): Promise<Cluster[]> {
  const started: Cluster[] = [];
  try {
    for (const name of names) started.push(await start(name));
    return started;
  } catch (error) {
    await Promise.allSettled(started.map((cluster) => cluster.stop()));
    throw error;
  }
}
