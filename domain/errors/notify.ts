import type { FailureEntry } from './failure.ts';

export const notifyErrors = {
  'SLIP-NTF-1': {
    kind: 'retryable',
    title: 'the notification was not accepted',
    next: 'Check the webhook; the release does not wait for it.',
  },
} as const satisfies Record<string, FailureEntry>;
