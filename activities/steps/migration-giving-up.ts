import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import type { MigrationJob, MigrationJobs } from '../migrations/port.ts';
import { poll } from '../shared/polling.ts';
import type { MigrationEnds } from './migration-ends.ts';
import { nameOf } from './migration-jobs.ts';
import type { MigrationInput } from './types.ts';

/** Short: what begins while it is taken away must be seen before it is gone. */
const pace = { firstMs: 100, longestMs: 250 };

interface GivingUp {
  jobs: MigrationJobs;
  ends: MigrationEnds;
  /** Nothing was done to the schema after all. */
  takeBack: (input: MigrationInput) => Promise<void>;
}

/** Takes away a Job that has not begun, and tells what to fail with: that it had not, unless it began in the last moment. */
export async function giveUp(
  { jobs, ends, takeBack }: GivingUp,
  input: MigrationInput,
  job: MigrationJob,
  why: Failure,
): Promise<Failure> {
  await ends.keep(input, job.name, { kind: 'given up', why: why.details });
  await jobs.remove(job);
  if (await leavesUnbegun(jobs, job)) {
    await takeBack(input);
    return why;
  }
  await ends.withdraw(input);
  return failure('SLIP-MIG-7', `${nameOf(job)} began when it was given up, and was ended`);
}

/** Until it is gone. False when it has begun, or is not being removed at all. */
export async function leavesUnbegun(jobs: MigrationJobs, job: MigrationJob): Promise<boolean> {
  return poll(async () => {
    const seen = await jobs.observe(job);
    if (seen.state === 'running' && seen.removing && !seen.begun) return { doing: seen.message };
    return { done: seen.state === 'missing' };
  }, pace);
}
