import type { FailureEntry } from './failure.ts';

export const sourceErrors = {
  'SLIP-SRC-1': {
    kind: 'terminal',
    title: 'the commit is not on a branch that maps to this environment',
    next: 'Push the commit to the mapped branch, or name the environment whose branch carries it.',
  },
} as const satisfies Record<string, FailureEntry>;
