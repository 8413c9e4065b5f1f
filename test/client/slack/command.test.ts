import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { slackDoor } from '../../../client/slack/door.ts';
import { aStatus } from '../cli/builders.ts';
import { useGateway } from '../gateway/gateway.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { aCommand, send, signingSecret } from './clicks.ts';
import { useSlack } from './slack.ts';

const slack = useSlack();
const gateway = useGateway();

let here: TestGateway;
let run: string;

beforeEach(async () => {
  here = gateway({}, [slackDoor({ botToken: 'xoxb-test', signingSecret, apiUrl: slack.apiUrl })]);
  here.policy.people = {
    people: { kim: { slack: 'UKIM' }, dana: { token: 'dana', slack: 'UDANA' } },
    groups: { approvers: { members: ['kim', 'dana'] } },
  };
  run = await here.release();
});
afterEach(() => here.server.close());

/** What is answered, to whoever has typed it alone. */
async function typed(text: string, user = 'UKIM'): Promise<string> {
  const before = slack.of('chat.postEphemeral').length;
  expect((await send(here.server, { body: aCommand(slack, text, user) })).status).toBe(200);
  while (slack.of('chat.postEphemeral').length === before) await new Promise((resolve) => setImmediate(resolve));
  return slack.of('chat.postEphemeral').at(-1)!['text']!;
}

describe('/slipway', () => {
  it.each(['', 'help', 'toString', 'destroy shop'])('answers %j with what there is', async (text) => {
    expect(await typed(text)).toContain('/slipway freeze shop production REASON');
  });

  it('says how a release stands, and why it is not moving', async () => {
    here.engine.status = async () => aStatus({ doing: 'waits for pods' });
    expect(await typed(`status ${run}`)).toContain('waits for pods');
    expect(await typed(`why ${run}`)).not.toBe('');
  });

  it('answers as a message from Slipway where it is not in the channel, which is no failure of the gateway', async () => {
    here.engine.status = async () => aStatus({ doing: 'waits for pods' });
    slack.instead = ({ method }) =>
      method === 'chat.postEphemeral' ? { status: 200, body: { ok: false, error: 'not_in_channel' } } : undefined;
    await send(here.server, { body: aCommand(slack, `status ${run}`, 'UKIM') });
    while (slack.of('chat.postMessage').length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [answer] = slack.of('chat.postMessage');
    expect(answer).toMatchObject({ channel: 'UKIM', text: expect.stringContaining('waits for pods') });
    expect(answer!['blocks']).toContain('waits for pods');
  });

  it('approves the plan in force, as whoever types it, and not as whoever has asked for the release', async () => {
    expect(await typed(`approve ${run}`)).toContain('kim approved it');
    expect(await typed(`approve ${run}`, 'UDANA')).toContain('dana asked for this release and may not approve it');
    expect(here.engine.decided.map(({ decision: { kind, by } }) => `${by.id} ${kind}`)).toEqual(['kim approve']);
  });

  it('freezes a lane with the reason that was given, and lifts that', async () => {
    const lane = `${here.service} production`;
    expect(await typed(`freeze ${lane} no deploys today`)).toContain('is frozen');
    expect(await typed(`unfreeze ${lane} over`)).toContain('is lifted');
    expect(here.engine.ordered[0]).toBe('freeze by kim: no deploys today');
    expect(here.engine.ordered[1]).toContain('unfreeze by kim: over');
  });

  it('orders nothing without a reason, nor for a release or somebody that nobody knows', async () => {
    expect(await typed(`freeze ${here.service} production`)).toContain('a reason is needed');
    expect(await typed(`rollback ${here.service}#999999 broken`)).toContain('there is no release');
    expect(await typed(`freeze ${here.service} production now`, 'UNOBODY')).toContain('nobody whom the policy knows');
    expect([here.engine.ordered, here.engine.decided]).toEqual([[], []]);
  });

  it('asks an open release to go back', async () => {
    expect(await typed(`rollback ${run} broken checkout`)).toContain('kim has it rolled back');
    expect(here.engine.decided[0]?.decision).toMatchObject({ kind: 'roll-back', reason: 'broken checkout' });
  });
});
