import { randomUUID } from 'node:crypto';
import type { Picture } from '../../activities/records/port.ts';
import type { Message } from './message.ts';
import type { SlackClient } from './parts.ts';
import { isRefused } from './slack-errors.ts';

/** A picture that is this gateway's to draw for now. */
export interface Taken {
  channel: string;
  picture: Picture;
  /** Puts on record what is shown by now. Throws Lost where another gateway has it. */
  keep(picture: Picture): Promise<void>;
}

/** `isOld`: one that was there already, and may show what was. */
export interface Posted {
  ts: string;
  isOld: boolean;
}

export class Lost extends Error {}

/** By what a message of ours is found again in a channel: https://docs.slack.dev/messaging/message-metadata */
const eventType = 'slipway_run';

/** ms before it is posted once more where Slack does not let us look; twice as long each time, so that few are there twice. */
const pauses = { firstMs: 60_000, mostTimes: 6 };

/**
 * Posts a message, once: that it will be is on record first, and where no answer came it is looked for before it is posted again. Slack has no key by
 * which it would know a repetition. Undefined: not now.
 */
export async function postOnce(
  { client, now }: { client: SlackClient; now: () => number },
  taken: Taken,
  message: Message,
): Promise<Posted | undefined> {
  const { channel, picture } = taken;
  const { posting } = picture;
  if (posting) {
    const found = await findPosted(client, channel, posting);
    // What it says was so when it was posted: it is changed like any other.
    if (found.ts !== undefined) return { ts: found.ts, isOld: true };
    const pause = pauses.firstMs * 2 ** Math.min(posting.times - 1, pauses.mostTimes);
    if (!found.isSure && now() < posting.at + pause) return undefined;
  }
  const { id, times } = posting ?? { id: randomUUID(), times: 0 };
  const before = withoutMessage(picture);
  await taken.keep({ ...before, posting: { id, at: now(), times: times + 1 } });
  try {
    const posted = await client.chat.postMessage({
      ...{ channel, ...message, parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false },
      metadata: { event_type: eventType, event_payload: { id } },
    });
    if (posted.ts === undefined) throw new Error('Slack has not said which message it has made');
    return { ts: posted.ts, isOld: false };
  } catch (error) {
    if (isRefused(error)) await taken.keep(posting ? { ...before, posting } : before);
    throw error;
  }
}

function withoutMessage({ ended }: Picture): Picture {
  return ended ? { ended } : {};
}

/** s between our clock and that of Slack. */
const mostSkew = 60;
/** Since it was posted: those of a busy channel within minutes. */
const mostMessages = 200;

/** `isSure`: that it is not there. Throws where Slack does not answer. */
async function findPosted(
  client: SlackClient,
  channel: string,
  { id, at }: NonNullable<Picture['posting']>,
): Promise<{ ts?: string; isSure: boolean }> {
  try {
    const oldest = String(Math.max(0, Math.floor(at / 1_000) - mostSkew));
    const asked = { channel, oldest, limit: mostMessages, include_all_metadata: true } as const;
    const { messages = [], has_more: hasMore } = await client.conversations.history(asked);
    const found = messages.find(({ metadata }) => {
      const { id: one } = (metadata?.event_payload ?? {}) as { id?: unknown };
      return metadata?.event_type === eventType && one === id;
    });
    return { ...(found?.ts !== undefined && { ts: found.ts }), isSure: hasMore !== true };
  } catch (error) {
    // Without the scope, or out of the channel.
    if (isRefused(error)) return { isSure: false };
    throw error;
  }
}
