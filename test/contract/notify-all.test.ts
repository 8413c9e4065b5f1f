import { describe, expect, it } from '@jest/globals';
import { createAllNotifiers } from '../../activities/notify/all-notifiers.ts';
import { createLogNotifier } from '../../activities/notify/log-notifier.ts';
import type { Notifier } from '../../activities/notify/port.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { aNotification, describeNotifier } from './notify.suite.ts';

describeNotifier('all', async () => {
  const lines: string[] = [];
  return {
    notifier: createAllNotifiers({ notifiers: [createLogNotifier({ write: (line) => lines.push(line) })] }),
    seen: () => lines.map((line) => (JSON.parse(line) as { notification: string }).notification),
    tearDown: async () => {},
  };
});

describe('all notifiers together', () => {
  const refusing: Notifier = { notify: () => Promise.reject(failure('SLIP-NTF-2', 'no')) };
  const unreachable: Notifier = { notify: () => Promise.reject(failure('SLIP-NTF-1', 'later')) };

  it('tells everybody although one fails, and each only once when repeated', async () => {
    const lines: string[] = [];
    const log = createLogNotifier({ write: (line) => lines.push(line) });
    const all = createAllNotifiers({ notifiers: [refusing, log] });
    const notification = aNotification();
    await expect(all.notify(notification)).rejects.toThrow('SLIP-NTF-2');
    await expect(all.notify(notification)).rejects.toThrow('SLIP-NTF-2');
    expect(lines).toHaveLength(1);
  });

  it('asks to be repeated when that may help one of them', async () => {
    const all = createAllNotifiers({ notifiers: [refusing, unreachable] });
    await expect(all.notify(aNotification())).rejects.toMatchObject({ details: { kind: 'retryable' } });
  });

  it('is content when there is nobody to tell', async () => {
    await createAllNotifiers({ notifiers: [] }).notify(aNotification());
  });
});
