import type { FailureDetails } from '../../../domain/errors/failure.ts';
import { rolloutCodes } from '../../../domain/rollout-cause.ts';
import { readFailureInWords } from '../../../domain/rollout-words.ts';
import type { ToldRollout } from '../../../domain/rollout-words.ts';

const codes: readonly string[] = Object.values(rolloutCodes);

/** What a failed rollout says; undefined of every other failure, whose detail may be anybody's words. */
export function rolloutIn({ code, detail }: FailureDetails): ToldRollout | undefined {
  return codes.includes(code) ? readFailureInWords(detail) : undefined;
}
