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
  'SLIP-NTF-4': {
    kind: 'terminal',
    blame: 'operator',
    title: "the webhook is not, or not any more, where the operator's policy lets messages go",
    next: 'Name the target under `notify` in the policy, and its `host` where a reference leads to an address inside; the release does not wait for it.',
  },
} as const satisfies Record<string, FailureEntry>;
