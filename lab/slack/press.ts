import { signatureOf } from '../../client/slack/signature.ts';
import type { Posted } from './channel.ts';
import type { SlackStandIn } from './stand-in.ts';

/** Where clicks go, and what they are signed with. */
export interface Receiver {
  gatewayUrl: string;
  signingSecret: string;
}

export interface Press {
  /** Of whoever presses. */
  user: string;
  button: string;
  message: Posted;
}

/** As Slack tells of a pressed button. */
export interface Click {
  user: string;
  team: string;
  channel: string;
  ts: string;
  button: string;
  value: string;
}

let pressed = 0;

/** What Slack posts for that; each press is another request. */
export function clickBody({ user, team, channel, ts, button, value }: Click): string {
  pressed += 1;
  const payload = {
    type: 'block_actions',
    user: { id: user },
    team: { id: team },
    channel: { id: channel },
    message: { ts },
    container: { type: 'message', message_ts: ts, channel_id: channel },
    trigger_id: `trigger.${pressed}`,
    actions: [{ type: 'button', action_id: button, block_id: 'b', value, action_ts: `${pressed}.0` }],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

/** What a button carries; undefined where the message has none like that now. */
export function valueOf({ blocks }: Posted, button: string): string | undefined {
  const elements = blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
  const found = elements.find((one) => one.type === 'button' && one.action_id === button);
  return found?.type === 'button' ? found.value : undefined;
}

/** The message that has this button now, of this run or of any; undefined where none has. */
export function messageWith({ seen }: SlackStandIn, button: string, releaseId?: string): Posted | undefined {
  return seen.messages.find((message) => {
    const value = valueOf(message, button);
    return value !== undefined && (releaseId === undefined || value.includes(JSON.stringify(releaseId)));
  });
}

/** As Slack tells the gateway that somebody has pressed a button of a message, signed as Slack signs. Throws where there is no such button. */
export async function press(slack: SlackStandIn, to: Receiver, { user, button, message }: Press): Promise<void> {
  const value = valueOf(message, button);
  if (value === undefined) throw new Error(`the message has no button ${button}: ${message.text}`);
  const { team, channel } = slack;
  const body = clickBody({ user, team, channel, ts: message.ts, button, value });
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const answer = await fetch(`${to.gatewayUrl}/slack/events`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(to.signingSecret, timestamp, Buffer.from(body)),
    },
    body,
  });
  if (!answer.ok) throw new Error(`the gateway has answered ${answer.status} to a click`);
}
