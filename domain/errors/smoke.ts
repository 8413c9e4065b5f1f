import type { FailureEntry } from './failure.ts';

export const smokeErrors = {
  'SLIP-SMK-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'a smoke test failed in the region',
    next: 'Read which cases failed; the Job that the message names has the whole log, as long as its pod is there; of a test whose time was over Kubernetes has taken the pod away, and a test that ends by itself before that keeps its words. Push a fix.',
  },
  'SLIP-SMK-2': {
    kind: 'terminal',
    blame: 'operator',
    title: 'a Job with the name of the smoke test exists with other content',
    next: 'Somebody else made it. Delete the Job that the message names.',
  },
  'SLIP-SMK-3': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the Deployment beside which the smoke test runs is not as named',
    next: 'Somebody has changed or removed it: look at the workloads of the component.',
  },
  'SLIP-SMK-4': {
    kind: 'retryable',
    blame: 'world',
    title: 'the Job of an earlier try is still being removed',
    next: 'It is tried again. If it goes on, look for a finalizer that keeps the old Job (`kubectl get job -o yaml`).',
  },
} as const satisfies Record<string, FailureEntry>;
