import { Failure } from '../../domain/errors/failure.ts';
import { otherExitCodes } from '../../domain/outcomes.ts';
import { CannotStart } from '../../domain/start-up.ts';
import { CliFailure, usageFailure } from './failures.ts';

/** What is to be set first is no defect: work that did not begin for that ends as wrong usage, with all that was found. */
export async function begun<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    if (!(error instanceof CannotStart)) throw error;
    const next = 'Set these as for a gateway or a worker of this installation (docs/configuration.md); then repeat it.';
    throw usageFailure(error.message, next);
  });
}

/** What Temporal's client throws is about the address, TLS or rights: something to correct, no defect. */
export function temporalFailure(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Failure || error instanceof CliFailure) return error;
  return new CliFailure({
    code: 'setup-failed',
    message: `Temporal could not be set up: ${error.message}`,
    next: 'Check that Temporal runs and that the environment names its address, namespace and TLS files; then repeat it.',
    exitCode: otherExitCodes.unreachable,
  });
}
