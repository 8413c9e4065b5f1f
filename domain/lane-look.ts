import type { LaneHolder } from './contract/lane.ts';
import type { Millis, Ticket } from './contract/release.ts';
import { isSameTicket } from './ticket.ts';

/** When somebody looks whether the holder's run is still there. Due by the clock, however much the lane hears meanwhile. */
export interface HolderLook {
  ticket: Ticket;
  due: Millis;
  patience: Millis;
}

/** A minute after it got the lane, then ever more rarely, ms. */
const firstPatience = 60_000;
const longestPatience = 900_000;

/** The look at this holder; a new one when it is another holder than before. */
export function lookAt(
  holder: LaneHolder | undefined,
  before: HolderLook | undefined,
  now: Millis,
): HolderLook | undefined {
  if (!holder) return undefined;
  if (before && isSameTicket(before.ticket, holder.ticket)) return before;
  return { ticket: holder.ticket, due: now + firstPatience, patience: firstPatience };
}

/** When it is due: while somebody waits for the lane a minute after the last one, so that nobody waits long for a run that is gone. */
export function dueOf({ due, patience }: HolderLook, isAwaited: boolean): Millis {
  return isAwaited ? Math.min(due, due - patience + firstPatience) : due;
}

/** After one that found it still there. */
export function nextLook({ ticket, patience }: HolderLook, now: Millis): HolderLook {
  const longer = Math.min(patience * 2, longestPatience);
  return { ticket, due: now + longer, patience: longer };
}
