import type { WeekNumber } from '../../../domain/contract/insights.ts';
import { trendPoints } from '../words/insights.ts';

/** A small line from week to week, for the eye alone: what it means is said above it. */
export function Trend({ values, limit }: { values: readonly WeekNumber[]; limit?: number }) {
  const { line, limitY } = trendPoints(values, limit);
  if (line === '') return null;
  return (
    <svg className="spark" viewBox="0 0 100 36" preserveAspectRatio="none" aria-hidden="true">
      {limitY !== undefined && <line className="limit" x1="0" x2="100" y1={limitY} y2={limitY} />}
      <polyline className="trend" points={line} />
    </svg>
  );
}
