import type { types } from '@slack/bolt';
import type { Call } from './stand-in.ts';

/** One message as it stands now. */
export interface Posted {
  ts: string;
  /** Of the message in whose thread it stands. */
  thread?: string;
  /** Whom alone it is shown to. */
  to?: string;
  text: string;
  blocks: types.KnownBlock[];
  /** How often it was changed since. */
  edits: number;
}

/** What people see of a channel. */
export interface Channel {
  messages: readonly Posted[];
  /** Called with each message that is new or another by now. */
  onChange: (message: Posted) => void;
  take(call: Call, answer: { ok: boolean; ts?: string }): void;
}

export function createChannel(): Channel {
  const messages: Posted[] = [];
  const channel: Channel = {
    messages,
    onChange: () => {},
    take({ method, said }, { ok, ts }) {
      if (!ok) return;
      const { thread_ts: thread, text = '' } = said;
      const blocks = JSON.parse(said['blocks'] ?? '[]') as types.KnownBlock[];
      if (method === 'chat.update') {
        const message = messages.find((one) => one.ts === said['ts']);
        if (message) channel.onChange(Object.assign(message, { text, blocks, edits: message.edits + 1 }));
      } else if (method === 'chat.postMessage' || method === 'chat.postEphemeral') {
        const to = method === 'chat.postEphemeral' ? said['user'] : undefined;
        const message = { ts: ts ?? '', text, blocks, edits: 0, ...(thread && { thread }), ...(to && { to }) };
        messages.push(message);
        channel.onChange(message);
      }
    },
  };
  return channel;
}
