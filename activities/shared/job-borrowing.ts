import type { V1Container, V1PodSpec, V1SecurityContext, V1Volume } from '@kubernetes/client-node';
import type { ClusterJob } from './job.ts';

/** The pod whose settings a Job borrows, and the container in it that runs the same code. */
export interface Lender {
  pod: V1PodSpec;
  container: V1Container;
  /** Variables of it that our writes alone have. Absent: none. */
  ours?: ReadonlySet<string>;
}

/**
 * Why the Job may not borrow this; undefined when it may. A Deployment can be changed by people whom the policy's author has not heard of,
 * and what is borrowed is read when the Job is made: neither the plan nor whoever approved it has seen it.
 */
export function refuseBorrowing({ like, may }: ClusterJob, lender: Lender): string | undefined {
  if (!like || like.only === 'place') return undefined;
  const account = lender.pod.serviceAccountName ?? 'default';
  const volumes = mountedBy(lender);
  // A token that is projected on purpose is an identity, also that of `default`.
  const isSomebody = account !== 'default' || volumes.some(holdsToken);
  if (isSomebody && !may.serviceAccounts.includes(account)) {
    return `it would run as the service account ${account} of ${like.deployment}, which the policy does not name under \`serviceAccounts\``;
  }
  if (may.for === 'changing') return undefined;
  // Read-only says nothing of a socket: whoever can connect to one, a runtime's or an identity's, can have it do anything.
  const host = volumes.find(({ hostPath }) => hostPath);
  if (host) {
    return `it would reach ${host.hostPath!.path} of its node, as ${like.deployment} does (volume ${host.name}), before anybody has approved it; with \`planEnvFrom\` it would borrow no volumes`;
  }
  const secret = secretsOf(lender, volumes).find((name) => !may.secrets.includes(name));
  return secret === undefined
    ? undefined
    : `it would hold the secret ${secret} of ${like.deployment}, which the policy does not name under \`secrets.plan\`; with \`planEnvFrom\` it would borrow no secrets`;
}

/** Volumes that only other containers mount are not for this one. */
export function mountedBy({ pod, container }: Lender): V1Volume[] {
  const mounted = new Set((container.volumeMounts ?? []).map(({ name }) => name));
  return (pod.volumes ?? []).filter(({ name }) => mounted.has(name));
}

/** What only looks may leave nothing behind in what others use. */
export function mountsOf({ may }: ClusterJob, lender: Lender): V1Container['volumeMounts'] {
  const { volumeMounts } = lender.container;
  if (may.for === 'changing') return volumeMounts;
  const own = new Set(mountedBy(lender).flatMap(({ name, emptyDir }) => (emptyDir ? [name] : [])));
  return volumeMounts?.map((mount) => (own.has(mount.name) ? mount : { ...mount, readOnly: true }));
}

/**
 * As narrow as the Deployment lets it be: it gains no rights that it was not begun with, unless the Deployment says that it must. What only
 * looks has no more rights than any container, whatever the Deployment needs to serve.
 */
export function securityOf({ may }: ClusterJob, lender: V1SecurityContext | undefined): V1SecurityContext {
  const { privileged, capabilities, ...kept } = lender ?? {};
  if (may.for === 'looking') {
    const dropped = capabilities?.drop && { capabilities: { drop: capabilities.drop } };
    return { ...kept, ...dropped, allowPrivilegeEscalation: false };
  }
  // The API server refuses `false` for a container that has all rights already.
  const hasAllRights = privileged === true || (capabilities?.add ?? []).some((one) => /^(CAP_)?SYS_ADMIN$/.test(one));
  const gains = lender?.allowPrivilegeEscalation ?? hasAllRights;
  return { ...lender, allowPrivilegeEscalation: gains };
}

function secretsOf({ container }: Lender, volumes: V1Volume[]): string[] {
  const variables = (container.env ?? []).flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []);
  const sources = (container.envFrom ?? []).flatMap(({ secretRef }) => secretRef?.name ?? []);
  return [...variables, ...sources, ...volumes.flatMap(secretsIn)];
}

/** Kinds of volumes are many, and refer to secrets in one of these ways; a driver of the cluster's own may fetch them from anywhere. */
function secretsIn(volume: V1Volume): string[] {
  const found: string[] = [];
  const { csi } = volume;
  if (csi) found.push(csi.volumeAttributes?.['secretProviderClass'] ?? csi.driver);
  JSON.stringify(volume, (key, value: unknown) => {
    if (key === 'secretName' && typeof value === 'string') found.push(value);
    const name =
      /secret/i.test(key) && typeof value === 'object' ? (value as { name?: unknown } | null)?.name : undefined;
    if (typeof name === 'string') found.push(name);
    return value;
  });
  return found;
}

function holdsToken({ projected }: V1Volume): boolean {
  return (projected?.sources ?? []).some(({ serviceAccountToken }) => serviceAccountToken !== undefined);
}
