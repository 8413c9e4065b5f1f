import { failure } from '../../domain/errors/catalogue.ts';
import type { ErrorCode } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { Blame } from '../../domain/errors/failure.ts';
import { blameOfBeginning } from '../../domain/job-beginning.ts';
import { isWorldsFault } from '../../domain/migration-blame.ts';
import type { JobObservation, MigrationJob, MigrationJobs } from '../migrations/port.ts';
import { jobInWords } from '../shared/job.ts';
import { pause, poll } from '../shared/polling.ts';
import { head } from '../../domain/whole-text.ts';

const pace = { firstMs: 200, longestMs: 3_000 };

/** The pauses (ms) between tries of a look, three at most: databases and resolvers are away for moments. */
export const lookPauses = [2_000, 8_000];

/** What a plan may print: two thousand migrations of Django's are a quarter of a megabyte. Only names of it are kept. */
const outputBytes = 4 * 1_048_576;

export interface WantedLook<T> {
  /** The Job of the n-th try (from 0): each has a name of its own, so that it never meets one that is still being removed. */
  jobOf: (nth: number) => MigrationJob;
  onFailure: 'SLIP-MIG-5' | 'SLIP-MIG-6' | 'SLIP-MIG-8';
  /** Throws when what was printed is not the answer that is wanted. */
  read: (output: string) => T;
}

/**
 * Runs a Job that changes nothing, takes what it printed, and removes it. What the catalogue marks so is looked at again before it counts,
 * with `pauses` between.
 */
export async function look<T>(jobs: MigrationJobs, wanted: WantedLook<T>, pauses: number[]): Promise<T> {
  for (let nth = 0; ; nth += 1) {
    try {
      return wanted.read(await outputOf(jobs, wanted.jobOf(nth), wanted.onFailure));
    } catch (error) {
      const pauseMs = pauses[nth];
      if (pauseMs === undefined || !isAnswer(error)) throw error;
      await pause(pauseMs, `looks again: ${head(error.message, 400)}`);
    }
  }
}

/** Said by a Job that has ended; everything else (a cluster that is away, a Job that has disappeared) Temporal tries again. */
function isAnswer(error: unknown): error is Failure {
  return error instanceof Failure && error.details.lookAgain === true;
}

async function outputOf(jobs: MigrationJobs, job: MigrationJob, onFailure: ErrorCode): Promise<string> {
  await started(jobs, job);
  try {
    const onBadEnd = (seen: BadEnd): never => {
      // An earlier try of this step that was taken for dead has cleared up after itself, or somebody else has: one more look costs nothing.
      if (seen.state === 'missing') throw failure('SLIP-MIG-9', jobInWords(job));
      throw failedAs(lookCodes(onFailure), job, seen);
    };
    const { log, cut } = await ended(jobs, job, onBadEnd, { wholeLogBytes: outputBytes });
    // What is not read might be what is pending.
    if (cut) throw failure(onFailure, `${jobInWords(job)} printed more than ${outputBytes} bytes`);
    return log;
  } finally {
    await jobs.remove(job);
  }
}

/** Where the Job of an earlier look is still there, as soon as it is gone. */
function started(jobs: MigrationJobs, job: MigrationJob): Promise<unknown> {
  return poll(async () => {
    try {
      return { done: await jobs.start(job) };
    } catch (error) {
      if (error instanceof Failure && error.details.code === 'SLIP-MIG-4') return { doing: error.message };
      throw error;
    }
  }, pace);
}

function lookCodes(release: ErrorCode): FailureCodes {
  const away = { release, world: 'SLIP-MIG-15' } as const;
  return { begun: away, unbegun: { ...away, operator: 'SLIP-MIG-16' } };
}

type BadEnd = Extract<JobObservation, { state: 'missing' | 'failed' }>;

/** Looks until the Job has succeeded; what any other end means is for `onBadEnd` to say, by throwing. */
export async function ended(
  jobs: MigrationJobs,
  job: MigrationJob,
  onBadEnd: (seen: BadEnd) => Promise<never> | never,
  options: { wholeLogBytes?: number } = {},
): Promise<Extract<JobObservation, { state: 'succeeded' }>> {
  let before = '';
  return poll(async () => {
    const seen = await jobs.observe(job, options);
    if (seen.state === 'running') return { doing: (before = seen.message) };
    return { done: seen.state === 'succeeded' ? seen : await onBadEnd(remembering(seen, before)) };
  }, pace);
}

/** Of pods that are gone the earlier looks know more than the last. */
function remembering(seen: BadEnd, before: string): BadEnd {
  const isTold = seen.state === 'missing' || seen.exitCode !== undefined || before === '';
  return isTold ? seen : { ...seen, reason: `${seen.reason}; before that: ${before}` };
}

/** What a Job that fails is told as, by whose fault it is, and by whether it may have done something. */
export interface FailureCodes {
  begun: { release: ErrorCode; world: ErrorCode };
  unbegun: Record<Blame, ErrorCode>;
}

export function failedAs(
  { begun, unbegun }: FailureCodes,
  job: MigrationJob,
  seen: Extract<JobObservation, { state: 'failed' }>,
): Failure {
  const { reason, log, alongside = [] } = seen;
  if (!seen.begun) return failure(unbegun[blameOfBeginning(reason)], `${jobInWords(job)} had not begun: ${reason}`);
  const beside = alongside.length > 0 ? ` (${ranOn(alongside)})` : '';
  return failure(
    begun[isWorldsFault(seen) ? 'world' : 'release'],
    `${jobInWords(job)}: ${reason}${beside}\n${log}`.trim(),
  );
}

/** What others have put into the pod. */
export function ranOn(alongside: string[]): string {
  return `${alongside.join(', ')} ran on beside it, and was ended`;
}
