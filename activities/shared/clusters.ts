import path from 'node:path';
import type { ClusterRef } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import type { ClusterConnection } from './cluster-connection.ts';
import { createEksCluster, type CredentialProvider } from './cluster-eks.ts';
import { createKubeconfigCluster } from './cluster-kubeconfig.ts';

export type { ClusterConnection } from './cluster-connection.ts';

/** Ways to clusters, one connection pool each, for as long as the worker lives. */
export interface Clusters {
  /**
   * The connection to a cluster; cheap, and to be asked anew for each piece of work: files and certificates change.
   * Throws SLIP-K8S-11 (terminal) for a reference that leads nowhere, SLIP-K8S-12 and 13 when AWS cannot be asked or refuses.
   */
  connect(ref: ClusterRef): Promise<ClusterConnection>;
  close(): Promise<void>;
}

/**
 * `kubeconfigDirectory`: where relative kubeconfig files are looked for; without it a relative file is refused.
 * `awsCredentials` replaces AWS's default chain; `now` replaces the clock (ms).
 */
export function createClusters(
  options: { kubeconfigDirectory?: string; awsCredentials?: CredentialProvider; now?: () => number } = {},
): Clusters {
  const now = options.now ?? Date.now;
  const known = new Map<string, { connect(): Promise<ClusterConnection>; close(): Promise<void> }>();

  const open = (ref: ClusterRef): { connect(): Promise<ClusterConnection>; close(): Promise<void> } => {
    switch (ref.kind) {
      case 'kubeconfig':
        return createKubeconfigCluster({ ...ref, file: locate(ref.file, options.kubeconfigDirectory) }, { now });
      case 'eks':
        return createEksCluster(ref, { now, ...(options.awsCredentials && { credentials: options.awsCredentials }) });
    }
  };
  return {
    async connect(ref) {
      const key = keyOf(ref);
      const cluster = known.get(key) ?? open(ref);
      known.set(key, cluster);
      return cluster.connect();
    },
    async close() {
      const all = [...known.values()];
      known.clear();
      await Promise.all(all.map((cluster) => cluster.close()));
    },
  };
}

function locate(file: string, directory: string | undefined): string {
  if (path.isAbsolute(file)) return file;
  if (directory === undefined)
    throw failure('SLIP-K8S-11', `this worker has no directory of kubeconfig files to look for ${file}`);
  return path.resolve(directory, file);
}

function keyOf(ref: ClusterRef): string {
  return ref.kind === 'eks'
    ? JSON.stringify([ref.kind, ref.awsRegion, ref.name, ref.roleArn ?? ''])
    : JSON.stringify([ref.kind, ref.file, ref.context ?? '']);
}
