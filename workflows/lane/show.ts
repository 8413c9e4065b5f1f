import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Millis } from '../../domain/contract/release.ts';
import { renderLane } from '../../domain/lane-details.ts';
import { laneAttributes } from '../../domain/lane-state.ts';
import type { LaneState } from '../../domain/lane-state.ts';

/** Shows in the Temporal UI, and to whoever searches there, who writes, who waits, and what closes the lane. */
export function show(state: LaneState, now: Millis): void {
  setCurrentDetails(renderLane(state));
  const shown = workflowInfo().typedSearchAttributes;
  const changed = Object.entries(laneAttributes(state, now))
    .map(([name, value]) => ({ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value }))
    .filter(({ key, value }) => (shown.get(key) ?? null) !== value);
  if (changed.length > 0) upsertSearchAttributes(changed);
}
