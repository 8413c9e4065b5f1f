import type { FailureEntry } from './failure.ts';

export const deliveryErrors = {
  'SLIP-DLV-1': {
    kind: 'terminal',
    blame: 'operator',
    title: 'no worker here delivers in that way',
    next: "Run workers of a version that knows this kind of delivery for the environment's queue; then let the run go on (`slipway retry ID`).",
  },
} as const satisfies Record<string, FailureEntry>;
