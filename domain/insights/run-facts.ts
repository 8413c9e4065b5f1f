import type { Commit, Millis } from '../contract/release.ts';
import type { RegionPhase, ReleaseResult, Stage } from '../contract/status.ts';
import { head } from '../whole-text.ts';

/** What is counted of one run: of all that is on record, so much alone is kept of each. */
export interface RunFacts {
  runId: string;
  number?: number;
  service: string;
  environment: string;
  commit: Commit;
  askedBy: string;
  askedAt: Millis;
  /** When the commit was made, by the word of whoever has pushed it; absent where nobody could say it. */
  committedAt?: Millis;
  endedAt?: Millis;
  outcome?: string;
  summary?: string;
  /** Of a rollback: what it puts back. */
  undoes?: string;
  /** As the run has told them; none of one that was ended from outside, or has not ended. */
  stages: StageSpan[];
  regions: RegionFacts[];
  failure?: { code: string; words: string };
}

export interface StageSpan {
  stage: Stage;
  from: Millis;
  to: Millis;
}

export interface RegionFacts {
  region: string;
  phase: RegionPhase;
  begunAt?: Millis;
  since?: Millis;
}

/** More than any run has: what somebody has written into the records by hand is cut. */
const most = { stages: 500, regions: 100, name: 100, words: 500 };

type Told = Pick<RunFacts, 'stages' | 'regions' | 'failure'>;

/** Of what a run has told of its end. A stage without an end lasted until the next one; `done` takes no time. What ends before it begins took none. */
export function factsOf({ timings, regions, failure }: Pick<ReleaseResult, 'timings' | 'regions' | 'failure'>): Told {
  const spans = timings.slice(0, most.stages).map(({ stage, startedAt, endedAt }, index) => {
    const to = endedAt ?? timings[index + 1]?.startedAt ?? startedAt;
    return { stage, from: startedAt, to: Math.max(startedAt, to) };
  });
  return {
    stages: spans.filter(({ stage }) => stage !== 'done'),
    regions: regions.slice(0, most.regions).map(({ region, phase, begunAt, since }) => ({
      region: head(region, most.name),
      phase,
      ...(begunAt !== undefined && { begunAt }),
      ...(since !== undefined && { since }),
    })),
    ...(failure && { failure: { code: head(failure.code, most.name), words: head(failure.detail, most.words) } }),
  };
}
