import { ApplicationFailure } from '@temporalio/workflow';

/** Ends the worker that runs it: no UTF-8 says its answer. */
export async function half(): Promise<void> {
  throw ApplicationFailure.nonRetryable('\ud83d');
}
