import { ApplicationFailure } from '@temporalio/common';
import { CancelledFailure } from '@temporalio/common';
import { failureDetails } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { FailureDetails } from '../../domain/errors/failure.ts';

/**
 * The one place where our failures become Temporal's. Terminal ones are not repeated. `unknown` ones are: every step reads before
 * it writes, so that its repetition is the reading back. What is not in the catalogue is repeated unless it is a programming error.
 */
export function atBoundary<Steps extends object>(steps: Steps): Steps {
  const guarded = Object.entries(steps).map(([name, step]) => [
    name,
    guard(step as (input: never) => Promise<unknown>),
  ]);
  return Object.fromEntries(guarded) as Steps;
}

function guard(step: (input: never) => Promise<unknown>) {
  return async (input: never): Promise<unknown> => {
    try {
      return await step(input);
    } catch (error) {
      throw toTemporal(error);
    }
  };
}

function toTemporal(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof Failure) return fromDetails(error.details, error);
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const ours = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return ApplicationFailure.create({
    message: text,
    type: 'SLIP-REL-5',
    nonRetryable: ours,
    details: [failureDetails('SLIP-REL-5', text)],
    ...(error instanceof Error && { cause: error }),
  });
}

function fromDetails(details: FailureDetails & { retryAfterMs?: number }, cause: Error): ApplicationFailure {
  return ApplicationFailure.create({
    message: `${details.title}: ${details.detail}`,
    type: details.code,
    nonRetryable: details.kind === 'terminal',
    details: [details],
    cause,
    // The other side said how long it wants to be left alone.
    ...(details.retryAfterMs !== undefined && { nextRetryDelay: details.retryAfterMs }),
  });
}
