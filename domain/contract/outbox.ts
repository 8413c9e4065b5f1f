import type { Notice, NoticeEvent } from './notices.ts';
import type { Millis } from './release.ts';

/** One message for one target. The same key for the same target is one message. */
export interface OutboxMessage extends Notice {
  /** Workflow id of the run that it is about. */
  run: string;
  /** What is told in order: of a target the messages of one thread come one after the other, in the order in which they were written. */
  thread: string;
  /** As the operator's policy names it. */
  target: string;
}

export const messageStates = ['waiting', 'delivered', 'dead', 'overtaken'] as const;
export type MessageState = (typeof messageStates)[number];

/** A message whose turn it is, for whoever is to send it. */
export interface ClaimedMessage extends OutboxMessage {
  id: number;
  /** How often it was claimed, this time included, since it was written or asked for again. */
  tries: number;
  age: Millis;
  /** The run has begun to change something. */
  hasBegun: boolean;
  /** The run has its outcome. */
  hasEnded: boolean;
  /** Events of those about the same run that come after it in its thread. */
  later: readonly NoticeEvent[];
  /** Of those about other runs: a thread may be a lane. */
  laterOfOthers: readonly NoticeEvent[];
}

/** What became of a message that was claimed. `why`: one line, for people. */
export type Delivery =
  | { came: 'delivered' }
  /** It is tried again. */
  | { came: 'failed'; why: string; againInMs: Millis }
  /** Nobody tries it any more. */
  | { came: 'dead'; why: string }
  /** What it says does not hold any more: it is not sent. */
  | { came: 'overtaken'; why: string };

/** What people see of one: its words, without the facts. */
export type NotificationView = Omit<ListedMessage, 'thread' | 'facts' | 'isCut'>;

/** Those that wait or are dead, the newest first; then the others, where they were asked for. */
export interface NotificationList {
  notifications: NotificationView[];
  /** There are older ones. */
  more?: true;
}

/** As it is on record. */
export interface ListedMessage extends OutboxMessage {
  id: number;
  state: MessageState;
  tries: number;
  madeAt: Millis;
  /** When it is tried next; of one that waits. */
  nextAt?: Millis;
  why?: string;
  /** In a list that had no room for more than these, though there are more, and more were asked for. */
  isCut?: true;
}
