import type { FailureEntry } from './failure.ts';

export const imageErrors = {
  'SLIP-IMG-1': {
    kind: 'terminal',
    title: 'the image does not build',
    next: 'Read the build log below; the same commit fails the same way, so push a fix.',
  },
} as const satisfies Record<string, FailureEntry>;
