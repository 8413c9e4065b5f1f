import type { FailureEntry } from './failure.ts';

export const migrationErrors = {
  'SLIP-MIG-1': {
    kind: 'terminal',
    blame: 'release',
    title: 'the migration failed',
    next: 'Look at the state of the database before anything else: a run never repeats a migration. When it is right again, push a fix; or clear the hold and start the same commit with `--new-attempt`, which makes a new Job.',
  },
  'SLIP-MIG-2': {
    kind: 'terminal',
    blame: 'operator',
    final: true,
    title: 'a Job of that name exists with other content',
    next: 'Somebody else made it, or the name does not follow from the work. Look at the Job; delete it only when you know what it did.',
  },
  'SLIP-MIG-3': {
    kind: 'terminal',
    blame: 'release',
    title: 'the Deployment whose settings the migration borrows is not as named',
    next: 'Correct `like`, or the workloads of the component, in slipway.yaml; nothing was started.',
  },
  'SLIP-MIG-4': {
    kind: 'retryable',
    blame: 'world',
    title: 'a Job of that name is still being removed',
    next: 'It is tried again. If it goes on, look for a finalizer that keeps the old Job (`kubectl get job -o yaml`).',
  },
  'SLIP-MIG-5': {
    kind: 'terminal',
    blame: 'release',
    lookAgain: true,
    title: 'what the migration would do cannot be told',
    next: 'Let `commands.plan` print one JSON line {"pending": [...], "contracting": [...], "unknown": [...]}, or Django\'s `migrate --plan`.',
  },
  'SLIP-MIG-6': {
    kind: 'terminal',
    blame: 'release',
    lookAgain: true,
    title: 'models have changes that no migration carries',
    next: 'Run `makemigrations`, commit the migration, and release that commit.',
  },
  'SLIP-MIG-7': {
    kind: 'terminal',
    blame: 'world',
    final: true,
    title: 'the migration Job has disappeared',
    next: 'It may have run: look at the database before anything else.',
  },
  'SLIP-MIG-8': {
    kind: 'terminal',
    blame: 'release',
    lookAgain: true,
    title: 'the schema is not as it should be after the migration',
    next: 'Look at the database; then fix forward.',
  },
  'SLIP-MIG-9': {
    kind: 'retryable',
    blame: 'world',
    title: 'a Job that only looked has disappeared',
    next: 'It is made again: an earlier try of the same step, or somebody else, has removed it.',
  },
  'SLIP-MIG-10': {
    kind: 'terminal',
    blame: 'world',
    final: true,
    lookAgain: true,
    title: 'the database or the cluster stood in the way of a migration',
    next: 'Free the lock, or let the database be reached, and look at its state. A run never repeats a migration: clear the hold and start the same commit with `--new-attempt`, which makes a new Job.',
  },
  'SLIP-MIG-11': {
    kind: 'retryable',
    blame: 'world',
    title: 'another migration of this database has not ended',
    next: 'It is waited for, whoever started it. If it goes on, look at what it does; delete the Job only when you know that it may be broken off.',
  },
} as const satisfies Record<string, FailureEntry>;
