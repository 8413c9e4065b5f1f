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
 * those that were in place everywhere and ordered back later. Not what failed before it changed anything, which nobody outside has seen. The newest
 * first.
 */
export function troublesOf(runs: readonly RunFacts[]): Trouble[] {
  const backs = Map.groupBy(runs.filter(isOrderBack), ({ undoes = '' }) => undoes);
  const goods = goodEndsOf(runs);
  return runs
    .filter(({ undoes }) => undoes === undefined)
    .flatMap((run) => {
      const own = (backs.get(run.runId) ?? []).toSorted((a, b) => a.askedAt - b.askedAt);
      return troubleOf(run, { backs: own, goods: goods.get(laneInPath(run)) ?? [] }) ?? [];
    })
    .sort((a, b) => b.at - a.at);
}

/** A rollback that was ordered, however it went: not one that people have called off before it changed anything. */
function isOrderBack({ undoes, outcome }: RunFacts): boolean {
  const { changed, level } = meaningOf(outcome);
  return undoes !== undefined && (changed || level === 'problem');
}

const isDone = ({ outcome }: RunFacts) => meaningOf(outcome).back;

/** Of each lane when its releases were verified, the first one first. */
function goodEndsOf(runs: readonly RunFacts[]): Map<string, Millis[]> {
  const ends = new Map<string, Millis[]>();
  for (const [lane, those] of Map.groupBy(runs.filter(isVerified), laneInPath)) {
    const known = those.flatMap((one) => verifiedAt(one) ?? one.endedAt ?? []);
    ends.set(
      lane,
      known.sort((a, b) => a - b),
    );
  }
  return ends;
}

/** It changed something, is well nowhere for certain, and is not kept: also an outcome that only newer versions know. */
export function hasFailed({ undoes, outcome, endedAt }: RunFacts): boolean {
  const { changed, proven, undoable } = meaningOf(outcome);
  const hasEnded = outcome !== undefined || endedAt !== undefined;
  return undoes === undefined && hasEnded && changed && !proven && undoable !== 'current';
}

interface Beside {
  /** Rollbacks of it that were ordered, the first one first. */
  backs: readonly RunFacts[];
  /** When releases of its lane were verified, in order. */
  goods: readonly Millis[];
}

function troubleOf(run: RunFacts, beside: Beside): Trouble | undefined {
  const { runId, number, service, environment, commit } = run;
  const isInPlace = meaningOf(run.outcome).undoable === 'current';
  const found = hasFailed(run) ? failed(run, beside) : isInPlace ? (putBack(beside) ?? held(run)) : undefined;
  if (!found) return undefined;
  return { releaseId: runId, ...(number !== undefined && { number }), service, environment, commit, ...found };
}

type Found = Omit<Trouble, 'releaseId' | 'number' | 'service' | 'environment' | 'commit'>;

const failedPhases: readonly RegionPhase[] = ['failed', 'rolling-back', 'rolled-back', 'partly-back', 'unknown'];

function failed(run: RunFacts, beside: Beside): Found {
  const { outcome, endedAt = run.askedAt, failure, summary = '' } = run;
  const at = firstTrouble(run) ?? endedAt;
  const { back: isBack, undoable } = meaningOf(outcome);
  const end = isBack ? endedAt : nextGood(endedAt, beside);
  return {
    at,
    regions: run.regions.filter(({ phase }) => failedPhases.includes(phase)).map(({ region }) => region),
    ...(failure && { code: failure.code }),
    cause: failure?.words ?? summary,
    ended: isBack ? 'rolled-back' : undoable === 'left-behind' ? 'halted' : 'other',
    ...(end !== undefined && restored(run, at, end)),
  };
}

/**
 * From the first order on; restored by the first rollback that is done, of which alone regions are told: later ones put back others. Where none is
 * done, by a release that was verified after the last of them has ended.
 */
function putBack({ backs, goods }: Beside): Found | undefined {
  const [first] = backs;
  if (!first) return undefined;
  const done = backs.find(isDone);
  const told = done ?? first;
  const ends = backs.flatMap(({ endedAt }) => endedAt ?? []);
  const hasEnded = ends.length === backs.length;
  const end = done ? done.endedAt : hasEnded ? firstFrom(goods, Math.max(...ends)) : undefined;
  return {
    at: first.askedAt,
    regions: told.regions.filter(({ begunAt }) => begunAt !== undefined).map(({ region }) => region),
    cause: first.summary ?? '',
    ended: done ? 'put-back' : 'ordered-back',
    ...(end !== undefined && restored(told, first.askedAt, end)),
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
function nextGood(endedAt: Millis, { backs, goods }: Beside): Millis | undefined {
  const done = backs.filter(isDone).map((back) => back.endedAt);
  const ends = [firstFrom(goods, endedAt), ...done].filter((end) => end !== undefined && end >= endedAt);
  return ends.length === 0 ? undefined : Math.min(...(ends as Millis[]));
}

/** The first of these, which are in order, that is not before then: found by halving. */
function firstFrom(times: readonly Millis[], from: Millis): Millis | undefined {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < from) low = middle + 1;
    else high = middle;
  }
  return times[low];
}

/** What people were waited for is known of the run itself; after its end nobody knows who waited for whom. */
function restored({ stages }: RunFacts, at: Millis, end: Millis): { restoredMs: number; peopleMs: number } {
  const restoredMs = Math.max(0, end - at);
  return { restoredMs, peopleMs: Math.min(restoredMs, partsOf(stages, at, end).peopleMs) };
}
