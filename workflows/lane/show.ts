import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Millis } from '../../domain/contract/release.ts';
import { closureInWords } from '../../domain/lane-closures.ts';
import { laneAttributes } from '../../domain/lane-state.ts';
import type { LaneState } from '../../domain/lane-state.ts';

/** Shows in the Temporal UI, and to whoever searches there, who writes, who waits, and what closes the lane. */
export function show(state: LaneState, now: Millis): void {
  setCurrentDetails(describe(state));
  const shown = workflowInfo().typedSearchAttributes;
  const changed = Object.entries(laneAttributes(state, now))
    .map(([name, value]) => ({ key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD), value }))
    .filter(({ key, value }) => (shown.get(key) ?? null) !== value);
  if (changed.length > 0) upsertSearchAttributes(changed);
}

function describe({ lane, holder, closures, queue }: LaneState): string {
  return [
    `**Lane of ${lane.service} in ${lane.environment}**`,
    holder ? `Held by \`${holder.member.releaseId}\`` : 'Nobody holds it',
    ...closures.map((closure) => `**${closure.kind}** \`${closure.id}\` (${closure.by}): ${closureInWords(closure)}`),
    ...queue.map((w) => `- \`${w.member.releaseId}\` ${w.claiming ? `waits: ${w.told ?? ''}` : 'has a place'}`),
  ].join('\n\n');
}
