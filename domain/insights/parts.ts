import type { Millis } from '../contract/release.ts';
import type { Stage } from '../contract/status.ts';
import type { StageSpan } from './run-facts.ts';

/** Some time of a run, in ms, by whose it was. */
export interface Parts {
  machinesMs: number;
  /** An approval, or a decision about a run that was held. */
  peopleMs: number;
  /** Others had the lane, or something closed it. */
  laneMs: number;
}

const waits: Partial<Record<Stage, 'people' | 'lane'>> = {
  'awaiting-approval': 'people',
  held: 'people',
  'awaiting-lane': 'lane',
};

/** Whom a stage waits for; undefined where machines are at work. */
export function waitsFor(stage: Stage): 'people' | 'lane' | undefined {
  return waits[stage];
}

/** The time between, taken apart: together its parts are all of it. While regions are held apart from others, machines may work all the same. */
export function partsOf(stages: readonly StageSpan[], from: Millis, to: Millis): Parts {
  const waited = (who: 'people' | 'lane') =>
    stages
      .filter(({ stage }) => waitsFor(stage) === who)
      .reduce((sum, span) => sum + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0);
  const [peopleMs, laneMs] = [waited('people'), waited('lane')];
  return { machinesMs: Math.max(0, to - from - peopleMs - laneMs), peopleMs, laneMs };
}
