import { describe, expect, it } from '@jest/globals';
import { noticeLevels } from '../../domain/contract/notices.ts';
import type { NoticeEvent, NoticeFilter, NoticeLevel } from '../../domain/contract/notices.ts';
import { eventNames, eventsPassing, levelsOf, narrowed, passes } from '../../domain/notices.ts';

const everything = eventNames.flatMap((event) => levelsOf(event).map((level) => ({ event, level })));
const through = (filter: NoticeFilter) =>
  everything.filter((notice) => passes(filter, notice)).map(({ event, level }) => `${event} ${level}`);

describe('the table of what people are told', () => {
  it('is this', () => {
    expect(everything.map(({ event, level }) => `${event} ${level}`)).toEqual([
      'started info',
      'approval attention',
      'approval-reminder attention',
      'approval-escalated attention',
      'changing info',
      'held problem',
      'failed problem',
      'region-failed problem',
      'ended-well info',
      'ended-otherwise attention',
      'ended-otherwise problem',
    ]);
  });
});

describe('a filter', () => {
  it.each<[string, NoticeFilter, string[]]>([
    [
      'that says nothing lets everything through but what is told to whoever names it',
      {},
      through({ events: eventNames.filter((event) => event !== 'started' && event !== 'changing'), level: 'info' }),
    ],
    ['that names it lets that through', { events: ['started', 'changing'] }, ['started info', 'changing info']],
    [
      'for whoever has to act lets through what they are waited for',
      { level: 'attention' },
      [
        'approval attention',
        'approval-reminder attention',
        'approval-escalated attention',
        'held problem',
        'failed problem',
        'region-failed problem',
        'ended-otherwise attention',
        'ended-otherwise problem',
      ],
    ],
    [
      'for whoever is called lets through what has gone wrong',
      { level: 'problem' },
      ['held problem', 'failed problem', 'region-failed problem', 'ended-otherwise problem'],
    ],
    ['by events lets these through', { events: ['approval', 'ended-well'] }, ['approval attention', 'ended-well info']],
    [
      'by both lets through what fits both',
      { events: ['approval', 'ended-otherwise'], level: 'problem' },
      ['ended-otherwise problem'],
    ],
    ['that nothing fits lets nothing through', { events: ['approval'], level: 'problem' }, []],
  ])('%s', (_what, filter, expected) => {
    expect(through(filter)).toEqual(expected);
    expect(eventsPassing(filter)).toEqual([...new Set(expected.map((one) => one.split(' ')[0]))]);
  });

  it('of events that a later version has named does not hide those that are known', () => {
    const later: NoticeFilter = { events: ['approval', 'frozen' as NoticeEvent] };
    expect(through(later)).toEqual(['approval attention']);
    expect(through({ level: 'disaster' as NoticeLevel })).toEqual(through({}));
  });
});

describe('two filters, one behind the other', () => {
  const filters: NoticeFilter[] = [
    {},
    ...noticeLevels.map((level) => ({ level })),
    ...eventNames.map((event) => ({ events: [event] })),
    { events: ['approval', 'held', 'ended-otherwise'] },
    { events: ['held', 'ended-well'], level: 'info' },
    { events: ['ended-otherwise'], level: 'problem' },
  ];

  it('let through what passes both', () => {
    for (const one of filters)
      for (const other of filters) {
        const both = through(one).filter((notice) => through(other).includes(notice));
        const named = [one, other].every(({ events }) => events);
        expect(through(narrowed(one, other)).filter((notice) => named || !/^(started|changing) /.test(notice))).toEqual(
          both,
        );
      }
  });

  it('let through what is named alone where one names it and the other names nothing', () => {
    expect(through(narrowed({}, { events: ['started'] }))).toEqual(['started info']);
    expect(through(narrowed({ events: ['held'] }, { events: ['started'] }))).toEqual([]);
    expect(through(narrowed({ level: 'problem' }, { events: ['started'] }))).toEqual([]);
  });
});
