import type { FailureEntry } from './failure.ts';

export const boxErrors = {
  'SLIP-BOX-1': {
    kind: 'retryable',
    blame: 'operator',
    title: 'this worker cannot isolate what strangers wrote, so it does not run it',
    next: 'Read what is missing (user namespaces, a range of ids in /etc/subuid, util-linux) and add it, or build on another worker; docs/configuration.md says what a build worker needs.',
  },
} as const satisfies Record<string, FailureEntry>;
