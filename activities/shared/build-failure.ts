import { failure } from '../../domain/errors/catalogue.ts';
import type { Failure } from '../../domain/errors/failure.ts';
import { describeResult, type CommandResult } from './run-command.ts';

/** A build that failed by its own fault, or by the machine's. A base image that cannot be fetched for want of a network is the machine's. */
export function buildFailure(program: string, result: CommandResult): Failure {
  const detail = describeResult(program, result);
  const notItsFault =
    result.notStarted !== undefined ||
    result.timedOut ||
    machineProblem.test(result.tail) ||
    fetchProblem.test(result.tail);
  return failure(notItsFault ? 'SLIP-IMG-7' : 'SLIP-IMG-1', detail);
}

export const machineProblem =
  /no space left on device|cannot connect to the docker daemon|error during connect|is the docker daemon running|read-only file system|cannot allocate memory/i;
const fetchProblem =
  /(?:pinging container registry|pull access|initializing source docker:|failed to (?:do request|resolve source metadata)|Get "https?:\/\/[^"\n]{1,300}\/v2\/)[^\n]{0,500}(?:timeout|connection re(?:fused|set)|no such host|network is unreachable|temporary failure|EOF|toomanyrequests|50[0234])/i;
