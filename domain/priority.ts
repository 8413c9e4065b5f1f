import { laneCaller, runKinds } from './run-kinds.ts';

/** Who is served first where work waits: Temporal's own scale, 1 before 5. */
export interface Priority {
  priorityKey: number;
  /** Services share a queue evenly, however much one of them asks for. At most 64 bytes: names of services are shorter. */
  fairnessKey: string;
}

/** The way back is before everything that goes forward, and a lane before those that wait for its answer. */
const urgency = { ...runKinds, lane: laneCaller };

/** Of a run as a whole. Its steps inherit it, where they do not say otherwise. */
export function priorityOf(kind: keyof typeof urgency, service: string): Priority {
  return { priorityKey: urgency[kind].priority, fairnessKey: service };
}

/** Of a step of the way back in a run that went forward until then. */
export const firstPriority = { priorityKey: urgency.rollback.priority };
