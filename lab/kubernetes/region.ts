/**
 * A region: one real Kubernetes cluster on this machine, with its own control plane and one node that runs real
 * containers. Several stand side by side. The recipe, and why each odd setting is there:
 *
 * - The node's address belongs to a bridge made first. A node may not report a loopback address, and the kubelet refuses
 *   to listen on an address no interface has. Everything else listens on loopback.
 * - Every region has a containerd of its own (root, state, socket, CNI configuration, runc root). With a shared one,
 *   each kubelet takes the other's containers for orphans and removes them.
 * - `podLogsDir` is the region's own for the same reason: with the shared default each kubelet deletes the other's logs.
 * - containerd's `restrict_oom_score_adj`: without CAP_SYS_RESOURCE no score may be lowered, and every sandbox fails;
 *   runc says only "can't get final child's PID".
 * - `netns_mounts_under_state_dir` keeps network namespaces where a clean-up knows whose they are.
 * - `cgroupsPerQOS: false` and no `enforceNodeAllocatable`: the machine's cgroups may be the old (v1) or a hybrid kind,
 *   which is also why `failCgroupV1` is off, and why runc and not crun is the runtime (crun refuses the hybrid kind).
 * - `makeIPTablesUtilChains: false`, no masquerading, no kube-proxy: not one iptables rule is made. The price: no
 *   cluster addresses and no DNS in pods. They reach this machine at the node's address, and are reached by pod address.
 * - `localStorageCapacityIsolation: false` and low eviction thresholds: a shared, well-filled disk must not evict pods.
 * - `--endpoint-reconciler-type=none`: the API listens on loopback, which is no endpoint for pods.
 */
import { mkdir, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openApi } from './api.ts';
import { ensureKubernetesBinaries } from './binaries.ts';
import type { KubernetesBinaries } from './binaries.ts';
import { makeCertificates } from './certificates.ts';
import { cleanUpRegion, isAbandoned } from './clean-up.ts';
import type { Progress } from './command.ts';
import { prepareControlPlane } from './control-plane.ts';
import { enterHost } from './host.ts';
import { createBridge, IndexTaken, networkOf, pickPorts } from './network.ts';
import type { RegionNetwork } from './network.ts';
import { prepareNode } from './node.ts';
import { ensureCniPlugins, ensurePrograms } from './packages.ts';
import { pathsOf } from './paths.ts';
import { startService } from './processes.ts';
import type { RunningService, Service } from './processes.ts';
import { answers, nodeIsReady, until } from './readiness.ts';
import { newState, readState, writeState } from './state.ts';

export interface RegionOptions {
  /** The node's and the cluster's name: a DNS label. */
  name: string;
  /** Tells regions of one machine apart (addresses, ports, bridge): 0 to 99, no two at once. */
  index: number;
  /** The region's own directory: kubeconfig, logs, state. */
  directory: string;
  /** host:port of a registry on loopback; it must hold the image `sandboxImage` names. */
  registry: string;
  /** Repository and tag of the image that holds a pod's namespaces open. */
  sandboxImage?: string;
  progress: Progress;
}

export interface RealRegion {
  name: string;
  /** The API server's address on loopback. */
  server: string;
  /** Path of a kubeconfig with administrator rights; its current context has the region's name. */
  kubeconfig: string;
  /** This machine, as the region's pods see it: what listens here is reachable for them. */
  nodeAddress: string;
  podCidr: string;
  /** Removes everything the region made, apart from its logs. May be repeated. */
  stop(): Promise<void>;
}

/** Throws unless the name can be a node's name. */
export function checkName(name: string): void {
  if (!/^[a-z]([-a-z0-9]{0,40}[a-z0-9])?$/.test(name))
    throw new Error(`'${name}' cannot name a region: use a DNS label of at most 42 characters`);
}

/** Starts a region and waits until its node can run pods (about fifteen seconds). On failure nothing is left behind but logs. */
export async function startRegion(options: RegionOptions): Promise<RealRegion> {
  checkName(options.name);
  if (process.getuid?.() !== 0)
    throw new Error('a region of our own needs root: it makes a network bridge and runs containers');
  const network = networkOf(options.index);
  const directory = resolve(options.directory);
  await ensurePrograms(['containerd', 'runc', 'ip', 'openssl'], options.progress);
  const cniPlugins = await ensureCniPlugins(options.progress);
  const binaries = await ensureKubernetesBinaries(options.progress);
  if (await isAbandoned(directory)) await cleanUpRegion(directory);
  else if (await readState(directory)) throw new Error(`a region runs in ${directory} already`);
  await mkdir(directory, { recursive: true });
  await claim(network, directory, options);
  try {
    return await bringUp({ ...options, directory }, network, binaries, cniPlugins);
  } catch (error) {
    await cleanUpRegion(directory);
    throw error;
  }
}

/** Takes the index, also from a region whose owner was killed. */
async function claim(network: RegionNetwork, directory: string, options: RegionOptions): Promise<void> {
  await writeState(directory, await newState(options.name, options.index)); // first: a bridge always has an owner with a state
  try {
    await createBridge(network, directory).catch(async (error: unknown) => {
      if (!(error instanceof IndexTaken) || !error.owner || !(await isAbandoned(error.owner))) throw error;
      options.progress(`${options.name}: cleaning up a region left in ${error.owner}`);
      await cleanUpRegion(error.owner);
      await createBridge(network, directory);
    });
  } catch (error) {
    await rm(pathsOf(directory).state, { force: true });
    throw error;
  }
}

async function bringUp(
  options: RegionOptions,
  network: RegionNetwork,
  binaries: KubernetesBinaries,
  cniPlugins: string,
): Promise<RealRegion> {
  const { name, index, directory, registry, progress } = options;
  const paths = pathsOf(directory);
  const began = Date.now();
  const say = (what: string) => progress(`${name}: ${what} after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  await enterHost(paths.run);
  for (const folder of [paths.logs, paths.configuration]) await mkdir(folder, { recursive: true });
  const certificates = await makeCertificates(paths.certificates, {
    name,
    address: network.nodeAddress,
    serviceAddress: network.serviceAddress,
  });
  const [etcd = 0, etcdPeer = 0, apiserver = 0] = await pickPorts(index, 3);
  const controlPlane = await prepareControlPlane({
    name,
    binaries,
    paths,
    certificates,
    network,
    ports: { etcd, etcdPeer, apiserver },
  });
  const sandboxImage = `${registry}/${options.sandboxImage ?? 'lab/pause:1'}`;
  const node = await prepareNode({
    name,
    server: controlPlane.server,
    registry,
    sandboxImage,
    cniPlugins,
    binaries,
    paths,
    certificates,
    network,
  });

  const state = await newState(name, index);
  const running: RunningService[] = [];
  const start = async (service: Service) => {
    const started = await startService(service);
    running.push(started);
    state.processes.push({ name: started.name, pid: started.pid, birth: started.birth });
    await writeState(directory, state);
  };
  await start(controlPlane.etcd);
  await start(controlPlane.apiserver);
  await start(node.containerd);
  const api = await openApi(paths.kubeconfig);
  try {
    await until(`${name}: the API answers`, running, () => answers(api, '/readyz'));
    say('API ready');
    for (const service of [...controlPlane.controllers, node.kubelet]) await start(service);
    await until(`${name}: the node is ready`, running, () => nodeIsReady(api, name));
    // pods are refused until a namespace has it
    await until(`${name}: the default service account exists`, running, () =>
      answers(api, '/api/v1/namespaces/default/serviceaccounts/default'),
    );
    say('node ready');
  } finally {
    api.close();
  }
  return {
    name,
    server: controlPlane.server,
    kubeconfig: paths.kubeconfig,
    nodeAddress: network.nodeAddress,
    podCidr: network.podCidr,
    stop: () => cleanUpRegion(directory),
  };
}
