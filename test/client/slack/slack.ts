import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { createEmulator } from 'emulate';
import type { Emulator } from 'emulate';

/** One call that Slack was asked, with what came with it. */
export interface Call {
  method: string;
  said: Record<string, string>;
}

/** What Slack answers instead: a status and a body, or nothing at all. */
export type Instead = { status: number; body: unknown; headers?: Record<string, string> } | 'silence' | undefined;

/** Slack's web API on loopback: an emulator, behind a front that has what it lacks, notes each call, and fails where a test says so. */
export interface TestSlack {
  apiUrl: string;
  channel: string;
  team: string;
  calls: Call[];
  /** Waited for before each call is answered. */
  before: (call: Call) => Promise<void>;
  /** Asked before each call is answered: Slack does nothing then. */
  instead: (call: Call) => Instead;
  /** The same of what is answered, though Slack has done it. */
  after: (call: Call) => Instead;
  /** What stands in the channel. */
  messages(): Promise<{ ts: string; text: string }[]>;
  /** By user group. */
  groups: Record<string, string[]>;
  /** Of that method, in order. */
  of(method: string): Record<string, string>[];
}

export function useSlack(): TestSlack {
  let emulator: Emulator;
  let front: Server;
  const slack: TestSlack = {
    apiUrl: '',
    channel: '',
    team: 'T000000001',
    calls: [],
    before: () => Promise.resolve(),
    instead: () => undefined,
    after: () => undefined,
    messages: () => messagesOf(emulator.url, slack.channel),
    groups: {},
    of: (method) => slack.calls.filter((call) => call.method === method).map(({ said }) => said),
  };
  beforeAll(async () => {
    emulator = await createEmulator({ service: 'slack', port: await aFreePort() });
    front = createServer((request, response) => void answer(slack, emulator.url, request, response));
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
    slack.apiUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}/api/`;
    const listed = await fetch(`${emulator.url}/api/conversations.list`, {
      method: 'POST',
      headers: { authorization: 'Bearer xoxb-test' },
    });
    const { channels } = (await listed.json()) as { channels: { id: string }[] };
    slack.channel = channels[0]!.id;
  });
  beforeEach(() => {
    slack.calls.length = 0;
    slack.before = () => Promise.resolve();
    slack.instead = () => undefined;
    slack.after = () => undefined;
    slack.groups = {};
  });
  afterAll(async () => {
    front.closeAllConnections();
    await new Promise((resolve) => front.close(resolve));
    await emulator.close();
  });
  return slack;
}

async function aFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answer(
  slack: TestSlack,
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
  const [said, after] = [await told.text(), slack.after(call)];
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
function ownAnswer({ groups }: TestSlack, { method, said }: Call): Instead {
  if (method === 'views.open') return { status: 200, body: { ok: true } };
  if (method !== 'usergroups.users.list') return undefined;
  const users = groups[said['usergroup'] ?? ''];
  return { status: 200, body: users ? { ok: true, users } : { ok: false, error: 'no_such_subteam' } };
}
