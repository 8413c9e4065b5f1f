import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { slackDoor } from '../../../client/slack/door.ts';
import type { SlackDoor } from '../../../client/slack/door.ts';
import { aHash } from '../../domain/builders.ts';
import { useGateway } from '../gateway/gateway.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { aClick, aCommand, aSubmission } from './clicks.ts';
import { useSlack } from './slack.ts';
import { useSocket } from './web-socket.ts';

const slack = useSlack();
const socket = useSocket();
const gateway = useGateway();
const ts = '1700000000.000100';

let here: TestGateway;
let door: SlackDoor;
let run: string;

const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};
const answering =
  (answer: object) =>
  ({ method }: { method: string }) =>
    method === 'apps.connections.open' ? { status: 200, body: answer } : undefined;

beforeEach(async () => {
  slack.instead = answering({ ok: true, url: socket.url });
  socket.made = 0;
  socket.came.length = 0;
  door = slackDoor(
    { botToken: 'xoxb-test', appToken: 'xapp-test', apiUrl: slack.apiUrl },
    { againMs: { first: 1, most: 1 } },
  );
  here = gateway({}, [door]);
  here.policy.people = {
    people: { kim: { slack: 'UKIM' }, dana: { token: 'dana' } },
    groups: { approvers: { members: ['kim'] } },
  };
  run = await here.release();
  const key = { run, channel: slack.channel, by: randomUUID() };
  await here.records.slack.take(key, 60_000);
  await here.records.slack.put(key, { ts });
  here.policy.channels = [slack.channel];
  await until(() => socket.made === 1);
});
afterEach(() => here.server.close());

/** As Slack sends on a connection what it would post otherwise. */
function envelope(form: string, type = 'interactive', id = randomUUID()) {
  const fields = Object.fromEntries(new URLSearchParams(form));
  const payload: unknown = fields['payload'] === undefined ? fields : JSON.parse(fields['payload']);
  return { type, envelope_id: id, accepts_response_payload: true, payload };
}

const click = () => aClick(slack, { value: JSON.stringify({ run, plan: aHash() }), ts });
const decided = () => here.engine.decided.map(({ decision: { kind, by, channel } }) => `${by.id} ${kind} ${channel}`);
const told = () => slack.of('chat.postEphemeral').map(({ text }) => text);

describe('a gateway that connects to Slack', () => {
  it('has no address to which anybody could post', () => {
    expect(here.routes.map(({ path }) => path)).not.toContain('/slack/events');
  });

  it('takes a press, acknowledges it, and does what it would do as it comes by a post', async () => {
    const sent = envelope(click());
    socket.send(sent);
    await until(() => told().length === 1);
    expect(socket.came.map(({ envelope_id }) => envelope_id)).toEqual([sent.envelope_id]);
    expect(decided()).toEqual(['kim approve slack']);
  });

  it('takes a command, and answers a modal without a reason on the connection', async () => {
    socket.send(envelope(aCommand(slack, 'help'), 'slash_commands'));
    await until(() => told().length === 1);
    const metadata = JSON.stringify({ pointer: JSON.stringify({ run }), channel: slack.channel, thread: ts });
    socket.send(envelope(aSubmission(slack, { metadata, reason: ' ' })));
    await until(() => socket.came.length === 2);
    expect(socket.came[1]?.payload).toMatchObject({ response_action: 'errors' });
    expect(decided()).toEqual([]);
  });

  it('does once what Slack sends twice, and acknowledges both', async () => {
    const sent = envelope(click());
    socket.send(sent);
    await until(() => told().length === 1);
    socket.send(sent);
    await until(() => socket.came.length === 2);
    expect([told().length, decided()]).toEqual([1, ['kim approve slack']]);
  });

  it('acknowledges nothing while nobody can tell whether it came before', async () => {
    here.failing.add('slack.isFirst');
    socket.send(envelope(click()));
    await until(() => here.logged.length > 0);
    expect([socket.came, decided()]).toEqual([[], []]);
  });

  it.each([
    ['what is no envelope', { type: 'interactive', payload: {} }],
    [
      'what has half a character',
      { type: 'interactive', envelope_id: 'e1', payload: { type: 'block_actions', user: { id: '\ud800' } } },
    ],
    ['what is nothing', { type: 'interactive', envelope_id: 'e2', payload: null }],
  ])('leaves %s alone, and takes what comes next', async (_what, sent) => {
    socket.send(sent);
    socket.send(envelope(click()));
    await until(() => told().length === 1);
    expect(decided()).toEqual(['kim approve slack']);
  });

  it('connects again when the connection breaks, when Slack asks for it, and when Slack was away', async () => {
    socket.breakOff();
    await until(() => socket.made === 2);
    socket.send({ type: 'disconnect', reason: 'refresh_requested' });
    await until(() => socket.made === 3);
    slack.instead = answering({ ok: false, error: 'internal_error' });
    socket.breakOff();
    await until(() => slack.of('apps.connections.open').length > 5);
    slack.instead = answering({ ok: true, url: socket.url });
    await until(() => socket.made === 4);
    socket.send(envelope(click()));
    await until(() => told().length === 1);
    expect(decided()).toEqual(['kim approve slack']);
  });

  it('says nothing at its start of a connection that is only being made', async () => {
    const [made, asked] = [socket.made, slack.of('auth.test').length];
    const opening = Promise.withResolvers<void>();
    slack.before = ({ method }) => (method === 'apps.connections.open' ? opening.promise : Promise.resolve());
    const settings = { botToken: 'xoxb-test', appToken: 'xapp-test', apiUrl: slack.apiUrl };
    const starting = gateway({}, [slackDoor(settings, { everyMs: 3_600_000 })]);
    await starting.server.ready();
    await until(() => slack.of('auth.test').length > asked);
    opening.resolve();
    await until(() => socket.made > made);
    expect(starting.logged).toEqual([]);
    await starting.server.close();
  });

  it('says that nothing comes from Slack while it is not connected', async () => {
    await until(() => here.logged.length === 0);
    slack.instead = answering({ ok: false, error: 'invalid_auth' });
    socket.breakOff();
    await until(() => here.logged.length > 0);
    expect(await door.problem()).toMatch(/^nothing comes from Slack: .*invalid_auth/);
    expect(JSON.stringify(here.logged)).not.toContain('xapp-test');
  });
});
