import type { FailureEntry } from './failure.ts';

export const kubernetesErrors = {
  'SLIP-K8S-1': {
    kind: 'terminal',
    title: 'the rollout failed',
    next: 'Read the reason the pods give; push a fix.',
  },
} as const satisfies Record<string, FailureEntry>;
