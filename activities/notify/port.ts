import type { Notice } from '../../domain/contract/notices.ts';

export interface Notification extends Notice {
  /** Workflow id of the run that it is about. */
  run: string;
}

export interface Notifier {
  notify(notification: Notification): Promise<void>;
}
