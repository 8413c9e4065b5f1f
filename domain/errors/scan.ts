import type { FailureEntry } from './failure.ts';

export const scanErrors = {
  'SLIP-SCAN-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'the scan found what the policy does not allow',
    next: 'Update the named packages, or add an exception with a reason and an expiry date to slipway.yaml, under the id that is named.',
  },
  'SLIP-SCAN-2': {
    kind: 'terminal',
    blame: 'world',
    inconclusive: true,
    title: 'it could not be scanned',
    next: 'Read what kept the scanner from looking (no scanner, no database, nothing recognised): that is no proof against the release, and none for it.',
  },
} as const satisfies Record<string, FailureEntry>;
