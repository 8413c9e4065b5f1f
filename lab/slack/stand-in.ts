import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createEmulator } from 'emulate';
import { freePort } from '../services/starting.ts';
import { createChannel } from './channel.ts';
import type { Channel } from './channel.ts';

/** One call that Slack was asked, with what came with it. */
export interface Call {
  method: string;
  said: Record<string, string>;
}

/** What Slack answers instead: a status and a body, or nothing at all. */
export type Instead = { status: number; body: unknown; headers?: Record<string, string> } | 'silence' | undefined;

/** Slack's web API on loopback: an emulator, behind a front that has what it lacks, notes each call, and fails where it is told to. */
export interface SlackStandIn {
  apiUrl: string;
  /** The id of the channel that there is. */
  channel: string;
  team: string;
  calls: Call[];
  /** What stands in the channel now. */
  seen: Channel;
  /** Waited for before each call is answered. */
  before: (call: Call) => Promise<void>;
  /** Asked before each call is answered: Slack does nothing then. */
  instead: (call: Call) => Instead;
  /** The same of what is answered, though Slack has done it. */
  after: (call: Call) => Instead;
  /** What stands in the channel by the emulator's own word. */
  messages(): Promise<{ ts: string; text: string }[]>;
  /** By user group. */
  groups: Record<string, string[]>;
  /** Of that method, in order. */
  of(method: string): Record<string, string>[];
  stop(): Promise<void>;
}

export async function startSlack(): Promise<SlackStandIn> {
  const emulator = await createEmulator({ service: 'slack', port: await freePort() });
  const front = createServer((request, response) => void answer(slack, emulator.url, request, response));
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const slack: SlackStandIn = {
    apiUrl: `http://127.0.0.1:${(front.address() as AddressInfo).port}/api/`,
    channel: await onlyChannel(emulator.url),
    team: 'T000000001',
    calls: [],
    seen: createChannel(),
    before: () => Promise.resolve(),
    instead: () => undefined,
    after: () => undefined,
    messages: () => messagesOf(emulator.url, slack.channel),
    groups: {},
    of: (method) => slack.calls.filter((call) => call.method === method).map(({ said }) => said),
    async stop() {
      front.closeAllConnections();
      await new Promise((resolve) => front.close(resolve));
      await emulator.close();
    },
  };
  return slack;
}

async function onlyChannel(behind: string): Promise<string> {
  const listed = await fetch(`${behind}/api/conversations.list`, {
    method: 'POST',
    headers: { authorization: 'Bearer xoxb-test' },
  });
  const { channels } = (await listed.json()) as { channels: { id: string }[] };
  const [first] = channels;
  if (!first) throw new Error('the emulator of Slack has no channel');
  return first.id;
}

async function answer(
  slack: SlackStandIn,
  behind: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const method = (request.url ?? '').replace('/api/', '');
  const body = await text(request);
  const call: Call = { method, said: Object.fromEntries(new URLSearchParams(body)) };
  slack.calls.push(call);
  await slack.before(call);
  const instead = slack.instead(call) ?? ownAnswer(slack, call);
  if (instead === 'silence') return;
  const json = { 'content-type': 'application/json' };
  if (instead) {
    response.writeHead(instead.status, { ...json, ...instead.headers }).end(JSON.stringify(instead.body));
    return;
  }
  const headers = {
    'content-type': request.headers['content-type'] ?? '',
    authorization: request.headers.authorization ?? '',
  };
  // One person is in the emulator's workspace.
  const known = method === 'chat.postEphemeral' ? new URLSearchParams({ ...call.said, user: 'U000000001' }) : body;
  const told = await fetch(`${behind}/api/${method}`, { method: 'POST', headers, body: known });
  const said = await told.text();
  slack.seen.take(call, JSON.parse(said) as { ok: boolean; ts?: string });
  const after = slack.after(call);
  if (after === 'silence') return;
  response.writeHead(after?.status ?? told.status, { ...json, ...after?.headers });
  response.end(after ? JSON.stringify(after.body) : said);
}

async function messagesOf(at: string, channel: string): Promise<{ ts: string; text: string }[]> {
  const told = await fetch(`${at}/api/conversations.history`, {
    method: 'POST',
    headers: { authorization: 'Bearer xoxb-test', 'content-type': 'application/json' },
    body: JSON.stringify({ channel, limit: 1_000 }),
  });
  return ((await told.json()) as { messages: { ts: string; text: string }[] }).messages;
}

/** The emulator has no user groups, and opens views for its own triggers alone. */
function ownAnswer({ groups }: SlackStandIn, { method, said }: Call): Instead {
  if (method === 'views.open') return { status: 200, body: { ok: true } };
  if (method !== 'usergroups.users.list') return undefined;
  const users = groups[said['usergroup'] ?? ''];
  return { status: 200, body: users ? { ok: true, users } : { ok: false, error: 'no_such_subteam' } };
}
