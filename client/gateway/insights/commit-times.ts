import { inTime } from '../../../activities/shared/in-time.ts';
import type { Commit, Millis } from '../../../domain/contract/release.ts';
import { isVerified } from '../../../domain/insights/durations.ts';
import type { RunFacts } from '../../../domain/insights/run-facts.ts';
import { laneInPath } from '../../../domain/contract/names.ts';
import type { GatewayParts } from '../calls.ts';

/** When commits were made, for whoever counts releases of them. */
interface CommitTimes {
  /** The same runs, with that where it could be told in time. */
  of(runs: readonly RunFacts[]): Promise<RunFacts[]>;
}

/** All repositories together have so long: what is fetched meanwhile is there for whoever asks next. */
const patienceMs = 2_500;
const mostKept = 20_000;
/** What no branch has any more is not asked for again and again. */
const againMs = 600_000;

/**
 * Of what was verified alone. Read from the repository that the policy names for the lane, whatever a request says: nobody who can write to the records
 * makes the gateway ask another one. A commit never changes: each is asked for once.
 */
export function commitTimes(parts: Pick<GatewayParts, 'source' | 'pipeline' | 'log' | 'now'>): CommitTimes {
  const known = new Map<string, Millis>();
  const absent = new Map<string, Millis>();
  const nameOf = ({ service, commit }: RunFacts) => `${service} ${commit}`;

  const missingIn = (runs: readonly RunFacts[]) => {
    const now = parts.now();
    const isAbsent = (name: string) => now - (absent.get(name) ?? -Infinity) <= againMs;
    return runs.filter((run) => isVerified(run) && !known.has(nameOf(run)) && !isAbsent(nameOf(run)));
  };

  const ask = async ([first, ...others]: readonly RunFacts[]): Promise<void> => {
    if (!first) return;
    const { repository } = (await parts.pipeline.policyOf(first)).floor;
    if (typeof repository !== 'string') return;
    const runs = [first, ...others].filter(({ commit }) => isCommit(commit));
    const times = await parts.source.times({ repository, commits: [...new Set(runs.map(({ commit }) => commit))] });
    const now = parts.now();
    for (const run of runs) {
      const at = times.get(run.commit);
      if (at === undefined) keep(absent, nameOf(run), now);
      else keep(known, nameOf(run), at);
    }
  };

  const askAll = async (runs: readonly RunFacts[]): Promise<void> => {
    // One after the other: each is a process of git.
    for (const those of Map.groupBy(runs, laneInPath).values())
      await ask(missingIn(those)).catch((error: unknown) => parts.log?.(error));
  };

  return {
    async of(runs) {
      const missing = missingIn(runs);
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

function keep(map: Map<string, Millis>, name: string, at: Millis): void {
  map.set(name, at);
  if (map.size > mostKept) map.delete(map.keys().next().value!);
}
