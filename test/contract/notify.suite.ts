import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Notification, Notifier } from '../../activities/notify/port.ts';

export function aNotification(changes: Partial<Notification> = {}): Notification {
  const run = `release/shop/production/${randomUUID()}/1`;
  return {
    run,
    key: `${run} verified ü`,
    event: 'ended-well',
    level: 'info',
    title: 'shop is verified',
    facts: { region: 'eu' },
    ...changes,
  };
}

export interface NotifierUnderTest {
  notifier: Notifier;
  /** What people have seen: the titles, in order. */
  seen(): string[];
  tearDown(): Promise<void>;
}

/** What every notifier must do. */
export function describeNotifier(name: string, setUp: () => Promise<NotifierUnderTest>): void {
  describe(`Notifier: ${name}`, () => {
    let subject: NotifierUnderTest;
    beforeEach(async () => {
      subject = await setUp();
    });
    afterEach(() => subject.tearDown());

    it('shows a notification once when the reply was lost', async () => {
      const notification = aNotification();
      await subject.notifier.notify(notification);
      await subject.notifier.notify(notification);
      expect(subject.seen()).toEqual(['shop is verified']);
    });

    it('shows a notification once when it is sent twice at once', async () => {
      const notification = aNotification();
      await Promise.all([subject.notifier.notify(notification), subject.notifier.notify(notification)]);
      expect(subject.seen()).toEqual(['shop is verified']);
    });

    it('shows notifications of different keys each', async () => {
      await subject.notifier.notify(aNotification({ title: 'one' }));
      await subject.notifier.notify(aNotification({ title: 'two', facts: { log: 'line\nline "quoted"' } }));
      expect(subject.seen()).toEqual(['one', 'two']);
    });
  });
}
