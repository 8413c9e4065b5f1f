import { createHash } from 'node:crypto';
import type { V1Container, V1Job, V1PodSpec } from '@kubernetes/client-node';
import { canonicalJson } from '../../domain/canonical.ts';
import type { MigrationJob } from './port.ts';

export const hashAnnotation = 'slipway/job-hash';
export const containerName = 'migration';

/** A day: longer than anybody repeats a call about a finished Job. */
const keepFinishedSeconds = 86_400;

/** A node that is being drained or scaled away should wait for a migration; a mesh's sidecar would keep its pod from ever ending. */
const podAnnotations = {
  'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
  'karpenter.sh/do-not-disrupt': 'true',
  'sidecar.istio.io/inject': 'false',
  'linkerd.io/inject': 'disabled',
};

/**
 * sha256 of what was asked for. Not of what the Job borrows: the Deployment may change between two calls, and the second must still
 * find the first one's Job to be its own.
 */
export function jobHash({ cluster: _cluster, ...asked }: MigrationJob): string {
  return `sha256:${createHash('sha256').update(canonicalJson(asked)).digest('hex')}`;
}

/** `like` is the pod whose settings are borrowed, `container` the one in it that runs the same code. */
export function jobBody(job: MigrationJob, like?: { pod: V1PodSpec; container: V1Container }): V1Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: job.name,
      namespace: job.namespace,
      labels: job.labels,
      annotations: { [hashAnnotation]: jobHash(job) },
    },
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: 0,
      activeDeadlineSeconds: Math.max(1, Math.ceil(job.timeoutMs / 1_000)),
      ttlSecondsAfterFinished: keepFinishedSeconds,
      // A drained node is not a failed migration, and the replacement waits until the first pod is really gone: never two at once.
      podFailurePolicy: {
        rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
      },
      podReplacementPolicy: 'Failed',
      template: {
        metadata: { labels: job.labels, annotations: podAnnotations },
        spec: { restartPolicy: 'Never', ...borrowedFromPod(like?.pod), containers: [container(job, like?.container)] },
      },
    },
  };
}

function container(job: MigrationJob, like: V1Container | undefined): V1Container {
  const own = Object.entries(job.env).map(([name, value]) => ({ name, value }));
  const borrowed = (like?.env ?? []).filter((variable) => !(variable.name in job.env));
  return {
    name: containerName,
    image: job.image,
    command: job.command,
    env: [...borrowed, ...own],
    envFrom: [...(like?.envFrom ?? []), ...job.envFrom.map((name) => ({ secretRef: { name } }))],
    ...given({
      volumeMounts: like?.volumeMounts,
      securityContext: like?.securityContext,
      workingDir: like?.workingDir,
    }),
  };
}

/** Where and as whom the code runs. Not the pod's affinity to other pods: that is about spreading replicas. */
function borrowedFromPod(pod: V1PodSpec | undefined): Partial<V1PodSpec> {
  if (!pod) return {};
  return given({
    serviceAccountName: pod.serviceAccountName,
    automountServiceAccountToken: pod.automountServiceAccountToken,
    imagePullSecrets: pod.imagePullSecrets,
    volumes: pod.volumes,
    securityContext: pod.securityContext,
    nodeSelector: pod.nodeSelector,
    tolerations: pod.tolerations,
    affinity: pod.affinity?.nodeAffinity && { nodeAffinity: pod.affinity.nodeAffinity },
    hostAliases: pod.hostAliases,
    dnsPolicy: pod.dnsPolicy,
    dnsConfig: pod.dnsConfig,
    priorityClassName: pod.priorityClassName,
  });
}

/** Leaves out what is undefined: the API takes absence, not null, for "default". */
function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
