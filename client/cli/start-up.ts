import { TemporalNotReached } from '../temporal-away.ts';
import { Failure } from '../../domain/errors/failure.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { CannotStart } from '../../domain/start-up.ts';
import { CliFailure, usageFailure } from './failures.ts';

/** What is to be set first, or is away, is no defect: work that did not begin for that says so, with all that was found. */
export async function begun<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (error instanceof TemporalNotReached) throw unreachable(error.message, error.next);
    if (!(error instanceof CannotStart)) throw error;
    const next = 'Mend these; docs/configuration.md says what each variable is. Then repeat it.';
    throw usageFailure(error.message, next);
  });
}

/** What Temporal's client throws is about rights, or its namespace: something to correct, no defect. */
export function temporalFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Failure || error instanceof CliFailure) return error;
  return unreachable(
    `Temporal cannot be asked: ${error.message}`,
    'Check that Temporal runs and that the environment names its address, namespace and TLS files; then repeat it.',
  );
}

function unreachable(message: string, next: string): CliFailure {
  return new CliFailure({ code: 'setup-failed', message, next, exitCode: otherExitCodes.unreachable });
}
