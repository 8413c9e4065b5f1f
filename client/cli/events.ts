import type { ReleaseView } from '../../domain/contract/gateway.ts';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import { approveHint, isForLane, waitingText } from './render-status.ts';
import { oneLine } from './safe-text.ts';
import { clock, dateAndTime, duration } from './words.ts';

/** Something that has happened; the same key is the same happening, however often it is seen. */
interface ReleaseEvent {
  key: string;
  /** Milliseconds; absent for what a status says without a time. */
  at?: number;
  text: string;
}

/** Everything that a view tells has happened, in no order. */
function eventsOf(view: ReleaseView, timeZone?: string): ReleaseEvent[] {
  const { status } = view;
  if (!status)
    return view.open ? [{ key: 'unseen', text: 'how far it is cannot be seen right now; the release goes on' }] : [];
  return [
    ...stageEvents(status),
    ...regionEvents(status),
    ...status.approvals.map(({ by, at, channel }) => ({
      key: `approval ${by} ${at}`,
      at,
      text: `approved by ${oneLine(by)} (${oneLine(channel)})`,
    })),
    ...status.log.map(({ at, line }) => ({ key: `log ${at} ${line}`, at, text: oneLine(line) })),
    ...(view.open ? waitingEvents(view, status, timeZone) : []),
  ];
}

/** One line per event that has not been told before. Keeps what it has told. */
export function createEventFeed(timeZone?: string): (view: ReleaseView, now: number) => string[] {
  const told = new Set<string>();
  return (view, now) =>
    eventsOf(view, timeZone)
      .filter(({ key }) => !told.has(key) && told.add(key))
      .sort((a, b) => (a.at ?? now) - (b.at ?? now))
      .map(({ at, text }) => `${clock(at ?? now, timeZone)} ${text}`);
}

function stageEvents({ timings }: ReleaseStatus): ReleaseEvent[] {
  return timings.flatMap(({ stage, startedAt, endedAt }) => [
    { key: `begin ${stage} ${startedAt}`, at: startedAt, text: `${oneLine(stage)}: begun` },
    ...(endedAt === undefined
      ? []
      : [
          {
            key: `end ${stage} ${startedAt}`,
            at: endedAt,
            text: `${oneLine(stage)}: done in ${duration(endedAt - startedAt)}`,
          },
        ]),
  ]);
}

function regionEvents({ regions }: ReleaseStatus): ReleaseEvent[] {
  return regions.flatMap(({ region, components }) =>
    components
      .filter(({ phase }) => phase !== 'pending')
      .map(({ component, phase, note }) => ({
        key: `region ${region} ${component} ${phase}`,
        text: `${oneLine(region)} ${oneLine(component)}: ${oneLine(phase)}${note ? ` (${oneLine(note)})` : ''}`,
      })),
  );
}

function waitingEvents(view: ReleaseView, { waitingFor, stage }: ReleaseStatus, timeZone?: string): ReleaseEvent[] {
  if (!waitingFor) return [];
  if (isForLane({ stage })) return view.why.map((text) => ({ key: text, text: oneLine(text) }));
  const until = waitingFor.until === undefined ? '' : `, until ${dateAndTime(waitingFor.until, timeZone)}`;
  const hint = stage === 'awaiting-approval' ? `; ${approveHint(view)}` : '';
  const text = `waits for ${waitingText(waitingFor)}${until}${hint}`;
  return [{ key: text, text }];
}
