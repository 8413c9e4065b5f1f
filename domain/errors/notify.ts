import type { FailureEntry } from './failure.ts';

export const notifyErrors = {
  'SLIP-NTF-1': {
    kind: 'retryable',
    blame: 'world',
    title: 'the notification was not accepted',
    next: 'Check the webhook; the release does not wait for it.',
  },
  'SLIP-NTF-2': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the notification was refused',
    next: 'Check the webhook’s address and what it accepts; the release does not wait for it.',
  },
  'SLIP-NTF-3': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the address of the webhook is not known',
    next: 'Make the secret that `notify` names available to the workers: it must hold an http or https URL.',
  },
} as const satisfies Record<string, FailureEntry>;
