import { log } from '@temporalio/activity';
import { jobInWords } from '../shared/job.ts';
import { says } from '../shared/saying.ts';
import type { SmokeJob, SmokeJobs } from '../smoke/port.ts';

/** `uid`: the one that was seen, where one was. */
export interface JobSeen {
  job: SmokeJob;
  uid?: string;
}

/** Removes all that it can. What cannot be removed is told, in the audit and in the worker's log: it ends by itself when its time is over. */
export async function removeJobs(jobs: Pick<SmokeJobs, 'remove'>, those: readonly JobSeen[]): Promise<void> {
  const removed = await Promise.allSettled(those.map(({ job, uid }) => jobs.remove(job, uid)));
  const left = removed.flatMap((one, n) =>
    one.status === 'rejected' ? [`${jobInWords(those[n]!.job)}: ${String(one.reason)}`] : [],
  );
  if (left.length === 0) return;
  says({ left });
  log.warn('smoke tests could not be removed: they end when their time is over, or remove their Jobs by hand', {
    left,
  });
}
