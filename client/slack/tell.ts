import type { types } from '@slack/bolt';
import type { Asker } from './click.ts';
import type { SlackParts } from './parts.ts';

/** Told to whoever has asked, and to nobody else. Where that channel does not take it, as a message from Slipway to them. */
export async function tell(
  { client, log }: Pick<SlackParts, 'client' | 'log'>,
  { user, channel, thread }: Asker,
  text: string,
  blocks?: types.KnownBlock[],
): Promise<void> {
  const quiet = { text, ...(blocks && { blocks }), parse: 'none', link_names: false } as const;
  try {
    await client.chat.postEphemeral({ ...quiet, channel, user, ...(thread !== undefined && { thread_ts: thread }) });
  } catch (first) {
    log(first);
    await client.chat.postMessage({ ...quiet, channel: user, unfurl_links: false }).catch(log);
  }
}
