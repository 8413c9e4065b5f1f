import { z } from 'zod';
import type { Check } from '../../domain/contract/verdicts.ts';
import { isSameTicket } from '../../domain/ticket.ts';
import type { Records } from '../records/port.ts';
import { ticket } from './input-fields.ts';
import type { Of, RegionMark } from './region-proofs.ts';

/** What a smoke test has answered in a region, and what is said of it. */
export interface SmokeAnswer {
  verdict: 'pass' | 'fail';
  words: string;
}

/** `change`: the last change of the region when the look began: another makes it untested. */
const onRecord = z.object({
  verdict: z.enum(['pass', 'fail']),
  words: z.string(),
  ticket,
  planHash: z.string(),
  change: z.number().optional(),
});

/** Each test of a region for itself: it is not run again because another one there has told nothing, or failed. */
export interface SmokeAnswers {
  /** Undefined where it has not answered since the last change. */
  known(test: string): Promise<SmokeAnswer | undefined>;
  keep(test: string, answer: SmokeAnswer): Promise<void>;
}

/** What the check of a smoke test says that has answered; undefined where it has not. */
export function answerOf({ verdict, summary: words }: Check): SmokeAnswer | undefined {
  return verdict === 'inconclusive' ? undefined : { verdict, words };
}

/** Of this run, under this plan. */
export function smokeAnswers(
  { plans }: Pick<Records, 'plans'>,
  { releaseId, planHash, ticket }: Of,
  { region, mark }: { region: string; mark: RegionMark },
): SmokeAnswers {
  const change = mark.last?.number;
  return {
    async known(test) {
      const kept = onRecord.safeParse(await plans.kept(releaseId, answeredIn(region, test))).data;
      if (kept?.planHash !== planHash || !isSameTicket(kept.ticket, ticket) || kept.change !== change) return undefined;
      return { verdict: kept.verdict, words: kept.words };
    },
    keep: (test, answer) => plans.keep(releaseId, answeredIn(region, test), { ...answer, ticket, planHash, change }),
  };
}

/** Beside what is kept of regions, whose names have no slash. */
export const answeredIn = (region: string, test: string) => `seen-${region}/${test}`;
