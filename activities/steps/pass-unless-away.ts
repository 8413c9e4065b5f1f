import { log } from '@temporalio/activity';
import { Failure } from '../../domain/errors/failure.ts';

/** What became of a message that a step was to write down: where the records are away the step is repeated, and nothing else keeps it from its end. */
export function passUnlessAway(error: unknown, releaseId: string): void {
  if (error instanceof Failure && error.details.kind === 'retryable') throw error;
  log.warn('a message about a release could not be told', { releaseId, error: String(error) });
}
