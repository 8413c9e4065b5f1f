import type { Notification, Notifier } from './port.ts';

const remembered = 1_000;

/**
 * Sends each key once: a repetition after success does nothing, one that comes meanwhile waits for the same sending, one after a
 * failure sends again. Knows only what this process has sent (the latest thousand keys); the receiver may have to look at the key too.
 */
export function oncePerKey(send: (notification: Notification) => Promise<void>): Notifier {
  const sendings = new Map<string, Promise<void>>();
  return {
    async notify(notification) {
      const known = sendings.get(notification.key);
      if (known) return known;
      const sending = send(notification);
      sendings.set(notification.key, sending);
      const oldest = sendings.keys().next();
      if (sendings.size > remembered && !oldest.done) sendings.delete(oldest.value);
      try {
        await sending;
      } catch (error) {
        if (sendings.get(notification.key) === sending) sendings.delete(notification.key);
        throw error;
      }
    },
  };
}
