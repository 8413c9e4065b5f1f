import type { LaneRow, ReleaseRow } from '../../../domain/contract/gateway.ts';
import { shownClosure, shownLane, whyClosed } from './lane-closed.ts';
import { closedBy, heldInWords, insideOf, runInWords } from './lane-now.ts';
import type { Shown } from './states.ts';

/** A lane in a list: whether anything new begins there, and why not. */
export interface ListedLane {
  service: string;
  environment: string;
  shown: Shown;
  /** What closes it most, and how much more does. */
  why?: string;
  until?: string;
  by?: string;
  holder?: { releaseId: string; name: string; since: number; held?: { says: string; since: number } };
  isClosed: boolean;
  /** Nobody says here whether anything closes it. */
  isUntold: boolean;
}

/** `runs`: what is open, as far as it was told. */
export function listedLane(row: LaneRow, now: number, runs: readonly ReleaseRow[] = []): ListedLane {
  const { service, environment, holder, moreClosures = 0, untold } = row;
  const { closures } = closedBy(row.closures, now);
  const [first] = closures;
  const closure = first && shownClosure(first, now);
  const inside = insideOf(row, runs);
  const says = heldInWords(inside);
  const held = inside && says !== undefined ? { says, since: inside.since } : undefined;
  const more = closures.length - 1 + moreClosures;
  return {
    ...{ service, environment },
    shown: shownLane({ closures, holder, inside, isUnseen: untold }),
    ...(first && { why: `${whyClosed(first)}${more > 0 ? `, and ${more} more` : ''}` }),
    ...(closure && { until: closure.until, by: closure.by }),
    ...(untold && { why: 'what closes it is not told here: open the lane' }),
    ...(holder && { holder: { ...holder, name: runInWords(holder.releaseId), ...(held && { held }) } }),
    isClosed: closures.length > 0,
    isUntold: untold === true,
  };
}
