import type { FailureEntry } from './failure.ts';

export const testErrors = {
  'SLIP-TEST-1': {
    kind: 'terminal',
    title: 'the integration tests failed',
    next: 'Read the named tests; push a fix.',
  },
} as const satisfies Record<string, FailureEntry>;
