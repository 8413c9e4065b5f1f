import { DescribeClusterCommand, EKSClient, ResourceNotFoundException } from '@aws-sdk/client-eks';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { ClusterRef } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { ClusterAccess } from './cluster-access.ts';
import { createCached } from './cluster-cache.ts';
import { connectTo, type ClusterConnection } from './cluster-connection.ts';
import { eksToken, type AwsCredentials } from './cluster-eks-token.ts';
import { redact } from './redact.ts';

export type EksRef = Extract<ClusterRef, { kind: 'eks' }>;
export type CredentialProvider = () => Promise<AwsCredentials>;

/** Both are refreshed well before they go stale: a token lives 15 minutes, and a cluster's CA may be rotated. */
const cacheMs = 10 * 60_000;
const usableStates = new Set(['ACTIVE', 'UPDATING']);

interface Endpoint {
  server: string;
  caData: string;
}

/** A way to one EKS cluster. `credentials` replaces AWS's default chain; `now` is a clock in ms. */
export function createEksCluster(
  ref: EksRef,
  options: { now: () => number; credentials?: CredentialProvider },
): { connect(): Promise<ClusterConnection>; close(): Promise<void> } {
  const credentials = credentialsOf(ref, options.credentials);
  const client = new EKSClient({ region: ref.awsRegion, ...(credentials && { credentials }) });
  const endpoint = createCached({ make: () => describe(client, ref), ttlMs: cacheMs, now: options.now });
  const token = createCached({
    make: async () => {
      const signingCredentials = await asAws(ref, () => client.config.credentials());
      return eksToken({
        clusterName: ref.name,
        awsRegion: ref.awsRegion,
        credentials: signingCredentials,
        at: new Date(options.now()),
      });
    },
    ttlMs: cacheMs,
    now: options.now,
  });
  let current: { endpoint: Endpoint; connection: ClusterConnection } | undefined;

  const open = (to: Endpoint): ClusterConnection => {
    const access = new ClusterAccess();
    access.loadFromClusterAndUser(
      { name: ref.name, server: to.server, caData: to.caData, skipTLSVerify: false },
      { name: 'slipway' },
    );
    access.bearer = () => token.get();
    return connectTo(access, { renew: async () => token.drop(), now: options.now });
  };
  return {
    async connect() {
      const found = await endpoint.get();
      if (current && current.endpoint.server === found.server && current.endpoint.caData === found.caData)
        return current.connection;
      const old = current;
      current = { endpoint: found, connection: open(found) };
      await old?.connection.close();
      return current.connection;
    },
    async close() {
      client.destroy();
      await current?.connection.close();
      current = undefined;
    },
  };
}

async function describe(client: EKSClient, ref: EksRef): Promise<Endpoint> {
  const { cluster } = await asAws(ref, () => client.send(new DescribeClusterCommand({ name: ref.name })));
  const server = cluster?.endpoint;
  const caData = cluster?.certificateAuthority?.data;
  if (!usableStates.has(cluster?.status ?? '') || !server || !caData) {
    const transient = cluster?.status === 'CREATING' || cluster?.status === 'PENDING';
    throw failure(
      transient ? 'SLIP-K8S-12' : 'SLIP-K8S-11',
      `EKS cluster ${ref.name} in ${ref.awsRegion} is ${cluster?.status ?? 'unknown'}`,
    );
  }
  return { server, caData };
}

/** A role of the cluster's own account is assumed where the reference names one. */
function credentialsOf(ref: EksRef, base: CredentialProvider | undefined): CredentialProvider | undefined {
  if (!ref.roleArn) return base;
  return fromTemporaryCredentials({
    params: { RoleArn: ref.roleArn, RoleSessionName: 'slipway' },
    clientConfig: { region: ref.awsRegion },
    ...(base && { masterCredentials: base }),
  });
}

const refusals = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'ForbiddenException',
]);

async function asAws<T>(ref: EksRef, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) throw error;
    const name = error instanceof Error ? error.name : '';
    const detail = `EKS cluster ${ref.name} in ${ref.awsRegion}: ${name} ${redact(error instanceof Error ? error.message : String(error))}`;
    if (refusals.has(name)) throw failure('SLIP-K8S-13', detail);
    throw failure(error instanceof ResourceNotFoundException ? 'SLIP-K8S-11' : 'SLIP-K8S-12', detail);
  }
}
