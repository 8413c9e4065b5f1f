import type { RegionPhase, Stage } from '../../../domain/contract/status.ts';
import type { RunFacts } from '../../../domain/insights/run-facts.ts';

export const minute = 60_000;
/** A Monday, 08:00 UTC. */
export const monday = Date.UTC(2026, 10, 30, 8);

let count = 0;

interface RunOptions {
  askedAt?: number;
  outcome?: string;
  /** Minutes that each stage takes, one after the other. */
  stages?: readonly (readonly [Stage, number])[];
  /** Region → minutes after it was asked for: from, to. */
  regions?: Readonly<Record<string, readonly [number, number]>>;
  /** Before it was asked for, minutes; undefined where nobody knows it. */
  committed?: number | undefined;
  more?: Partial<RunFacts>;
}

const usual = [
  ['building', 4],
  ['awaiting-approval', 6],
  ['awaiting-lane', 2],
  ['deploying', 10],
  ['verifying', 2],
] as const;

/** A release that went well: 4 min of building, 6 of people, 2 of the lane, 12 in two regions. */
export function aRun(options: RunOptions = {}): RunFacts {
  const { askedAt = monday, outcome = 'verified', stages = usual, regions = { de: [12, 16], nl: [16, 22] } } = options;
  const id = String((count += 1)).padStart(40, '0');
  const ends: number[] = [];
  for (const [, minutes] of stages) ends.push((ends.at(-1) ?? askedAt) + minutes * minute);
  const phase: RegionPhase = outcome === 'verified' ? 'verified' : outcome === 'rolled-back' ? 'rolled-back' : 'failed';
  const committed = 'committed' in options ? options.committed : 5;
  return {
    ...{
      runId: `release/shop/production/${id}/1`,
      number: count,
      service: 'shop',
      environment: 'production',
      commit: id,
    },
    ...{ askedBy: 'dana', askedAt, endedAt: ends.at(-1) ?? askedAt, outcome, summary: `it ended ${outcome}` },
    stages: stages.map(([stage], nth) => ({ stage, from: ends[nth - 1] ?? askedAt, to: ends[nth]! })),
    regions: Object.entries(regions).map(([region, [from, to]]) => ({
      ...{ region, phase, begunAt: askedAt + from * minute, since: askedAt + to * minute },
    })),
    ...(committed !== undefined && { committedAt: askedAt - committed * minute }),
    ...options.more,
  };
}

/** What puts a release back: so many minutes after that was asked for, in five. */
export function aRollback(of: RunFacts, after: number, more: Partial<RunFacts> = {}): RunFacts {
  const askedAt = of.askedAt + after * minute;
  return {
    ...aRun({ askedAt, outcome: 'rolled-back', stages: [['rolling-back', 5]], regions: { de: [0, 5] } }),
    ...{ runId: `rollback/shop/production/order-${after}`, undoes: of.runId, summary: 'too slow', ...more },
  };
}
