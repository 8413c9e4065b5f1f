import type { types } from '@slack/bolt';
import type { Picture } from '../../activities/records/port.ts';
import type { GatewayParts } from '../gateway/calls.ts';
import { drawPlan } from './details.ts';
import type { Message, Shown } from './message.ts';
import type { SlackClient } from './parts.ts';
import { plannedOf } from './picture-facts.ts';
import { postOnce } from './post-once.ts';
import type { Taken } from './post-once.ts';
import { isGone, isRefused } from './slack-errors.ts';

/** ms behind its end in which a run is still drawn: what nobody has seen by then is no news. */
const newsMs = 86_400_000;

interface DrawParts {
  parts: GatewayParts;
  client: SlackClient;
  now: () => number;
}

/** What is to be shown. */
export interface Drawing {
  shown: Shown;
  message: Message;
  hash: string;
}

export function hasEnded({ view }: Shown): boolean {
  return !view.open && view.unknown === undefined;
}

/** Shows that, with each step on record as soon as it is done. False where it is not shown yet. Throws what Slack answers, and Lost. */
export async function draw(
  slack: DrawParts,
  taken: Taken,
  drawing: Drawing,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { shown, hash } = drawing;
  const ended = hasEnded(shown) ? ({ ended: true } as const) : {};
  const before = taken.picture;
  // Whatever was to be told of it is old by now.
  if (hasEnded(shown) && (shown.view.endedAt ?? 0) < slack.now() - newsMs) {
    await taken.keep({ ...before, ...ended });
    return true;
  }
  const ts = before.hash === hash && before.ts !== undefined ? before.ts : await put(slack, taken, drawing.message);
  if (ts === undefined) return false;
  const { detailsOf, nudgedAt } = ts === before.ts ? before : {};
  const inThread = { ...(detailsOf !== undefined && { detailsOf }), ...(nudgedAt !== undefined && { nudgedAt }) };
  await taken.keep({ ts, hash, ...inThread, ...ended });
  if (!signal?.aborted) await detail(slack, taken, shown);
  if (!signal?.aborted) await remind(slack, taken, shown);
  return true;
}

/** The message itself: changed, or posted where there is none any more. */
async function put(slack: DrawParts, taken: Taken, message: Message): Promise<string | undefined> {
  const { channel, picture } = taken;
  if (picture.ts === undefined) return post(slack, taken, message);
  try {
    await slack.client.chat.update({ channel, ts: picture.ts, ...message, parse: 'none', link_names: false });
    return picture.ts;
  } catch (error) {
    if (!isGone(error)) throw error;
    return post(slack, taken, message);
  }
}

/** One whose posting had no answer shows what was then: that it is there is on record before it is changed. */
async function post(slack: DrawParts, taken: Taken, message: Message): Promise<string | undefined> {
  const posted = await postOnce(slack, taken, message);
  if (!posted?.isOld) return posted?.ts;
  await taken.keep({ ts: posted.ts });
  return put(slack, taken, message);
}

/** What the plan changes stands in the thread, once for each plan at most: where nobody knows whether it does, the button for it is there. */
async function detail({ parts, client }: DrawParts, taken: Taken, { view }: Shown): Promise<void> {
  const hash = view.recorded?.planHash;
  const before = taken.picture;
  if (hash === undefined || before.detailsOf === hash || !view.open) return;
  const planned = await plannedOf(parts, view);
  await taken.keep({ ...before, detailsOf: hash });
  // Its plan is not on record any more: there is nothing to say of it, now or later.
  if (!planned) return;
  const text = `What plan ${hash.slice(0, 12)} changes`;
  await inThread({ client }, taken, before, { text, blocks: drawPlan(planned) });
}

/** People are reminded, once at most for each time: of what was due while no gateway was there, of the last. */
async function remind({ client }: DrawParts, taken: Taken, { nudge }: Shown): Promise<void> {
  const before = taken.picture;
  if (!nudge || before.nudgedAt === nudge.at) return;
  await taken.keep({ ...before, nudgedAt: nudge.at });
  await inThread({ client }, taken, before, { text: nudge.text });
}

/** On record already as said; what Slack has refused is not. */
async function inThread(
  { client }: Pick<DrawParts, 'client'>,
  taken: Taken,
  before: Picture,
  said: { text: string; blocks?: types.KnownBlock[] },
): Promise<void> {
  const quiet = { parse: 'none', link_names: false, unfurl_links: false, unfurl_media: false } as const;
  try {
    await client.chat.postMessage({ channel: taken.channel, thread_ts: before.ts!, ...said, ...quiet });
  } catch (error) {
    if (isRefused(error)) await taken.keep(before);
    throw error;
  }
}
