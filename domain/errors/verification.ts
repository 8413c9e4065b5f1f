import type { FailureEntry } from './failure.ts';

export const verificationErrors = {
  'SLIP-VER-1': {
    kind: 'terminal',
    title: 'the region does not answer as it should',
    next: 'Read what the endpoint answered.',
  },
} as const satisfies Record<string, FailureEntry>;
