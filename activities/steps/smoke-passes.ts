import { isSameTicket } from '../../domain/ticket.ts';
import type { Ticket } from '../../domain/contract/release.ts';
import type { Records } from '../records/port.ts';
import type { Of, RegionMark } from './region-proofs.ts';

/** That a smoke test has passed in a region, under this plan. */
interface Pass {
  /** What was said of it. */
  said: string;
  ticket: Ticket;
  planHash: string;
  /** The last change of the region when the look began: another makes it untested. */
  change?: number | undefined;
}

/** Each test of a region for itself: it is not run again because another one there has told nothing, or failed. */
export interface SmokePasses {
  /** What was said of it; undefined where it has not passed since the last change. */
  said(test: string): Promise<string | undefined>;
  keep(test: string, said: string): Promise<void>;
}

export function smokePasses(
  { plans }: Pick<Records, 'plans'>,
  { releaseId, planHash, ticket }: Of,
  { region, mark }: { region: string; mark: RegionMark },
): SmokePasses {
  const change = mark.last?.number;
  return {
    async said(test) {
      const kept = (await plans.kept(releaseId, passedIn(region, test))) as Pass | undefined;
      if (kept?.planHash !== planHash || !isSameTicket(kept.ticket, ticket) || kept.change !== change) return undefined;
      return kept.said;
    },
    keep: (test, said) =>
      plans.keep(releaseId, passedIn(region, test), { said, ticket, planHash, change } satisfies Pass),
  };
}

/** Beside what is kept of regions, whose names have no slash. */
const passedIn = (region: string, test: string) => `seen-${region}/${test}`;
