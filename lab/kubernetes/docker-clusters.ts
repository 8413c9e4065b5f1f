import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cluster } from './clusters.ts';
import { attempt, run } from './command.ts';
import type { Progress } from './command.ts';
import { relayRegistry } from './registry-relay.ts';
import type { RegistryRelay } from './registry-relay.ts';

export interface DockerClusterRequest {
  /** Path of `kind` or `k3d`. */
  tool: string;
  docker: string;
  name: string;
  directory: string;
  registry: string;
  progress: Progress;
}

/** A cluster made by kind, whose nodes pull from the registry by the name it has on loopback. */
export async function startKindCluster(request: DockerClusterRequest): Promise<Cluster> {
  const { tool, docker, name, registry } = request;
  const cluster = `slipway-${name}`;
  const kubeconfig = join(request.directory, 'kubeconfig');
  const removal = ['delete', 'cluster', '--name', cluster, '--kubeconfig', kubeconfig];
  await mkdir(request.directory, { recursive: true });
  await attempt(tool, removal); // left by a run that was killed
  request.progress(`${name}: kind creates the cluster ${cluster}`);
  return withRelay(
    async () => void (await run(tool, removal)),
    async (holdRelay) => {
      const place = ['--name', cluster, '--kubeconfig', kubeconfig, '--config', '-', '--wait', '180s'];
      await run(tool, ['create', 'cluster', ...place], { input: await kindConfiguration(tool) });
      const relay = holdRelay(await relayRegistry(docker, 'kind', registry));
      const folder = `/etc/containerd/certs.d/${registry}`;
      const hosts = `[host."http://${relay.address}"]\n`;
      const nodes = (await run(tool, ['get', 'nodes', '--name', cluster])).stdout.split('\n').filter(Boolean);
      for (const node of nodes) {
        await run(docker, ['exec', node, 'mkdir', '-p', folder]);
        await run(docker, ['exec', '-i', node, 'cp', '/dev/stdin', `${folder}/hosts.toml`], { input: hosts });
      }
      const context = `kind-${cluster}`;
      return { name, maker: 'kind', kubeconfig, context, podsReachable: false, hostAddress: relay.hostAddress };
    },
  );
}

/** From 0.27 on, kind's nodes read /etc/containerd/certs.d by themselves, and containerd 2 does not know the old setting. */
async function kindConfiguration(kind: string): Promise<string> {
  const [major = 0, minor = 0] = (await run(kind, ['version', '-q'])).stdout.trim().split('.').map(Number);
  const patch = '[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = "/etc/containerd/certs.d"\n';
  const containerdConfigPatches = major > 0 || minor >= 27 ? [] : [patch];
  return JSON.stringify({ kind: 'Cluster', apiVersion: 'kind.x-k8s.io/v1alpha4', containerdConfigPatches });
}

/** A cluster made by k3d, in a Docker network of its own. */
export async function startK3dCluster(request: DockerClusterRequest): Promise<Cluster> {
  const { tool, docker, name, registry } = request;
  const cluster = `slipway-${name}`;
  const kubeconfig = join(request.directory, 'kubeconfig');
  const registries = join(request.directory, 'registries.yaml');
  await mkdir(request.directory, { recursive: true });
  await attempt(tool, ['cluster', 'delete', cluster]); // left by a run that was killed
  await attempt(docker, ['network', 'rm', cluster]);
  request.progress(`${name}: k3d creates the cluster ${cluster}`);
  const remove = async () => {
    await run(tool, ['cluster', 'delete', cluster]);
    await attempt(docker, ['network', 'rm', cluster]); // some versions remove it themselves
  };
  return withRelay(remove, async (holdRelay) => {
    await run(docker, ['network', 'create', cluster]);
    const relay = holdRelay(await relayRegistry(docker, cluster, registry));
    await writeFile(registries, JSON.stringify({ mirrors: { [registry]: { endpoint: [`http://${relay.address}`] } } }));
    const place = ['--network', cluster, '--registry-config', registries];
    const lean = ['--no-lb', '--k3s-arg', '--disable=traefik@server:*'];
    const aside = ['--kubeconfig-update-default=false', '--kubeconfig-switch-context=false'];
    await run(tool, ['cluster', 'create', cluster, ...place, ...lean, ...aside, '--wait', '--timeout', '180s']);
    await writeFile(kubeconfig, (await run(tool, ['kubeconfig', 'get', cluster])).stdout, { mode: 0o600 });
    const context = `k3d-${cluster}`;
    return { name, maker: 'k3d', kubeconfig, context, podsReachable: false, hostAddress: relay.hostAddress };
  });
}

/** Creates a cluster together with its way to the registry; both go when it is stopped, and when creating it fails. */
async function withRelay(
  remove: () => Promise<void>,
  create: (holdRelay: (relay: RegistryRelay) => RegistryRelay) => Promise<Omit<Cluster, 'stop'>>,
): Promise<Cluster> {
  let held: RegistryRelay | undefined;
  const stop = async () => {
    await held?.stop();
    held = undefined;
    await remove();
  };
  try {
    return { ...(await create((relay) => (held = relay))), stop };
  } catch (error) {
    await stop().catch(() => {}); // the first error is the one to tell
    throw error;
  }
}
