import type { Records } from '../../../activities/records/port.ts';
import { atOnce } from '../../../activities/steps/at-once.ts';
import { resultOf } from '../../../activities/steps/recorded-result.ts';
import type { Millis } from '../../../domain/contract/release.ts';
import type { ReleaseResult } from '../../../domain/contract/status.ts';
import { Failure } from '../../../domain/errors/failure.ts';
import { head } from '../../../domain/whole-text.ts';
import { factsOf } from '../../../domain/insights/run-facts.ts';

/** Of one run. */
export interface Told {
  outcome: string;
  /** When it began to write down how it has ended. */
  endedAt?: Millis;
  facts: ReturnType<typeof factsOf>;
}

/** How runs have ended, for whoever counts them. */
export interface EndedRuns {
  of(runIds: readonly string[]): Promise<Map<string, Told>>;
}

/** Read in one question, so that neither that nor what is made of its answer takes long. */
const atATime = 200;
/** Of those that were asked about last: a kilobyte or two each, and of none more than `factsOf` keeps. */
const mostKept = 10_000;

/** What is on record of an end never changes (schema-guards.ts): each is read once. */
export function endedRuns({ plans }: Pick<Records, 'plans'>): EndedRuns {
  const known = new Map<string, Told>();
  return {
    async of(runIds) {
      const missing = runIds.filter((id) => id !== '' && !known.has(id));
      const read = await readTold(plans, missing);
      const answer = new Map(
        runIds.flatMap((id) => {
          const told = read.get(id) ?? known.get(id);
          return told ? [[id, told] as const] : [];
        }),
      );
      for (const [id, told] of answer) {
        known.delete(id);
        known.set(id, told);
      }
      while (known.size > mostKept) known.delete(known.keys().next().value!);
      return answer;
    },
  };
}

/** Of these runs, those of which it is on record how they have ended, and can be read. */
async function readTold(plans: Records['plans'], runIds: readonly string[]): Promise<Map<string, Told>> {
  const told = new Map<string, Told>();
  for (let at = 0; at < runIds.length; at += atATime) {
    const ids = runIds.slice(at, at + atATime);
    const documents = await atOnce(plans, ids, ['result']).catch(unlessTooLarge);
    if (!documents) continue;
    for (const id of ids) {
      const result = await resultOf(documents, id);
      if (result) told.set(id, toldIn(result));
    }
  }
  return told;
}

/** What is too large together, which nobody's runs have made, is left out and told to be: it is a number beside many. */
function unlessTooLarge(error: unknown): undefined {
  if (!(error instanceof Failure && error.details.code === 'SLIP-REC-8')) throw error;
}

function toldIn(result: ReleaseResult): Told {
  const endedAt = result.timings.findLast(({ stage }) => stage === 'done')?.startedAt;
  return { outcome: head(result.outcome, 100), ...(endedAt !== undefined && { endedAt }), facts: factsOf(result) };
}
