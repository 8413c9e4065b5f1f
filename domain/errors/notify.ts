import type { FailureEntry } from './failure.ts';

export const notifyErrors = {
  'SLIP-NTF-1': {
    kind: 'retryable',
    blame: 'world',
    title: 'the notification was not accepted',
    next: 'Check the target; it is sent again for about a day, and the release does not wait for it.',
  },
  'SLIP-NTF-2': {
    kind: 'terminal',
    blame: 'operator',
    title: 'the notification was refused',
    next: 'Check the address of the target, its key, and what it accepts; the release does not wait for it.',
  },
  'SLIP-NTF-3': {
    kind: 'terminal',
    blame: 'operator',
    title: 'where the notification goes, or the key for it, is not known',
    next: 'Make the secrets that `notify` names available to the workers of the engine: for `url` an http or https URL, for `secret` `whsec_` and base64, for `routingKey` the key itself, for `smtp` an smtp or smtps URL.',
  },
  'SLIP-NTF-4': {
    kind: 'terminal',
    blame: 'operator',
    title: "the target is not, or not any more, where the operator's policy lets messages go",
    next: 'Name the target under `notify` in the policy, and its `host` where a reference leads to an address inside; the release does not wait for it.',
  },
} as const satisfies Record<string, FailureEntry>;
