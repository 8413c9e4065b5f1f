import { describe, expect, it } from '@jest/globals';
import { createLogNotifier } from '../../activities/notify/log-notifier.ts';
import { aNotification, describeNotifier } from './notify.suite.ts';

describeNotifier('log', async () => {
  const lines: string[] = [];
  return {
    notifier: createLogNotifier({ write: (line) => lines.push(line) }),
    seen: () => lines.map((line) => (JSON.parse(line) as { notification: string }).notification),
    tearDown: async () => {},
  };
});

describe('the log notifier', () => {
  it('writes one line, whatever the facts hold', async () => {
    const lines: string[] = [];
    const log = `one\ntwo\u001b[2J\r\u0007<!channel>${'x'.repeat(10_000)}`;
    const notification = aNotification({ facts: { log } });
    await createLogNotifier({ write: (line) => lines.push(line) }).notify(notification);
    // eslint-disable-next-line no-control-regex
    expect(lines).toEqual([expect.not.stringMatching(/[\u0000-\u001f]/)]);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      notification: notification.title,
      event: 'ended-well',
      level: 'info',
      key: notification.key,
      facts: notification.facts,
    });
  });
});
