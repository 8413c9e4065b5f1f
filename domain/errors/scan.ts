import type { FailureEntry } from './failure.ts';

export const scanErrors = {
  'SLIP-SCAN-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'the scan found what the policy does not allow',
    next: 'Update the named packages, or add an exception with a reason and an expiry date to slipway.yaml.',
  },
} as const satisfies Record<string, FailureEntry>;
