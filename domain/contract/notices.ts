/** How much it asks of people, from the least: who is told of a level is told of those above it, too. */
export const noticeLevels = ['info', 'attention', 'problem'] as const;
export type NoticeLevel = (typeof noticeLevels)[number];

interface EventRow {
  /** Which it can be of. */
  levels: readonly NoticeLevel[];
  says: string;
  /** Told to whoever names it, and to nobody else. */
  onlyNamed?: true;
}

/**
 * Everything that people are told of, wherever that is said: the words of messages, both files with their schemas, warnings and documentation
 * go by this table. Whoever has to do something is told by `attention` or more.
 */
export const noticeEvents = {
  started: {
    levels: ['info'],
    says: 'a release begins, before it is built. Told where it is named, and to GitHub',
    onlyNamed: true,
  },
  approval: { levels: ['attention'], says: 'a plan waits for approval' },
  'approval-reminder': { levels: ['attention'], says: 'it still waits, for as long as `remind` says' },
  'approval-escalated': {
    levels: ['attention'],
    says: 'nobody has decided for as long as `escalate` says: others may approve, too, from now on',
  },
  changing: {
    levels: ['info'],
    says: 'a release has its turn, approved where it must be, and begins to change something. Told as `started` is',
    onlyNamed: true,
  },
  held: { levels: ['problem'], says: 'a step cannot go on, and a person can decide about it' },
  failed: {
    levels: ['problem'],
    says: 'it failed after it had begun to change something; what follows is as `onFailure` says',
  },
  'region-failed': { levels: ['problem'], says: 'one region failed and goes back, the others go on' },
  'ended-well': { levels: ['info'], says: 'verified everywhere; of a rollback that was ordered: back' },
  'ended-otherwise': {
    levels: ['attention', 'problem'],
    says: 'it ended another way: `problem` where it failed or was halted, else `attention`',
  },
} as const satisfies Record<string, EventRow>;

export type NoticeEvent = keyof typeof noticeEvents;

/** What of all that somebody is told. What is left out narrows nothing. */
export interface NoticeFilter {
  events?: readonly NoticeEvent[];
  /** At least. */
  level?: NoticeLevel;
}

/** What a person would want to know, in one line and a few facts. */
export interface Notice {
  /** The same key twice is one message. */
  key: string;
  event: NoticeEvent;
  level: NoticeLevel;
  title: string;
  facts: Record<string, string>;
}
