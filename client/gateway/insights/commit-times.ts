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
/** What no branch has any more, and a repository that did not answer, is not asked again and again. */
const againMs = 600_000;

/**
 * Of what was verified alone. Read from the repository that the policy names for the lane, whatever a request says: nobody who can write to the records
 * makes the gateway ask another one. A commit never changes: each is asked for once. Of a lane one ask is under way, for all who ask: whatever hangs,
 * hangs once.
 */
export function commitTimes(parts: Pick<GatewayParts, 'source' | 'pipeline' | 'log' | 'now'>): CommitTimes {
  const known = new Map<string, Millis>();
  const absent = new Map<string, Millis>();
  const failed = new Map<string, Millis>();
  const underWay = new Map<string, Promise<void>>();
  const nameOf = ({ service, commit }: RunFacts) => `${service} ${commit}`;

  const missingIn = (runs: readonly RunFacts[]) => {
    const now = parts.now();
    const isOf = (map: ReadonlyMap<string, Millis>, name: string) => now - (map.get(name) ?? -Infinity) <= againMs;
    const isInVain = (run: RunFacts) => isOf(absent, nameOf(run)) || isOf(failed, laneInPath(run));
    return runs.filter((run) => isVerified(run) && !known.has(nameOf(run)) && !isInVain(run));
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

  const askOnce = (lane: string, runs: readonly RunFacts[]): Promise<void> => {
    const asked = ask(missingIn(runs))
      .catch((error: unknown) => {
        keep(failed, lane, parts.now());
        parts.log?.(error);
      })
      .finally(() => underWay.delete(lane));
    underWay.set(lane, asked);
    return asked;
  };

  /** Without those that others ask already: nobody begins to wait behind one that hangs. */
  const askOthers = async (lanes: ReadonlyMap<string, readonly RunFacts[]>): Promise<void> => {
    // One after the other: each is a process of git.
    for (const [lane, those] of lanes) if (!underWay.has(lane)) await askOnce(lane, those);
  };

  return {
    async of(runs) {
      const lanes = Map.groupBy(missingIn(runs), laneInPath);
      const shared = [...lanes.keys()].flatMap((lane) => underWay.get(lane) ?? []);
      const asked = Promise.all([askOthers(lanes), ...shared]);
      if (lanes.size > 0) await inTime(asked, patienceMs, (words) => new Error(words)).catch(() => {});
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
