import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { machineProblem } from '../shared/build-failure.ts';
import { describeResult, type CommandResult } from '../shared/run-command.ts';

/** What a tool said while it talked to a registry, as one of our failures. What is not understood is retryable: a registry is a network away. */
export function pushFailure(program: string, result: CommandResult): Failure {
  const detail = describeResult(program, result);
  if (result.notStarted !== undefined || machineProblem.test(result.tail)) return failure('SLIP-IMG-7', detail);
  if (
    /unauthorized|authentication required|denied|status(?: code)?:? 40[13]|403 Forbidden|no basic auth credentials/i.test(
      result.tail,
    )
  ) {
    return failure('SLIP-IMG-5', detail);
  }
  if (/name unknown|repository [^\n]{0,300} (does not|not) exist|manifest invalid|tag invalid|quota/i.test(result.tail))
    return failure('SLIP-IMG-8', detail);
  return failure('SLIP-IMG-2', detail);
}
