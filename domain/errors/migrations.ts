import type { FailureEntry } from './failure.ts';

export const migrationErrors = {
  'SLIP-MIG-1': {
    kind: 'terminal',
    title: 'the migration failed',
    next: 'Look at the state of the database before anything else; a migration is never repeated blindly.',
  },
} as const satisfies Record<string, FailureEntry>;
