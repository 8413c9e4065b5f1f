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
    const notification = aNotification({ facts: { log: 'one\ntwo' } });
    await createLogNotifier({ write: (line) => lines.push(line) }).notify(notification);
    expect(lines).toEqual([expect.not.stringContaining('\n')]);
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      notification: notification.title,
      event: 'ended-well',
      level: 'info',
      key: notification.key,
      facts: notification.facts,
    });
  });
});
