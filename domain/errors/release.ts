import type { FailureEntry } from './failure.ts';

export const releaseErrors = {
  'SLIP-REL-1': {
    kind: 'terminal',
    title: 'the change is not covered by an approval',
    next: 'Start the release through the gateway and have its plan approved there.',
  },
} as const satisfies Record<string, FailureEntry>;
