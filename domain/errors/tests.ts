import type { FailureEntry } from './failure.ts';

export const testErrors = {
  'SLIP-TEST-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'the integration tests failed',
    next: 'Read the named tests; push a fix.',
  },
  'SLIP-TEST-2': {
    kind: 'retryable',
    blame: 'operator',
    title: 'the integration tests could not be run on this worker',
    next: 'Check Docker and Docker Compose on the test worker; the run goes on when they work.',
  },
  'SLIP-TEST-3': {
    kind: 'terminal',
    blame: 'release',
    title: 'the integration tests are not described in a form that is accepted',
    next: 'Check the compose file, what it builds, the service and the report paths in slipway.yaml: all must be inside the repository.',
  },
  'SLIP-TEST-4': {
    kind: 'terminal',
    blame: 'release',
    title: 'the integration tests did not end in time',
    next: 'Read the end of their output; make them faster, or give them more time in slipway.yaml.',
  },
} as const satisfies Record<string, FailureEntry>;
