import { TemporalNotReached } from '../client/temporal-away.ts';
import { Failure } from '../domain/errors/failure.ts';
import { otherExitCodes } from '../domain/outcomes.ts';
import { CannotStart } from '../domain/start-up.ts';

/** Says why a process ends, with the next step where one is known, and answers its exit code: 2 where something is to be set right first. */
export function sayEnd(error: unknown): number {
  const said = error instanceof Error ? error.message : String(error);
  const next = nextAfter(error);
  process.stderr.write(`error: ${said}${next === undefined ? '' : `\n  next: ${next}`}\n`);
  return error instanceof CannotStart ? otherExitCodes.usage : 1;
}

function nextAfter(error: unknown): string | undefined {
  if (error instanceof Failure) return error.details.next;
  return error instanceof TemporalNotReached ? error.next : undefined;
}
