import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';

/**
 * Every place a region writes to. Sockets and container state live under /run and /var/lib with a short name, because a
 * unix socket's path may have no more than 107 characters and overlayfs wants a real disk below it; everything a person
 * may want to read (kubeconfig, logs) is in the region's own directory.
 */
export function pathsOf(directory: string) {
  const home = resolve(directory);
  const id = createHash('sha256').update(home).digest('hex').slice(0, 10);
  const runDirectory = `/run/slipway/${id}`;
  const dataDirectory = `/var/lib/slipway/${id}`;
  return {
    home,
    state: join(home, 'state.json'),
    logs: join(home, 'logs'),
    certificates: join(home, 'certificates'),
    kubeconfig: join(home, 'kubeconfig'),
    etcd: join(home, 'etcd'),
    configuration: join(home, 'configuration'),
    run: runDirectory,
    data: dataDirectory,
    socket: `${runDirectory}/containerd.sock`,
    containerdState: `${runDirectory}/containerd`,
    containerdRoot: `${dataDirectory}/containerd`,
    runc: `${runDirectory}/runc`,
    addresses: `${dataDirectory}/addresses`,
    kubelet: `${dataDirectory}/kubelet`,
    podLogs: `${dataDirectory}/pod-logs`,
  };
}

export type RegionPaths = ReturnType<typeof pathsOf>;
