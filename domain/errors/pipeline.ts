import type { FailureEntry } from './failure.ts';

export const pipelineErrors = {
  'SLIP-CFG-1': {
    kind: 'terminal',
    title: 'the pipeline file is not valid',
    next: 'Correct the lines named; `slipway validate` checks without starting anything.',
  },
} as const satisfies Record<string, FailureEntry>;
