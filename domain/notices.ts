import { noticeEvents, noticeLevels } from './contract/notices.ts';
import type { NoticeEvent, NoticeFilter, NoticeLevel } from './contract/notices.ts';
import type { NotifySpec } from './contract/release.ts';

/** Which they are, in the order of the table. */
export const eventNames = Object.keys(noticeEvents) as NoticeEvent[];

export function levelsOf(event: NoticeEvent): readonly NoticeLevel[] {
  return noticeEvents[event].levels;
}

interface Notice {
  event: NoticeEvent;
  level: NoticeLevel;
}

/** Whether somebody is told of this. */
export function passes({ events, level = 'info' }: NoticeFilter, notice: Notice): boolean {
  const isHighEnough = noticeLevels.indexOf(notice.level) >= noticeLevels.indexOf(level);
  return isHighEnough && (events?.includes(notice.event) ?? !isOnlyNamed(notice.event));
}

function isOnlyNamed(event: NoticeEvent): boolean {
  const row: { levels: readonly NoticeLevel[]; onlyNamed?: true } | undefined = noticeEvents[event];
  return row?.onlyNamed ?? false;
}

/** Whether it lets through what nobody is told who is told everything. */
export function namesMore({ events = [] }: NoticeFilter): boolean {
  return events.some(isOnlyNamed);
}

/**
 * Whether a target of a release is told of this. Who may be woken hears of ends that are no problem as well: they are what lets them sleep again.
 * GitHub hears of all, whatever an entry says: what it was told of a run it shows until it is told how that ended.
 */
export function isToldTo({ kind, only }: NotifySpec, notice: Notice): boolean {
  const isEnd = notice.event === 'ended-well' || notice.event === 'ended-otherwise';
  return (
    kind === 'github' ||
    (kind === 'pagerduty' && isEnd && notice.level !== 'problem') ||
    (only ?? [{}]).some((filter) => passes(filter, notice))
  );
}

/** Of which something can pass. */
export function eventsPassing(filter: NoticeFilter): NoticeEvent[] {
  return eventNames.filter((event) => levelsOf(event).some((level) => passes(filter, { event, level })));
}

export function isNarrow({ events, level }: NoticeFilter): boolean {
  return events !== undefined || level !== undefined;
}

/** What passes both. */
export function narrowed(one: NoticeFilter, other: NoticeFilter): NoticeFilter {
  const events = one.events && other.events ? one.events.filter((event) => other.events?.includes(event)) : undefined;
  const both = events ?? one.events ?? other.events;
  const level = noticeLevels.findLast((each) => each === one.level || each === other.level);
  return { ...(both && { events: both }), ...(level && { level }) };
}
