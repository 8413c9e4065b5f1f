import type { FastifyInstance } from 'fastify';
import { signatureOf } from '../../../client/slack/signature.ts';
import { clickBody } from '../../../lab/slack/press.ts';
import type { TestSlack } from './slack.ts';

export const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';

/** By the clock of a test's gateway, s. */
export const seconds = 1_000;
let sent = 0;

export interface Sent {
  body: string;
  timestamp?: number;
  signature?: string;
  type?: string;
}

/** Posts what Slack would, signed as Slack does unless said otherwise. */
export async function send(server: FastifyInstance, { body, timestamp = seconds, signature, type }: Sent) {
  const answer = await server.inject({
    method: 'POST',
    url: '/slack/events',
    headers: {
      'content-type': type ?? 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': signature ?? signatureOf(signingSecret, String(timestamp), Buffer.from(body)),
    },
    payload: body,
  });
  return { status: answer.statusCode, body: answer.body };
}

export interface Pressed {
  user?: string;
  button?: string;
  value: string;
  ts: string;
  channel?: string;
  team?: string;
}

/** As Slack tells of a pressed button, of whoever approves unless said otherwise. */
export function aClick(slack: TestSlack, pressed: Pressed): string {
  const { user = 'UKIM', button = 'slipway-approve', channel = slack.channel, team = slack.team, ...message } = pressed;
  return clickBody({ user, button, channel, team, ...message });
}

/** As Slack tells of `/slipway …`. */
export function aCommand(slack: TestSlack, text: string, user = 'UKIM'): string {
  sent += 1;
  return new URLSearchParams({
    ...{ command: '/slipway', text, user_id: user, team_id: slack.team },
    ...{ channel_id: slack.channel, trigger_id: `trigger.${sent}` },
  }).toString();
}

/** As Slack tells of a modal that was sent. */
export function aSubmission(slack: TestSlack, { user = 'UKIM', metadata, reason }: Submitted): string {
  sent += 1;
  return formOf({
    type: 'view_submission',
    user: { id: user },
    team: { id: slack.team },
    trigger_id: `trigger.${sent}`,
    view: {
      type: 'modal',
      callback_id: 'slipway-reject',
      private_metadata: metadata,
      state: { values: { reason: { reason: { type: 'plain_text_input', value: reason } } } },
    },
  });
}

export interface Submitted {
  user?: string;
  metadata: string;
  reason: string | null;
}

function formOf(payload: unknown): string {
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}
