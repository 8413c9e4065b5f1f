import type { Deployment, Job, PodTemplate } from './types.ts';

/** The values a real API server fills in where a client wrote none. */
export function withDeploymentDefaults(deployment: Deployment): Deployment {
  const spec = (deployment.spec ?? {}) as Partial<Deployment['spec']>;
  const type = spec.strategy?.type ?? 'RollingUpdate';
  const rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...spec.strategy?.rollingUpdate };
  return {
    ...deployment,
    spec: {
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      ...spec,
      replicas: spec.replicas ?? 1,
      selector: spec.selector ?? {},
      strategy: type === 'RollingUpdate' ? { type, rollingUpdate } : { type },
      template: withPodDefaults(spec.template, 'Always'),
    },
    status: deployment.status ?? {},
  };
}

export function withJobDefaults(job: Job): Job {
  const spec = job.spec ?? {};
  const labels = {
    ...spec.template?.metadata?.labels,
    'batch.kubernetes.io/job-name': job.metadata.name,
    'job-name': job.metadata.name,
  };
  const template = withPodDefaults({ ...spec.template, metadata: { ...spec.template?.metadata, labels } }, '');
  const own = {
    backoffLimit: 6,
    parallelism: 1,
    completions: 1,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: spec.podFailurePolicy ? ('Failed' as const) : ('TerminatingOrFailed' as const),
  };
  return { ...job, spec: { ...own, ...spec, template }, status: {} };
}

function withPodDefaults(template: PodTemplate | undefined, restartPolicy: string): PodTemplate {
  const spec = template?.spec ?? { containers: [] };
  const own = {
    restartPolicy,
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  };
  const containers = Array.isArray(spec.containers) ? spec.containers : [];
  return {
    ...template,
    metadata: { ...template?.metadata },
    spec: {
      ...own,
      ...spec,
      containers: containers.map((container) => ({
        imagePullPolicy: /@sha256:|:(?!latest$)[\w.-]+$/.test(container.image ?? '') ? 'IfNotPresent' : 'Always',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
        ...container,
      })),
    },
  };
}

/** A null is the same as nothing, as after decoding into a typed object: kubectl sends `creationTimestamp: null` in templates. */
export function withoutNulls<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutNulls) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null);
  return Object.fromEntries(entries.map(([key, part]) => [key, withoutNulls(part)])) as T;
}
