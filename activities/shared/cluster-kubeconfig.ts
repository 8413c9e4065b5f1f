import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ClusterRef } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { ClusterAccess } from './cluster-access.ts';
import { connectTo, type ClusterConnection } from './cluster-connection.ts';

export type KubeconfigRef = Extract<ClusterRef, { kind: 'kubeconfig' }>;

/** A way to the cluster of one kubeconfig file (absolute path), which is read again whenever the file has changed. */
export function createKubeconfigCluster(
  ref: KubeconfigRef,
  options: { now: () => number },
): { connect(): Promise<ClusterConnection>; close(): Promise<void> } {
  let current: { version: string; connection: ClusterConnection } | undefined;
  return {
    async connect() {
      const version = await versionOf(ref.file);
      if (current?.version === version) return current.connection;
      const access = await load(ref);
      const old = current;
      current = {
        version,
        connection: connectTo(access, { renew: () => access.closeConnections(), now: options.now }),
      };
      await old?.connection.close();
      return current.connection;
    },
    async close() {
      await current?.connection.close();
      current = undefined;
    },
  };
}

async function versionOf(file: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(file);
    return `${mtimeMs}/${size}/${ino}`;
  } catch {
    throw failure('SLIP-K8S-11', `there is no kubeconfig file ${file}`);
  }
}

async function load(ref: KubeconfigRef): Promise<ClusterAccess> {
  const access = new ClusterAccess();
  try {
    access.loadFromString(await readFile(ref.file, 'utf8'));
    access.makePathsAbsolute(path.dirname(ref.file));
  } catch (error) {
    // The message of the YAML parser quotes the file, which holds credentials.
    throw failure(
      'SLIP-K8S-11',
      `${ref.file} is not a kubeconfig file (${error instanceof Error ? error.name : 'unreadable'})`,
    );
  }
  if (ref.context !== undefined) access.setCurrentContext(ref.context);
  const cluster = access.getCurrentCluster();
  if (!cluster)
    throw failure(
      'SLIP-K8S-11',
      `${ref.file} has no context ${JSON.stringify(access.getCurrentContext() ?? '')} with a cluster`,
    );
  const url = URL.parse(cluster.server);
  if (!url) throw failure('SLIP-K8S-11', `the server of ${ref.file} is not a URL`);
  if (url.protocol === 'http:') allowPlainHttp(access, ref, url);
  return access;
}

/** The client library takes plain HTTP only together with this switch. Credentials must not travel in the clear, so: this machine only. */
function allowPlainHttp(access: ClusterAccess, ref: KubeconfigRef, url: URL): void {
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) {
    throw failure('SLIP-K8S-11', `${ref.file} names a server without TLS: ${url.host}`);
  }
  access.clusters = access.clusters.map((cluster) => ({ ...cluster, skipTLSVerify: true }));
  if (!access.getCurrentUser()) {
    const context = access.getContextObject(access.getCurrentContext());
    if (context) access.users = [...access.users, { name: context.user }];
  }
}
