import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import type { MigrationJob, MigrationJobs } from '../migrations/port.ts';
import { jobInWords } from '../shared/job.ts';
import { poll } from '../shared/polling.ts';
import type { GivenUp, MigrationEnds } from './migration-ends.ts';
import type { MigrationInput } from './types.ts';

const pace = { firstMs: 100, longestMs: 1_000 };

interface GivingUp {
  jobs: MigrationJobs;
  ends: MigrationEnds;
  /** Nothing was done to the schema after all. */
  takeBack: (input: MigrationInput) => Promise<void>;
}

/**
 * Takes away a Job that had not begun at the look of that version, and tells what to fail with: that it had not, unless it began in the last
 * moment.
 */
export async function giveUp(
  { jobs, ends, takeBack }: GivingUp,
  input: MigrationInput,
  job: MigrationJob,
  { why, lastLook }: { why: Failure; lastLook: string },
): Promise<Failure> {
  const end: GivenUp = { kind: 'given up', why: why.details, lastLook };
  await ends.keep(input, job.name, end);
  await jobs.remove(job);
  if ((await goneUnbegun({ jobs, ends }, input, job, end)) !== undefined) {
    await takeBack(input);
    return why;
  }
  await ends.withdraw(input);
  return failure('SLIP-MIG-7', `${jobInWords(job)} began when it was given up, and was ended`);
}

/**
 * Waits until it is gone, and says by which version. Undefined when it has begun, or is not being removed at all. That looks have not met it
 * running says nothing: what is told to go may begin and end between two of them.
 */
export async function goneUnbegun(
  { jobs, ends }: Pick<GivingUp, 'jobs' | 'ends'>,
  input: MigrationInput,
  job: MigrationJob,
  { why, lastLook }: GivenUp,
): Promise<string | undefined> {
  const gone = await poll(async () => {
    const seen = await jobs.observe(job);
    if (seen.state === 'running' && seen.removing && !seen.begun) return { doing: seen.message };
    return { done: seen.state === 'missing' ? seen.version : undefined };
  }, pace);
  if (gone === undefined || lastLook === undefined) return gone;
  if (await jobs.mayHaveBegunSince(job, lastLook)) return undefined;
  await ends.keep(input, job.name, { kind: 'given up', why });
  return gone;
}
