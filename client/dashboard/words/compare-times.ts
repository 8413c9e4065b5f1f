import type { ReleaseView } from '../../../domain/contract/gateway.ts';
import { trackOf } from './track.ts';
import type { TrackPart } from './track.ts';

/** How long a stage took in each of two runs. */
export interface ComparedStage {
  name: string;
  waits?: TrackPart['waits'];
  before?: number;
  after?: number;
}

/** Stages that took time in either, in the order of the later run; what one was in several times is told together. */
export function comparedStages(a: ReleaseView, b: ReleaseView, now: number): ComparedStage[] {
  const [before, after] = [trackOf(a, now), trackOf(b, now)];
  const names = [...new Set([...after, ...before].map(({ name }) => name))];
  return names.map((name) => {
    const waits = [...after, ...before].find((one) => one.name === name)?.waits;
    const [old, own] = [sumOf(before, name), sumOf(after, name)];
    return {
      name,
      ...(waits && { waits }),
      ...(old !== undefined && { before: old }),
      ...(own !== undefined && { after: own }),
    };
  });
}

function sumOf(parts: readonly TrackPart[], name: string): number | undefined {
  const own = parts.filter((part) => part.name === name);
  return own.length === 0 ? undefined : own.reduce((sum, { ms }) => sum + ms, 0);
}

/** For bars: of the longest. */
export function longestOf(stages: readonly ComparedStage[]): number {
  return Math.max(1, ...stages.flatMap(({ before = 0, after = 0 }) => [before, after]));
}
