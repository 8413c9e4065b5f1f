import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { SignedDecision } from '../domain/contract/decisions.ts';
import type { LaneAnswer, LaneDisposition, LaneFreeze, LaneMember } from '../domain/contract/lane.ts';
import { messages } from '../domain/contract/names.ts';
import type { LaneStatus, ReleaseStatus } from '../domain/contract/status.ts';

export const decideUpdate = defineUpdate<string, [SignedDecision]>(messages.decide);
export const decideSignal = defineSignal<[SignedDecision]>(messages.decideSignal);
export const statusQuery = defineQuery<ReleaseStatus>(messages.status);
export const laneAnswerSignal = defineSignal<[LaneAnswer]>(messages.laneAnswer);

export const joinLaneSignal = defineSignal<[LaneMember]>(messages.joinLane);
export const claimLaneSignal = defineSignal<[LaneMember]>(messages.claimLane);
export const leaveLaneSignal = defineSignal<[{ releaseId: string; disposition: LaneDisposition | 'step-back' }]>(
  messages.leaveLane,
);
export const freezeLaneUpdate = defineUpdate<LaneStatus, [LaneFreeze]>(messages.freezeLane);
export const unfreezeLaneUpdate = defineUpdate<LaneStatus, [{ by: string }]>(messages.unfreezeLane);
export const clearHoldUpdate = defineUpdate<LaneStatus, [{ by: string; reason: string }]>(messages.clearHold);
export const laneStatusQuery = defineQuery<LaneStatus>(messages.laneStatus);
