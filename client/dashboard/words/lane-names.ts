import type { LaneKey } from '../../../domain/contract/names.ts';

/** Services or environments of these lanes, each once, by name. */
export function namesIn(lanes: readonly LaneKey[], which: 'service' | 'environment'): string[] {
  return [...new Set(lanes.map((lane) => lane[which]))].sort();
}
