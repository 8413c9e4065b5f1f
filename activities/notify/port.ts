import type { NoticeEvent, NoticeLevel } from '../../domain/contract/notices.ts';

/** What a person would want to know, in one line and a few facts. */
export interface Notification {
  /** The same key twice is one message. */
  key: string;
  event: NoticeEvent;
  level: NoticeLevel;
  title: string;
  facts: Record<string, string>;
}

export interface Notifier {
  notify(notification: Notification): Promise<void>;
}
