import type { webApi } from '@slack/bolt';
import type { Inside } from '../gateway/more-doors.ts';
import type { Who } from './who.ts';

export type SlackClient = webApi.WebClient;

/** What everything here is made of. */
export interface SlackParts extends Inside {
  client: SlackClient;
  who: Who;
  /** The workspace that the app is installed in. */
  team: () => Promise<string>;
  /** The message of that run is looked at next. */
  soon: (run: string) => void;
  now: () => number;
  log: (error: unknown) => void;
}
