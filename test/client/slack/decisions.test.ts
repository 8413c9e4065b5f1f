import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { slackDoor } from '../../../client/slack/door.ts';
import { signatureOf } from '../../../client/slack/signature.ts';
import { shownOf } from '../../../client/slack/picture-facts.ts';
import { drawRun } from '../../../client/slack/message.ts';
import type { ReleaseStatus } from '../../../domain/contract/status.ts';
import { failureDetails } from '../../../domain/errors/catalogue.ts';
import { aStatus } from '../cli/builders.ts';
import { aHash, aPlan, aPolicy } from '../../domain/builders.ts';
import { tokens, useGateway } from '../gateway/gateway.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { aClick, aSubmission, seconds, send, signingSecret } from './clicks.ts';
import type { Inside, MoreDoor } from '../../../client/gateway/more-doors.ts';
import type { Pressed } from './clicks.ts';
import { useSlack } from './slack.ts';

const slack = useSlack();
const gateway = useGateway();
const ts = '1700000000.000100';

let here: TestGateway;
let inside: Inside;
let run: string;

beforeEach(async () => {
  const look: MoreDoor = (_server, known) => void (inside = known);
  here = gateway({}, [slackDoor({ botToken: 'xoxb-test', signingSecret, apiUrl: slack.apiUrl }), look]);
  here.policy.people = {
    people: {
      kim: { slack: 'UKIM' },
      lee: { slack: 'ULEE', token: 'lee' },
      dana: { token: 'dana', slack: 'UDANA' },
      ola: { slack: 'UOLA' },
    },
    groups: { approvers: { members: ['kim', 'lee', 'dana'] } },
  };
  run = await here.release();
  await shown(run);
});

/** The message of that run, as a gateway has drawn it. */
async function shown(of: string, at = ts): Promise<void> {
  const key = { run: of, channel: slack.channel, by: randomUUID() };
  await here.records.slack.take(key, 60_000);
  await here.records.slack.put(key, { ts: at });
  here.policy.channels = [slack.channel];
}

// What was pressed last is done, and told, before the next test begins.
afterEach(() => here.server.close());

const pointer = (changes: Record<string, unknown> = {}) => JSON.stringify({ run, plan: aHash(), ...changes });

/** Pressed, and all done that follows. */
async function press(pressed: Partial<Pressed> = {}): Promise<void> {
  const { status } = await send(here.server, { body: aClick(slack, { value: pointer(), ts, ...pressed }) });
  expect(status).toBe(200);
}

/** What only whoever has pressed has been told, once it is. */
async function told(times = 1): Promise<string[]> {
  while (slack.of('chat.postEphemeral').length < times) await new Promise((resolve) => setImmediate(resolve));
  return slack.of('chat.postEphemeral').map(({ user, text }) => `${user}: ${text}`);
}

const decided = () => here.engine.decided.map(({ decision: { kind, by, channel } }) => `${by.id} ${kind} ${channel}`);
const refusals = async () =>
  (await here.records.audit.list(`${here.service}/production`, 50))
    .filter(({ what }) => what.endsWith('refused'))
    .map(({ who, facts }) => `${who} ${String(facts['code'])}`);

/** How it was answered where it was not let in. */
const refusal = ({ status, body }: { status: number; body: string }) => [
  status,
  (JSON.parse(body) as { error: { code: string } }).error.code,
];

describe('what comes to the door of Slack', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';

  it("is signed as Slack's own example is", () => {
    expect(signatureOf(signingSecret, '1531420618', Buffer.from(body))).toBe(
      'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    );
  });

  it.each([
    ['is forged', { signature: `v0=${'0'.repeat(64)}` }],
    ['has no signature of that form', { signature: 'v0=' }],
    ['is six minutes old', { timestamp: seconds - 360 }],
    ['is of the future', { timestamp: seconds + 360 }],
  ])('is refused when it %s', async (_what, changes) => {
    const answer = await send(here.server, { body: aClick(slack, { value: pointer(), ts }), ...changes });
    expect([refusal(answer), decided()]).toEqual([[401, 'unauthenticated'], []]);
  });

  it('is refused when its body was altered on the way', async () => {
    const sent = aClick(slack, { value: pointer(), ts });
    const signature = signatureOf(signingSecret, String(seconds), Buffer.from(sent));
    const answer = await send(here.server, { body: sent.replace('UKIM', 'ULEE'), signature });
    expect([refusal(answer), decided()]).toEqual([[401, 'unauthenticated'], []]);
  });

  it('is let in once, also by another gateway', async () => {
    const sent = aClick(slack, { value: pointer(), ts });
    const other = gateway({}, [slackDoor({ botToken: 'xoxb-test', signingSecret, apiUrl: slack.apiUrl })]);
    expect((await send(here.server, { body: sent })).status).toBe(200);
    for (const { server } of [here, other])
      expect(refusal(await send(server, { body: sent }))).toEqual([401, 'unauthenticated']);
    await told();
    expect(decided()).toEqual(['kim approve slack']);
    await other.server.close();
  });

  it('is refused where nobody can tell whether it came before', async () => {
    here.failing.add('slack.isFirst');
    const answer = await send(here.server, { body: aClick(slack, { value: pointer(), ts }) });
    expect([refusal(answer), decided()]).toEqual([[500, 'internal'], []]);
  });

  it('is not read when it is too long', async () => {
    for (const length of [256 * 1_024 + 1, 1_000_000])
      expect(refusal(await send(here.server, { body: 'x'.repeat(length) }))).toEqual([413, 'bad-request']);
  });

  it('is answered where Slack asks whether the address is ours', async () => {
    const answer = await send(here.server, {
      body: JSON.stringify({ type: 'url_verification', challenge: 'abc' }),
      type: 'application/json',
    });
    expect(answer).toEqual({ status: 200, body: '{"challenge":"abc"}' });
  });
});

describe('a press of Approve', () => {
  it('is the signed decision of that person, and told to them alone', async () => {
    await press();
    expect(await told()).toEqual(['UKIM: :white_check_mark: kim approved it: the run has taken it']);
    expect(decided()).toEqual(['kim approve slack']);
    expect(slack.of('chat.postMessage')).toEqual([]);
  });

  it('counts once when it is pressed twice', async () => {
    await press();
    await told();
    await press();
    expect((await told(2))[1]).toContain('You had said so');
    expect(new Set(here.engine.decided.map(({ decision }) => decision.id)).size).toBe(1);
  });

  it('counts for each of two people who press at the same moment', async () => {
    await Promise.all([press(), press({ user: 'ULEE' })]);
    await told(2);
    expect(decided().sort()).toEqual(['kim approve slack', 'lee approve slack']);
  });

  it('is refused to whoever has asked for the release, to whom nobody knows, and to whom the group has lost, each on record', async () => {
    await press({ user: 'UDANA' });
    await press({ user: 'UNOBODY' });
    await told(2);
    here.policy.people!.groups['approvers'] = { members: ['lee'] };
    await press();
    const all = (await told(3)).sort();
    expect(all[0]).toContain('dana asked for this release and may not approve it');
    expect(all[1]).toContain('kim is not in the group approvers');
    expect(all[2]).toContain('the Slack account UNOBODY is nobody whom the policy knows');
    expect(decided()).toEqual([]);
    expect((await refusals()).sort()).toEqual(['dana forbidden', 'kim forbidden', 'slack:UNOBODY stranger']);
  });

  it('counts for whoever is in the user group that the policy names, and for nobody when Slack does not say who is', async () => {
    here.policy.people!.groups['approvers'] = { members: ['lee'], slack: 'S1' };
    slack.groups['S1'] = ['UOLA'];
    await press({ user: 'UOLA' });
    await told();
    expect(decided()).toEqual(['ola approve slack']);
    here.policy.people!.groups['approvers'] = { members: ['lee'], slack: 'S2' };
    await press({ user: 'UOLA' });
    expect((await told(2))[1]).toContain('not in the group approvers');
  });

  it('is refused for a plan that is not in force any more', async () => {
    await press({ value: pointer({ plan: 'e'.repeat(64) }) });
    expect((await told())[0]).toContain('nothing was stored');
    expect([decided(), await refusals()]).toEqual([[], ['kim conflict']]);
  });

  it('is told kindly when the run has ended', async () => {
    here.engine.runs.set(run, { open: false, pending: [] });
    await press();
    expect((await told())[0]).toContain('Nothing has changed');
    expect(decided()).toEqual([]);
  });

  it.each([
    ['of no shape', 'x'],
    ['with more than ours have', '{"run":"release/a/b/c/1","by":"lee"}'],
    ['of another run', '{"run":"release/shop/production/other/1"}'],
  ])('with an edited value (%s) decides nothing', async (_what, value) => {
    await press({ value });
    expect((await told())[0]).toContain('Nothing has changed');
    expect(decided()).toEqual([]);
  });

  it.each([
    ['another workspace', { team: 'TOTHER' }],
    ['another channel', { channel: 'C999' }],
    ['another message', { ts: '1600000000.000100' }],
  ])('of %s decides nothing', async (_what, changes) => {
    await press(changes);
    expect((await told())[0]).toContain('Nothing has changed');
    expect(decided()).toEqual([]);
  });

  it('with the value of another run, which is there and has a message of its own, decides nothing about either', async () => {
    const another = await here.release({ commit: 'b'.repeat(40) });
    await shown(another, '1700000000.000200');
    await press({ value: JSON.stringify({ run: another, plan: aHash() }) });
    expect((await told())[0]).toContain('Nothing has changed');
    expect([decided(), await refusals()]).toEqual([[], ['slack:UKIM foreign']]);
  });

  it('is on record when it is of another message, and not as a decision of anybody', async () => {
    await press({ ts: '1600000000.000100' });
    await told();
    expect([decided(), await refusals()]).toEqual([[], ['slack:UKIM foreign']]);
  });

  it('is what it is when others have sent the same before: no id of it can be taken by HTTP', async () => {
    await press();
    await told();
    const [{ decision }] = here.engine.decided as [(typeof here.engine.decided)[number]];
    expect(decision.id).toMatch(/^slack-/);
    const said = { kind: 'approve', planHash: aHash(), channel: 'cli', reason: 'mine' };
    for (const decisionId of [decision.id, `slack-${'0'.repeat(40)}`]) {
      const { status, body } = await here.post(here.decisionPath(run), { ...said, decisionId }, tokens.lee);
      expect([status, body.error.message]).toEqual([400, expect.stringContaining('not begin with slack-')]);
      const order = { releaseId: run, decisionId, reason: 'mine', channel: 'cli' };
      expect((await here.post('/v1/rollbacks', order, tokens.lee)).status).toBe(400);
    }
  });

  it('has waited too long where the run says so', async () => {
    here.engine.answer = { kind: 'refused', reason: 'the run is planning, not awaiting approval' };
    await press();
    expect((await told())[0]).toContain('not awaiting approval');
    expect(await refusals()).toEqual(['kim conflict']);
  });
});

describe('a press of Try again', () => {
  const failingAt = (triedAgainAt: number): ReleaseStatus =>
    aStatus({
      stage: 'held',
      doing: 'held',
      failing: [{ step: 'deploy de', failure: failureDetails('SLIP-K8S-1', 'away'), since: 1_000, triedAgainAt }],
      waitingFor: { what: 'a decision', who: 'on-call', decisions: ['retry'] },
    });

  /** The value of the button, as the message of that moment has it. */
  async function drawnButton(): Promise<string> {
    const { blocks } = drawRun(await shownOf(inside.parts, run));
    const value = /"action_id":"slipway-retry"[^}]*\}[^}]*"value":("(?:[^"\\]|\\.)*")/.exec(
      JSON.stringify(blocks),
    )?.[1];
    return JSON.parse(value ?? '""') as string;
  }

  it('is another decision when the try before has failed, and the same one when it is pressed twice', async () => {
    for (const [times, at] of [
      [1, 2_000],
      [2, 2_000],
      [3, 9_000],
    ] as const) {
      here.engine.status = async () => failingAt(at);
      await press({ button: 'slipway-retry', value: await drawnButton() });
      await told(times);
    }
    const ids = here.engine.decided.map(({ decision }) => decision.id);
    expect([ids.length, new Set(ids).size]).toEqual([3, 2]);
    expect(ids[0]).toBe(ids[1]);
  });
});

describe('a press of Details or Hold', () => {
  it.each(['slipway-details', 'slipway-hold'])(
    '(%s) shows and says nothing for whoever the policy does not know, or may not look at the run',
    async (button) => {
      await press({ button, user: 'UNOBODY' });
      await told();
      here.policy.access = { look: ['approvers'] };
      await press({ button, user: 'UOLA' });
      const all = await told(2);
      expect(all[0]).toContain('nobody whom the policy knows');
      expect(all[1]).toContain(`there is no release ${run}`);
      expect(slack.of('chat.postMessage')).toEqual([]);
      expect(slack.of('chat.postEphemeral').filter(({ blocks }) => blocks !== undefined)).toEqual([]);
    },
  );

  it('shows the plan to whoever pressed Details alone, and says in the thread who looks at it', async () => {
    await here.records.plans.store(aHash(), aPlan());
    await press({ button: 'slipway-details' });
    expect((await told())[0]).toContain('What plan');
    await press({ button: 'slipway-hold' });
    while (slack.of('chat.postMessage').length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(slack.of('chat.postMessage')).toEqual([
      expect.objectContaining({ thread_ts: ts, text: expect.stringContaining('kim looks at it') as unknown }),
    ]);
    expect(decided()).toEqual([]);
  });
});

describe('a press of Reject', () => {
  const metadataOf = () =>
    (JSON.parse(slack.of('views.open')[0]!['view']!) as { private_metadata: string }).private_metadata;

  async function opened(): Promise<string> {
    await press({ button: 'slipway-reject' });
    while (slack.of('views.open').length === 0) await new Promise((resolve) => setImmediate(resolve));
    return metadataOf();
  }

  it('asks for the reason before anything else, and decides nothing yet', async () => {
    await opened();
    expect(decided()).toEqual([]);
    expect(slack.calls.map(({ method }) => method)).toEqual(['views.open']);
  });

  it('is a no with the reason that was given, on one line and without what nobody could see', async () => {
    const metadata = await opened();
    await send(here.server, { body: aSubmission(slack, { metadata, reason: 'not\u0007 on a\nFriday <!channel>' }) });
    await told();
    expect(here.engine.decided[0]?.decision).toMatchObject({ kind: 'reject', reason: 'not on a Friday <!channel>' });
    expect((await told())[0]).toContain('kim rejected it');
  });

  it.each([null, '', '  \n '])('is asked again without a reason (%j)', async (reason) => {
    const metadata = await opened();
    const { body } = await send(here.server, { body: aSubmission(slack, { metadata, reason }) });
    expect(JSON.parse(body)).toMatchObject({
      response_action: 'errors',
      errors: { reason: expect.any(String) as unknown },
    });
    expect(decided()).toEqual([]);
  });

  it('and one of Approve at the same moment are both on record, and each is told what became of it', async () => {
    const metadata = await opened();
    await Promise.all([
      send(here.server, { body: aSubmission(slack, { metadata, reason: 'no' }) }),
      press({ user: 'ULEE' }),
    ]);
    await told(2);
    expect(decided().sort()).toEqual(['kim reject slack', 'lee approve slack']);
  });
});

describe('a gateway that Slack does not answer', () => {
  it('stores the decision all the same', async () => {
    here.policy.approval = aPolicy();
    await press();
    await told();
    slack.instead = ({ method }) => (method.startsWith('chat.') ? { status: 500, body: { ok: false } } : undefined);
    await press({ user: 'ULEE' });
    while (slack.of('chat.postMessage').length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(decided()).toEqual(['kim approve slack', 'lee approve slack']);
  });
});
