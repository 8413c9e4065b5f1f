import { describe, expect, it } from '@jest/globals';
import { createLogNotifier } from '../../activities/notify/log-notifier.ts';
import { createNarrowNotifier } from '../../activities/notify/narrow-notifier.ts';
import type { Notification } from '../../activities/notify/port.ts';
import type { NoticeFilter } from '../../domain/contract/notices.ts';
import { aNotification, describeNotifier } from './notify.suite.ts';

function narrow(only: readonly NoticeFilter[]) {
  const titles: string[] = [];
  const write = (line: string) => titles.push((JSON.parse(line) as { notification: string }).notification);
  return { notifier: createNarrowNotifier(createLogNotifier({ write }), only), titles };
}

describeNotifier('narrow, of what passes', async () => {
  const { notifier, titles } = narrow([{ events: ['held'] }, { level: 'info' }]);
  return { notifier, seen: () => titles, tearDown: async () => {} };
});

describe('a narrow notifier', () => {
  const told: Partial<Notification>[] = [
    { title: 'approval wanted', event: 'approval', level: 'attention' },
    { title: 'held', event: 'held', level: 'problem' },
    { title: 'verified', event: 'ended-well', level: 'info' },
  ];

  it.each<[NoticeFilter[], string[]]>([
    [[{ level: 'attention' }], ['approval wanted', 'held']],
    [
      [{ level: 'problem' }, { events: ['ended-well'] }],
      ['held', 'verified'],
    ],
    [[{ events: ['approval'], level: 'problem' }], []],
  ])('tells what any of its filters lets through, and fails for nothing else: %j', async (only, expected) => {
    const { notifier, titles } = narrow(only);
    for (const one of told) await notifier.notify(aNotification({ ...one, key: one.title! }));
    expect(titles).toEqual(expected);
  });
});
