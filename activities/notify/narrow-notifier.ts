import type { NoticeFilter } from '../../domain/contract/notices.ts';
import { passes } from '../../domain/notices.ts';
import type { Notifier } from './port.ts';

/** Tells only what passes one of these. What does not is not an error: nobody wants to hear of it. */
export function createNarrowNotifier(notifier: Notifier, only: readonly NoticeFilter[]): Notifier {
  return {
    async notify(notification) {
      if (only.some((filter) => passes(filter, notification))) await notifier.notify(notification);
    },
  };
}
