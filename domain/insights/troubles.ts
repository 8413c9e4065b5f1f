import type { Trouble } from '../contract/insights.ts';
import { laneInPath } from '../contract/names.ts';
import type { Millis } from '../contract/release.ts';
import type { RegionPhase } from '../contract/status.ts';
import { meaningOf } from '../outcomes.ts';
import { isVerified, verifiedAt } from './durations.ts';
import { partsOf } from './parts.ts';
import type { RunFacts } from './run-facts.ts';

/**
 * What failed in front of people: releases that were held after they had begun to change something, those that went back or were left half way, and
 * those that were verified and put back later. Not what failed before it changed anything, which nobody outside has seen. The newest first.
 */
export function troublesOf(runs: readonly RunFacts[]): Trouble[] {
  const backs = Map.groupBy(runs.filter(isBackAgain), ({ undoes = '' }) => undoes);
  const lanes = Map.groupBy(runs, laneInPath);
  return runs
    .filter(({ undoes }) => undoes === undefined)
    .flatMap((run) => {
      const back = backs.get(run.runId)?.toSorted((a, b) => a.askedAt - b.askedAt);
      return troubleOf(run, { backs: back ?? [], lane: lanes.get(laneInPath(run)) ?? [] }) ?? [];
    })
    .sort((a, b) => b.at - a.at);
}

/** A rollback that was ordered, and is done. */
function isBackAgain({ undoes, outcome }: RunFacts): boolean {
  return undoes !== undefined && meaningOf(outcome).back;
}

/** It changed something, is well nowhere for certain, and is not kept: also an outcome that only newer versions know. */
export function hasFailed({ undoes, outcome, endedAt }: RunFacts): boolean {
  const { changed, proven, undoable } = meaningOf(outcome);
  const hasEnded = outcome !== undefined || endedAt !== undefined;
  return undoes === undefined && hasEnded && changed && !proven && undoable !== 'current';
}

interface Beside {
  /** Rollbacks of it, the first one first. */
  backs: readonly RunFacts[];
  /** All of its lane. */
  lane: readonly RunFacts[];
}

function troubleOf(run: RunFacts, beside: Beside): Trouble | undefined {
  const { runId, number, service, environment, commit } = run;
  const found = hasFailed(run) ? failed(run, beside) : isVerified(run) ? (putBack(beside) ?? held(run)) : undefined;
  if (!found) return undefined;
  return { releaseId: runId, ...(number !== undefined && { number }), service, environment, commit, ...found };
}

type Found = Omit<Trouble, 'releaseId' | 'number' | 'service' | 'environment' | 'commit'>;

const failedPhases: readonly RegionPhase[] = ['failed', 'rolling-back', 'rolled-back', 'partly-back', 'unknown'];

function failed(run: RunFacts, { backs, lane }: Beside): Found {
  const { outcome, endedAt = run.askedAt, failure, summary = '' } = run;
  const at = firstTrouble(run) ?? endedAt;
  const { back: isBack, undoable } = meaningOf(outcome);
  const end = isBack ? endedAt : nextGood(run, { backs, lane });
  return {
    at,
    regions: run.regions.filter(({ phase }) => failedPhases.includes(phase)).map(({ region }) => region),
    ...(failure && { code: failure.code }),
    cause: failure?.words ?? summary,
    ended: isBack ? 'rolled-back' : undoable === 'left-behind' ? 'halted' : 'other',
    ...(end !== undefined && restored(run, at, end)),
  };
}

/** The first rollback of it alone: later ones put back other regions. */
function putBack({ backs: [back] }: Beside): Found | undefined {
  if (!back) return undefined;
  const { askedAt: at, endedAt, summary = '', regions } = back;
  return {
    at,
    regions: regions.filter(({ begunAt }) => begunAt !== undefined).map(({ region }) => region),
    cause: summary,
    ended: 'put-back',
    ...(endedAt !== undefined && restored(back, at, endedAt)),
  };
}

function held(run: RunFacts): Found | undefined {
  const at = firstTrouble(run);
  const end = verifiedAt(run);
  if (at === undefined || end === undefined) return undefined;
  return { at, regions: [], cause: run.failure?.words ?? '', ended: 'held', ...restored(run, at, end) };
}

/** When it was first held, or began to go back, after it had begun to change something. */
function firstTrouble({ stages }: RunFacts): Millis | undefined {
  const changing = stages.findIndex(({ stage }) => stage === 'migrating' || stage === 'deploying');
  if (changing < 0) return undefined;
  return stages.slice(changing).find(({ stage }) => stage === 'held' || stage === 'rolling-back')?.from;
}

/** When its lane was well again after it: a rollback of it was done, or a later release was verified. Undefined while neither is on record. */
function nextGood({ endedAt = 0, runId }: RunFacts, { backs, lane }: Beside): Millis | undefined {
  const ends = [
    ...backs.map((back) => back.endedAt),
    ...lane.filter((one) => one.runId !== runId && isVerified(one)).map((one) => verifiedAt(one) ?? one.endedAt),
  ];
  const later = ends.filter((end): end is Millis => end !== undefined && end >= endedAt);
  return later.length === 0 ? undefined : Math.min(...later);
}

/** What people were waited for is known of the run itself; after its end nobody knows who waited for whom. */
function restored({ stages }: RunFacts, at: Millis, end: Millis): { restoredMs: number; peopleMs: number } {
  const restoredMs = Math.max(0, end - at);
  return { restoredMs, peopleMs: Math.min(restoredMs, partsOf(stages, at, end).peopleMs) };
}
