/**
 * Characters of why a lane is closed: what a person may write, what a hold is kept with, what a lane takes of whoever tells it, and what a run
 * takes of whoever tells it why it waits. Each has room for the one before it: what a lane shows is never shorter than what is on record. All of
 * it is told to everybody who waits, and stored with each.
 */
export const longestReason = { ofOrder: 300, ofHold: 800, inLane: 1_000, toRun: 2_000 } as const;
