import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { SignedDecision } from '../domain/contract/decisions.ts';
import type { LaneAnswer, LaneDisposition, LaneMember, SignedLaneOrder } from '../domain/contract/lane.ts';
import { messages } from '../domain/contract/names.ts';
import type { Ticket } from '../domain/contract/release.ts';
import type { LaneStatus, ReleaseStatus } from '../domain/contract/status.ts';

export const decideUpdate = defineUpdate<string, [SignedDecision]>(messages.decide);
export const decideSignal = defineSignal<[SignedDecision]>(messages.decideSignal);
export const statusQuery = defineQuery<ReleaseStatus>(messages.status);
/** Says nothing: a run that is woken looks whether a newer engine is current. */
export const wakeSignal = defineSignal(messages.wake);
export const laneAnswerSignal = defineSignal<[LaneAnswer]>(messages.laneAnswer);

export const joinLaneSignal = defineSignal<[LaneMember]>(messages.joinLane);
/** With the last ticket that the member was given, and has given back. */
export const claimLaneSignal = defineSignal<[LaneMember, Ticket?]>(messages.claimLane);
export const leaveLaneSignal = defineSignal<[{ releaseId: string; disposition: LaneDisposition | 'step-back' }]>(
  messages.leaveLane,
);
export const orderLaneUpdate = defineUpdate<LaneStatus, [SignedLaneOrder]>(messages.orderLane);
export const laneStatusQuery = defineQuery<LaneStatus>(messages.laneStatus);
