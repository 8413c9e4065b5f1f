import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubernetesBinaries } from './binaries.ts';
import type { Certificates } from './certificates.ts';
import { findProgram } from './command.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { cniConfiguration } from './network.ts';
import type { RegionNetwork } from './network.ts';
import type { RegionPaths } from './paths.ts';
import type { Service } from './processes.ts';

export interface NodeRequest {
  name: string;
  server: string;
  registry: string;
  sandboxImage: string;
  cniPlugins: string;
  binaries: KubernetesBinaries;
  paths: RegionPaths;
  certificates: Certificates;
  network: RegionNetwork;
}

/** The region's one node: its own containerd and a kubelet. Writes their configuration, starts nothing. */
export async function prepareNode(request: NodeRequest): Promise<{ containerd: Service; kubelet: Service }> {
  const { name, server, binaries, paths, certificates, network } = request;
  const containerd = await findProgram('containerd');
  if (!containerd) throw new Error('containerd is not on PATH');
  const file = (fileName: string) => join(paths.configuration, fileName);
  const folders = [
    paths.run,
    paths.containerdRoot,
    paths.kubelet,
    paths.podLogs,
    paths.addresses,
    file('cni'),
    file(`registries/${request.registry}`),
  ];
  for (const folder of folders) await mkdir(folder, { recursive: true });
  await writeFile(file('cni/10-slipway.conflist'), JSON.stringify(cniConfiguration(network, paths.addresses)));
  await writeFile(file(`registries/${request.registry}/hosts.toml`), `server = "http://${request.registry}"\n`);
  await writeFile(file('containerd.toml'), await containerdConfiguration(request, file('cni'), file('registries')));
  await writeFile(file('kubelet.json'), JSON.stringify(kubeletConfiguration(request), undefined, 2));
  await writeKubeconfig({
    path: file('kubelet.kubeconfig'),
    cluster: name,
    server,
    authority: certificates.authority.certificate,
    client: certificates.clients.node,
  });
  return {
    containerd: {
      name: 'containerd',
      program: containerd,
      args: ['--config', file('containerd.toml')],
      log: join(paths.logs, 'containerd.log'),
    },
    kubelet: {
      name: 'kubelet',
      program: binaries.kubelet,
      args: [
        `--config=${file('kubelet.json')}`,
        `--kubeconfig=${file('kubelet.kubeconfig')}`,
        `--root-dir=${paths.kubelet}`,
        `--cert-dir=${join(paths.kubelet, 'pki')}`,
        `--hostname-override=${name}`,
        `--node-ip=${network.nodeAddress}`,
      ],
      log: join(paths.logs, 'kubelet.log'),
    },
  };
}

const OVERLAYFS = 0x794c7630;

async function containerdConfiguration(request: NodeRequest, cniFolder: string, registries: string): Promise<string> {
  const { paths } = request;
  // an overlay cannot lie on an overlay: inside a container, layers are copied instead
  const snapshotter = (await statfs(paths.containerdRoot)).type === OVERLAYFS ? 'native' : 'overlayfs';
  return `version = 2
root = ${quote(paths.containerdRoot)}
state = ${quote(paths.containerdState)}
[grpc]
  address = ${quote(paths.socket)}
[plugins."io.containerd.internal.v1.opt"]
  path = ${quote(`${paths.data}/opt`)}
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${quote(request.sandboxImage)}
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${quote(request.cniPlugins)}
    conf_dir = ${quote(cniFolder)}
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${quote(registries)}
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "${snapshotter}"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        Root = ${quote(paths.runc)}
        SystemdCgroup = false
`;
}

function kubeletConfiguration({ paths, certificates, network }: NodeRequest): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: network.nodeAddress,
    port: 10250,
    healthzPort: 0,
    tlsCertFile: certificates.kubelet.certificate,
    tlsPrivateKeyFile: certificates.kubelet.key,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificates.authority.certificate },
    },
    authorization: { mode: 'Webhook' },
    containerRuntimeEndpoint: `unix://${paths.socket}`,
    podLogsDir: paths.podLogs,
    volumePluginDir: join(paths.kubelet, 'volume-plugins'),
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    oomScoreAdj: 0,
    makeIPTablesUtilChains: false,
    localStorageCapacityIsolation: false,
    serializeImagePulls: false,
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      'memory.available': '100Mi',
      'nodefs.available': '1%',
      'nodefs.inodesFree': '1%',
      'imagefs.available': '1%',
    },
  };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
