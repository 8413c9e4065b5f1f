import type { FailureEntry } from './failure.ts';

export const recordErrors = {
  'SLIP-REC-1': {
    kind: 'retryable',
    title: 'the records cannot be reached',
    next: 'Check the database at the records URL; the run goes on when it is back.',
  },
} as const satisfies Record<string, FailureEntry>;
