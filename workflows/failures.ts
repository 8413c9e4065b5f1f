import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/workflow';
import { failureDetails } from '../domain/errors/catalogue.ts';
import { Failure } from '../domain/errors/failure.ts';
import type { FailureDetails } from '../domain/errors/failure.ts';

/** What a phase's error means to people: the catalogue's entry that an activity sent, or the nearest one. */
export function failureOf(error: unknown): FailureDetails {
  if (error instanceof Failure) return error.details;
  if (error instanceof ActivityFailure) {
    const step = error.activityType;
    if (error.cause instanceof TimeoutFailure) return failureDetails('SLIP-REL-4', `${step}: ${error.cause.message}`);
    return error.cause ? failureOf(error.cause) : failureDetails('SLIP-REL-5', `${step}: ${error.message}`);
  }
  if (error instanceof ApplicationFailure) {
    const [details] = error.details ?? [];
    if (isFailureDetails(details)) return details;
  }
  if (error instanceof CancelledFailure) return failureDetails('SLIP-REL-7', 'the run was cancelled');
  return failureDetails('SLIP-REL-5', error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}

function isFailureDetails(value: unknown): value is FailureDetails {
  if (typeof value !== 'object' || value === null) return false;
  const { code, title, next, detail, kind, blame } = value as Record<string, unknown>;
  return (
    [code, title, next, detail].every((text) => typeof text === 'string') &&
    ['retryable', 'terminal', 'unknown'].includes(String(kind)) &&
    ['release', 'operator', 'world'].includes(String(blame))
  );
}

/** Thrown at whoever sent a decision or an order that does not count. */
export function refusal(reason: string): ApplicationFailure {
  return ApplicationFailure.create({
    message: reason,
    type: 'SLIP-REL-2',
    nonRetryable: true,
    details: [failureDetails('SLIP-REL-2', reason)],
  });
}
