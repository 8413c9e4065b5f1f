import type { ReleaseView } from '../../domain/contract/gateway.ts';
import type { ReleaseStatus } from '../../domain/contract/status.ts';
import { approveHint, isForLane, waitingText } from './render-status.ts';
import { oneLine } from './safe-text.ts';
import { clock, dateAndTime, duration } from './words.ts';

/** Something that has happened; the same key is the same happening, however often it is seen. */
interface ReleaseEvent {
  key: string;
  /** Milliseconds; absent for what nobody has said a time of. */
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
    ...approvalEvents(status),
    ...status.log.map(({ at, line }) => ({ key: `log ${at} ${line}`, at, text: oneLine(line) })),
    ...(view.open ? waitingEvents(view, status, timeZone) : []),
  ];
}

/** One line per event that has not been told before, with the time when it happened, or when it was seen. Keeps what it has told. */
export function createEventFeed(timeZone?: string): (view: ReleaseView, now: number) => string[] {
  const told = new Set<string>();
  return (view, now) =>
    eventsOf(view, timeZone)
      .filter(({ key }) => !told.has(key) && told.add(key))
      .sort((a, b) => (a.at ?? now) - (b.at ?? now))
      .map(({ at, text }) =>
        at === undefined ? `${clock(now, timeZone)} seen: ${text}` : `${clock(at, timeZone)} ${text}`,
      );
}

/** What the run itself has said of them is said once. */
function approvalEvents({ approvals, log }: ReleaseStatus): ReleaseEvent[] {
  return approvals
    .filter(({ by, channel }) => !log.some(({ line }) => line.startsWith(`${by} (${channel}): approve`)))
    .map(({ by, at, channel }) => ({
      key: `approval ${by} ${at}`,
      at,
      text: `approved by ${oneLine(by)} (${oneLine(channel)})`,
    }));
}

/** How it ended is told as that, and is no stage. */
function stageEvents({ timings }: ReleaseStatus): ReleaseEvent[] {
  return timings
    .filter(({ stage }) => stage !== 'done')
    .flatMap(({ stage, startedAt, endedAt }) => [
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
      .map(({ component, phase, since, note }) => ({
        key: `region ${region} ${component} ${phase} ${since}`,
        ...(since !== undefined && { at: since }),
        text: `${oneLine(region)} ${oneLine(component)}: ${oneLine(phase)}${note ? ` (${oneLine(note)})` : ''}`,
      })),
  );
}

function waitingEvents(
  view: ReleaseView,
  { waitingFor, stage, timings, log, doing }: ReleaseStatus,
  timeZone?: string,
): ReleaseEvent[] {
  if (!waitingFor) return [];
  // What a run waits for is what it has said last that it does; a held one says it at its first try alone.
  const at = log.findLast(({ line }) => line === doing)?.at ?? timings.at(-1)?.startedAt;
  const begun = at === undefined ? {} : { at };
  if (isForLane({ stage })) return view.why.map((text) => ({ key: text, ...begun, text: oneLine(text) }));
  const until = waitingFor.until === undefined ? '' : `, until ${dateAndTime(waitingFor.until, timeZone)}`;
  const hint = stage === 'awaiting-approval' ? `; ${approveHint(view)}` : '';
  const text = `waits for ${waitingText(waitingFor)}${until}${hint}`;
  return [{ key: text, ...begun, text }];
}
