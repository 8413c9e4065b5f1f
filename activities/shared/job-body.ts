import { createHash } from 'node:crypto';
import type {
  V1Container,
  V1Job,
  V1PodFailurePolicy,
  V1PodSecurityContext,
  V1PodSpec,
  V1SecurityContext,
  V1SELinuxOptions,
} from '@kubernetes/client-node';
import { canonicalJson } from '../../domain/canonical.ts';
import { mountedBy, mountsOf, securityOf, type Lender } from './job-borrowing.ts';
import { environmentOf } from './job-environment.ts';
import type { ClusterJob, JobKind } from './job.ts';

export const hashAnnotation = 'slipway/job-hash';
export const lookAnnotation = 'slipway/look-of';

/** A day: longer than anybody repeats a call about a finished Job. */
const keepFinishedSeconds = 86_400;

/** A node that is being drained or scaled away should wait for a Job; a mesh's sidecar would keep its pod from ever ending. */
const podAnnotations = {
  'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
  'karpenter.sh/do-not-disrupt': 'true',
  'sidecar.istio.io/inject': 'false',
  'linkerd.io/inject': 'disabled',
};

/**
 * A pod that was drained, preempted or evicted may have run: what it has done nobody knows, so another must not take its place. Kubernetes
 * cannot tell those that had not begun from the others: the exit code, by which it might, is missing where a node went away. So a
 * disruption ends the Job, with a reason of its own; without this rule `backoffLimit: 0` would end it too, but with that of a program that
 * failed. `podReplacementPolicy: Failed`: a pod that is on its way out has not failed yet.
 */
const neverTwice: V1PodFailurePolicy = {
  rules: [{ action: 'FailJob', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
};

/**
 * sha256 of what was asked for. Not of what the Job borrows: the Deployment may change between two calls, and the second must still
 * find the first one's Job to be its own.
 */
export function jobHash({ cluster: _cluster, may: _may, lookOf: _lookOf, brought = {}, ...asked }: ClusterJob): string {
  // That nothing is brought is no part of it either: no version has said so.
  const what = Object.keys(brought).length > 0 ? { ...asked, brought } : asked;
  return `sha256:${createHash('sha256').update(canonicalJson(what)).digest('hex')}`;
}

/** `like`: whose settings are borrowed. No Job talks to the cluster that it runs in: none gets a token for it. */
export function jobBody(job: ClusterJob, kind: JobKind, like?: Lender): V1Job {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: job.name,
      namespace: job.namespace,
      labels: job.labels,
      annotations: { [hashAnnotation]: jobHash(job), ...(job.lookOf && { [lookAnnotation]: job.lookOf }) },
    },
    spec: {
      completions: 1,
      parallelism: 1,
      backoffLimit: 0,
      activeDeadlineSeconds: Math.max(1, Math.ceil(job.timeoutMs / 1_000)),
      ttlSecondsAfterFinished: keepFinishedSeconds,
      podFailurePolicy: neverTwice,
      podReplacementPolicy: 'Failed',
      template: {
        metadata: { labels: job.labels, annotations: podAnnotations },
        spec: {
          restartPolicy: 'Never',
          ...(like && (kind.confined ? confinedPlaceOf : placeOf)(like.pod)),
          ...(like && job.like?.only !== 'place' && identityOf(like)),
          automountServiceAccountToken: false,
          ...scratchOf(kind, like),
          containers: [container(job, kind, like)],
        },
      },
    },
  };
}

function container(job: ClusterJob, kind: JobKind, lender: Lender | undefined): V1Container {
  const like = lender?.container;
  const whole = job.like?.only === 'place' ? undefined : lender;
  return {
    name: kind.container,
    image: job.image,
    command: job.command,
    ...environmentOf(job, whole),
    securityContext: kind.confined
      ? confinedAs(like?.securityContext, lender?.pod.securityContext)
      : securityOf(job, like?.securityContext),
    ...given({
      resources:
        kind.resources ??
        (like?.resources && given({ limits: like.resources.limits, requests: like.resources.requests })),
      workingDir: like?.workingDir,
      volumeMounts: isWithoutScratch(kind, like) ? [scratchMount] : whole && mountsOf(job, whole),
    }),
  };
}

/** As the same user, and with nothing that root or the kernel would give beyond what any program gets. */
function confinedAs(own: V1SecurityContext = {}, pod: V1PodSecurityContext = {}) {
  const { runAsUser, runAsGroup, runAsNonRoot, readOnlyRootFilesystem } = own;
  // The container's word counts before its pod's. A profile of the node's own was made for this program.
  const seccomp = own.seccompProfile ?? pod.seccompProfile;
  const appArmor = own.appArmorProfile ?? pod.appArmorProfile;
  return {
    ...given({ runAsUser, runAsGroup, runAsNonRoot, readOnlyRootFilesystem }),
    ...given({
      appArmorProfile: appArmor?.type === 'Unconfined' ? undefined : appArmor,
      seLinuxOptions: narrowLabel(own.seLinuxOptions ?? pod.seLinuxOptions),
    }),
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    seccompProfile: seccomp?.type === 'Localhost' ? seccomp : { type: 'RuntimeDefault' },
  };
}

/** One level, with categories one by one: no range of them. Which types are tighter than a container's own only its node knows. */
const oneLevel = /^s\d+(?::c\d+(?:,c\d+)*)?$/;

function narrowLabel({ level }: V1SELinuxOptions = {}): V1SELinuxOptions | undefined {
  return level !== undefined && oneLevel.test(level) ? { level } : undefined;
}

/** s: whoever waits for a verdict does not wait for a program that does not listen. */
const longestGrace = 30;

/**
 * Where the Deployment's root is nobody on the node, so is that of the Job. Its priority it does not get: nothing that serves is to make way for
 * a test. Of what its pod says of its box, what says who it is; the rest is said of the container, as far as that is tighter.
 */
function confinedPlaceOf(pod: V1PodSpec): Partial<V1PodSpec> {
  const {
    priorityClassName: _,
    securityContext: context = {},
    terminationGracePeriodSeconds: grace,
    ...place
  } = placeOf(pod);
  const { runAsUser, runAsGroup, runAsNonRoot, fsGroup, supplementalGroups } = context;
  const securityContext = given({ runAsUser, runAsGroup, runAsNonRoot, fsGroup, supplementalGroups });
  return {
    ...place,
    ...(Object.keys(securityContext).length > 0 && { securityContext }),
    ...(grace !== undefined && { terminationGracePeriodSeconds: Math.min(grace, longestGrace) }),
    ...(pod.hostUsers === false && { hostUsers: false }),
  };
}

const scratchMount = { name: 'scratch', mountPath: '/tmp' };

/** It gets no volumes of the Deployment, whose container has its files there: nothing at all could be written. */
function isWithoutScratch({ confined }: JobKind, like: V1Container | undefined): boolean {
  return confined === true && like?.securityContext?.readOnlyRootFilesystem === true;
}

function scratchOf(kind: JobKind, like: Lender | undefined): Pick<V1PodSpec, 'volumes'> {
  if (!isWithoutScratch(kind, like?.container)) return {};
  return { volumes: [{ name: scratchMount.name, emptyDir: { sizeLimit: '256Mi' } }] };
}

/** Where the code runs and with what means. Not the pod's affinity to other pods: that is about spreading replicas. */
function placeOf(pod: V1PodSpec): Partial<V1PodSpec> {
  return given({
    imagePullSecrets: pod.imagePullSecrets,
    securityContext: pod.securityContext,
    nodeSelector: pod.nodeSelector,
    tolerations: pod.tolerations,
    affinity: pod.affinity?.nodeAffinity && { nodeAffinity: pod.affinity.nodeAffinity },
    hostAliases: pod.hostAliases,
    dnsPolicy: pod.dnsPolicy,
    dnsConfig: pod.dnsConfig,
    priorityClassName: pod.priorityClassName,
    runtimeClassName: pod.runtimeClassName,
    schedulerName: pod.schedulerName,
    terminationGracePeriodSeconds: pod.terminationGracePeriodSeconds,
  });
}

/** As whom it runs, and with which files. */
function identityOf(lender: Lender): Partial<V1PodSpec> {
  const volumes = mountedBy(lender);
  return given({
    serviceAccountName: lender.pod.serviceAccountName,
    volumes: volumes.length > 0 ? volumes : undefined,
  });
}

/** Leaves out what is undefined: the API takes absence, not null, for "default". */
function given<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
