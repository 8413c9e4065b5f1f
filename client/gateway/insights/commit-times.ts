import { inTime } from '../../../activities/shared/in-time.ts';
import type { Commit, Millis } from '../../../domain/contract/release.ts';
import { isVerified } from '../../../domain/insights/durations.ts';
import type { RunFacts } from '../../../domain/insights/run-facts.ts';
import { laneInPath } from '../../../domain/contract/names.ts';
import type { GatewayParts } from '../calls.ts';

/** When commits were made, for whoever counts releases of them. */
export interface CommitTimes {
  /** The same runs, with that where it could be told in time. */
  of(runs: readonly RunFacts[]): Promise<RunFacts[]>;
}

/** All repositories together have so long: what is fetched meanwhile is there for whoever asks next. */
const patienceMs = 2_500;
const mostKept = 20_000;

/**
 * Of what was verified alone. Read from the repository that the policy names for the lane, whatever a request says: nobody who can write to the records
 * makes the gateway ask another one. A commit never changes: each is asked for once.
 */
export function commitTimes(parts: Pick<GatewayParts, 'source' | 'pipeline' | 'log'>): CommitTimes {
  const known = new Map<string, Millis>();
  const nameOf = ({ service, commit }: RunFacts) => `${service} ${commit}`;

  const ask = async (service: string, runs: readonly RunFacts[]): Promise<void> => {
    const { floor } = await parts.pipeline.policyOf(runs[0]!);
    const { repository } = floor;
    if (typeof repository !== 'string') return;
    const commits = [...new Set(runs.map(({ commit }) => commit))].filter(isCommit);
    const times = await parts.source.times({ repository, commits });
    for (const [commit, at] of times) known.set(`${service} ${commit}`, at);
    while (known.size > mostKept) known.delete(known.keys().next().value!);
  };

  const askAll = async (runs: readonly RunFacts[]): Promise<void> => {
    // One after the other: each is a process of git.
    for (const those of Map.groupBy(runs, laneInPath).values())
      await ask(
        those[0]!.service,
        those.filter((run) => !known.has(nameOf(run))),
      ).catch((error: unknown) => parts.log?.(error));
  };

  return {
    async of(runs) {
      const missing = runs.filter((run) => isVerified(run) && !known.has(nameOf(run)));
      if (missing.length > 0) await inTime(askAll(missing), patienceMs, (words) => new Error(words)).catch(() => {});
      return runs.map((run) => {
        const committedAt = isVerified(run) ? known.get(nameOf(run)) : undefined;
        return committedAt === undefined ? run : { ...run, committedAt };
      });
    },
  };
}

function isCommit(text: string): text is Commit {
  return /^[0-9a-f]{40}$/.test(text);
}
