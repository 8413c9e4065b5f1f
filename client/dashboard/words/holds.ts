import type { Me } from '../../../domain/contract/gateway.ts';
import { laneInPath } from '../../../domain/contract/names.ts';
import type { LaneKey } from '../../../domain/contract/names.ts';
import type { LaneOverview } from '../../../domain/contract/overview.ts';

/** Lanes on hold in which somebody may decide: it is for them, or others like them, to look and to clear that. */
export function holdsFor(me: Pick<Me, 'grants'> | undefined, lanes: readonly LaneOverview[]): LaneKey[] {
  const decides = new Set((me?.grants ?? []).filter(({ may }) => may.includes('decide')).map(laneInPath));
  return lanes.filter((lane) => decides.has(laneInPath(lane)) && lane.closed?.some(({ kind }) => kind === 'hold'));
}
