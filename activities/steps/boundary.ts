import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { failureDetails } from '../../domain/errors/catalogue.ts';
import { Failure } from '../../domain/errors/failure.ts';
import type { FailureDetails } from '../../domain/errors/failure.ts';
import { redactedHead } from '../shared/redact.ts';

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
  return (input: never): Promise<unknown> => inBoundary(() => step(input));
}

/** The same for work that is no step: what stands around steps in a worker. */
export async function inBoundary<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toTemporal(error);
  }
}

export function toTemporal(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof Failure) return fromDetails(error.details, error);
  const text = shown(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  const ours = error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;
  return ApplicationFailure.create({
    message: text,
    type: 'SLIP-REL-5',
    nonRetryable: ours,
    details: [failureDetails('SLIP-REL-5', text)],
    ...(error instanceof Error && { cause: redactedError(error) }),
  });
}

/** Whoever may look into Temporal reads it: however a secret got into the words of an error, it does not get further. */
const shown = (text: string) => redactedHead(text, mostCharacters);
const mostCharacters = 20_000;
const deepestCause = 5;

function redactedError(error: Error, depth = 0): Error {
  const cause =
    error.cause instanceof Error && depth < deepestCause ? redactedError(error.cause, depth + 1) : undefined;
  const clean = new Error(shown(error.message), cause && { cause });
  clean.name = error.name;
  clean.stack = shown(error.stack ?? '');
  return clean;
}

function fromDetails(given: FailureDetails & { retryAfterMs?: number }, cause: Error): ApplicationFailure {
  const details = { ...given, detail: shown(given.detail) };
  return ApplicationFailure.create({
    message: `${details.title}: ${details.detail}`,
    type: details.code,
    nonRetryable: details.kind === 'terminal',
    details: [details],
    cause: redactedError(cause),
    // The other side said how long it wants to be left alone.
    ...(details.retryAfterMs !== undefined && { nextRetryDelay: details.retryAfterMs }),
  });
}
