import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { slackDoor } from '../../../client/slack/door.ts';
import type { SlackDoor } from '../../../client/slack/door.ts';
import { keepPlanHash } from '../../../activities/steps/recorded-result.ts';
import { aHash, aPlan, aPolicy } from '../../domain/builders.ts';
import { aStatus } from '../cli/builders.ts';
import { anOrder, tokens, useGateway } from '../gateway/gateway.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { signingSecret } from './clicks.ts';
import { useSlack } from './slack.ts';
import type { Instead } from './slack.ts';

const slack = useSlack();
const gateway = useGateway();

let here: TestGateway;
let door: SlackDoor;
let run: string;

const aDoor = () => slackDoor({ botToken: 'xoxb-test', signingSecret, apiUrl: slack.apiUrl });
const waits = (kinds: ('approve' | 'reject' | 'roll-back' | 'retry')[]) =>
  aStatus({
    stage: 'awaiting-approval',
    doing: 'waiting for approval',
    failing: [],
    waitingFor: { what: 'approval', who: '1 of approvers', until: 2_000_000, decisions: kinds },
  });

beforeEach(async () => {
  door = aDoor();
  here = gateway({}, [door]);
  here.policy.channels = [slack.channel];
  run = await here.release();
  here.engine.status = async () => waits(['approve', 'reject']);
});
afterEach(async () => {
  await here.server.close();
  // No other test draws it.
  await end();
  const key = { run, channel: slack.channel, by: randomUUID() };
  await here.records.slack.take(key, 60_000);
  await here.records.slack.put(key, { ended: true });
});

async function end(): Promise<void> {
  await here.records.attempts.conclude(run, { outcome: 'verified', summary: 'well', endedAt: 1_000_000 });
}

/** One round of drawing, long enough behind the last one. */
async function draw(): Promise<void> {
  here.later(5_000);
  await door.draw();
}

const ids = ({ blocks }: Record<string, string>) =>
  [...(blocks ?? '').matchAll(/"action_id":"([\w-]+)"/g)].map(([, id]) => id);
const posted = () => slack.of('chat.postMessage').filter(({ text }) => text?.startsWith(here.service));
const picture = async () => (await here.records.slack.find([run]))[0]?.picture;
const failing =
  (answer: Instead) =>
  ({ method }: { method: string }) =>
    method.startsWith('chat.') ? answer : undefined;

describe('the message of a run', () => {
  it('is posted once, with what can be pressed, and left alone while nothing is new', async () => {
    await draw();
    await draw();
    const [message, ...others] = slack.of('chat.postMessage').filter(({ thread_ts }) => thread_ts === undefined);
    expect(ids(message!)).toEqual(['slipway-approve', 'slipway-reject', 'slipway-details']);
    expect(message!['text']).toContain('waiting for approval');
    expect([others, slack.of('chat.update')]).toEqual([[], []]);
  });

  it('is changed in place, and not more often than every three seconds', async () => {
    await draw();
    here.engine.status = async () => waits([]);
    await draw();
    here.engine.status = async () => aStatus({ stage: 'deploying', doing: 'wave 1' });
    await door.draw();
    expect(slack.of('chat.update')).toHaveLength(1);
    await draw();
    expect(slack.of('chat.update').map((said) => [ids(said).includes('slipway-approve'), said['ts']])).toEqual([
      [false, (await picture())?.ts],
      [false, (await picture())?.ts],
    ]);
  });

  it('is posted anew when somebody has deleted it', async () => {
    await draw();
    const before = await picture();
    slack.instead = ({ method }) =>
      method === 'chat.update' ? { status: 200, body: { ok: false, error: 'message_not_found' } } : undefined;
    here.engine.status = async () => waits(['reject']);
    await draw();
    expect((await picture())?.ts).not.toBe(before?.ts);
  });

  it('is drawn by one of two gateways', async () => {
    const other = aDoor();
    const beside = gateway({}, [other]);
    beside.policy.channels = [slack.channel];
    beside.engine.status = here.engine.status;
    beside.engine.runs = here.engine.runs;
    here.later(5_000);
    await Promise.all([door.draw(), other.draw()]);
    expect(slack.of('chat.postMessage').filter(({ text }) => text?.startsWith(here.service))).toHaveLength(1);
    await beside.server.close();
  });

  it('is not drawn in a channel for as long as Slack has said, and then as the run is by then', async () => {
    slack.instead = failing({
      status: 429,
      body: { ok: false, error: 'ratelimited' },
      headers: { 'retry-after': '30' },
    });
    await draw();
    slack.instead = () => undefined;
    await draw();
    expect(slack.of('chat.postMessage')).toHaveLength(1);
    here.engine.status = async () => waits(['reject']);
    here.later(30_000);
    await door.draw();
    const last = slack.of('chat.postMessage').filter(({ text }) => text?.startsWith(here.service));
    expect([last.length, ids(last.at(-1)!)]).toEqual([2, ['slipway-reject', 'slipway-details']]);
  });

  it('is looked for before it is posted again when Slack has posted it and its answer was lost', async () => {
    slack.after = ({ method }) => (method === 'chat.postMessage' ? { status: 504, body: {} } : undefined);
    await draw();
    expect(await picture()).toMatchObject({ posting: { times: 1 } });
    slack.after = () => undefined;
    for (let round = 0; round < 5; round += 1) {
      here.later(20_000);
      await draw();
    }
    expect(posted()).toHaveLength(1);
    const { ts } = (await picture())!;
    expect((await slack.messages()).filter(({ text }) => text.startsWith(here.service)).map((one) => one.ts)).toEqual([
      ts,
    ]);
  });

  it('shows how its run has ended, also where that was while the answer to its posting was lost', async () => {
    slack.after = ({ method }) => (method === 'chat.postMessage' ? { status: 504, body: {} } : undefined);
    await draw();
    slack.after = () => undefined;
    await end();
    for (let round = 0; round < 5; round += 1) {
      here.later(20_000);
      await draw();
    }
    expect(await picture()).toMatchObject({ ended: true });
    const [message, ...others] = (await slack.messages()).filter(({ text }) => text.startsWith(here.service));
    expect(others).toEqual([]);
    expect(message!.text).toContain('verified');
  });

  it('is posted again, and ever more rarely, where Slack does not let us look whether it is there', async () => {
    slack.instead = ({ method }) =>
      method === 'conversations.history'
        ? { status: 200, body: { ok: false, error: 'missing_scope' } }
        : method === 'chat.postMessage'
          ? { status: 504, body: {} }
          : undefined;
    const tries: number[] = [];
    for (let minute = 0; minute < 60; minute += 1) {
      here.later(55_000);
      await draw();
      tries.push(posted().length);
    }
    expect(tries.at(-1)).toBeGreaterThan(3);
    expect(tries.at(-1)).toBeLessThan(8);
  });

  it('is on record before its details are posted', async () => {
    await here.records.plans.store(aHash(), aPlan());
    let known: unknown;
    const look = here.records.slack.find;
    slack.before = async ({ method, said }) => {
      if (method === 'chat.postMessage' && said['thread_ts'] !== undefined) known = (await look([run]))[0]?.picture;
    };
    await draw();
    expect(known).toMatchObject({ ts: expect.any(String) as unknown, hash: expect.any(String) as unknown });
  });

  it('has its details once, also when nobody knows whether Slack has posted them', async () => {
    await here.records.plans.store(aHash(), aPlan());
    slack.instead = ({ method, said }) =>
      method === 'chat.postMessage' && said['thread_ts'] !== undefined ? { status: 504, body: {} } : undefined;
    for (let round = 0; round < 3; round += 1) {
      here.later(20_000);
      await draw();
    }
    expect(slack.of('chat.postMessage').filter(({ thread_ts }) => thread_ts !== undefined)).toHaveLength(1);
  });

  it('has a reminder in its thread when one is due, once for each time, which calls those who may approve', async () => {
    const hour = 3_600_000;
    const hash = randomUUID().replaceAll('-', '').repeat(2);
    const approval = aPolicy({ remindMs: hour, escalate: { afterMs: 3 * hour, groups: ['leads'] } });
    await here.records.plans.store(hash, aPlan({ approval }));
    here.policy.people = { people: {}, groups: { leads: { members: [], slack: 'S0LEADS00' } } };
    const now = await here.records.clock.now();
    const waitsFor = (ms: number) => keepPlanHash(here.records.plans, run, hash, { since: now - ms });
    const reminders = () => slack.of('chat.postMessage').filter(({ text }) => text?.startsWith(':bell:'));
    await waitsFor(hour / 2);
    await draw();
    expect([posted().length, reminders()]).toEqual([1, []]);
    await waitsFor(hour);
    for (let round = 0; round < 2; round += 1) await draw();
    expect(reminders()).toMatchObject([{ thread_ts: (await picture())?.ts, channel: slack.channel }]);
    expect(reminders()[0]?.['text']).toContain('Nobody has decided for 1 h. It waits for approvers, until');
    await waitsFor(3 * hour + 60_000);
    for (let round = 0; round < 2; round += 1) await draw();
    expect(reminders()).toHaveLength(2);
    expect(reminders()[1]?.['text']).toContain(
      'more people may approve it. It waits for approvers, <!subteam^S0LEADS00>',
    );
  });

  it('has no reminder of what is decided, and the one that Slack has refused when it takes it', async () => {
    const hash = randomUUID().replaceAll('-', '').repeat(2);
    const approval = aPolicy({ remindMs: 3_600_000 });
    await here.records.plans.store(hash, aPlan({ approval }));
    await keepPlanHash(here.records.plans, run, hash, { since: (await here.records.clock.now()) - 3_700_000 });
    const reminders = () => slack.of('chat.postMessage').filter(({ text }) => text?.startsWith(':bell:'));
    slack.instead = ({ method, said }) =>
      method === 'chat.postMessage' && said['text']?.startsWith(':bell:')
        ? { status: 200, body: { ok: false, error: 'restricted_action' } }
        : undefined;
    await draw();
    slack.instead = () => undefined;
    slack.calls.length = 0;
    here.later(20_000);
    await draw();
    expect(reminders()).toHaveLength(1);
    slack.calls.length = 0;
    await here.post(here.decisionPath(run), anOrder('abort'), tokens.kim);
    await keepPlanHash(here.records.plans, run, hash, { since: (await here.records.clock.now()) - 7_300_000 });
    for (let round = 0; round < 2; round += 1) await draw();
    expect(reminders()).toEqual([]);
  });

  it('is left alone where another gateway has drawn the same otherwise, and drawn when something is new', async () => {
    await draw();
    const otherwise = async () => {
      const key = { run, channel: slack.channel, by: randomUUID() };
      await here.records.slack.take(key, 60_000);
      await here.records.slack.put(key, { ...(await picture()), hash: 'of another version' });
    };
    await otherwise();
    await draw();
    await draw();
    expect(slack.of('chat.update')).toEqual([]);
    here.engine.status = async () => waits(['reject']);
    await draw();
    expect(slack.of('chat.update')).toHaveLength(1);
    await otherwise();
    here.later(600_000);
    await draw();
    expect(slack.of('chat.update')).toHaveLength(2);
  });

  it('is left to gateways with another policy while the run goes on, and forgotten behind its end', async () => {
    await draw();
    here.policy.channels = [];
    await draw();
    expect(await picture()).toMatchObject({ ts: expect.any(String) });
    await end();
    await draw();
    expect(await picture()).toBeUndefined();
    expect(await here.records.slack.unfinished(200, '')).not.toContain(run);
  });

  it('is drawn of every run that is over and not shown so, however many there are', async () => {
    await draw();
    await end();
    const others = Array.from({ length: 25 }, (_, n) => `release/${here.service}/production/${String(n)}/1`);
    for (const other of others) {
      const key = { run: other, channel: slack.channel, by: randomUUID() };
      await here.records.slack.take(key, 60_000);
      await here.records.slack.put(key, {});
    }
    for (let round = 0; round < 4; round += 1) await draw();
    expect(await picture()).toMatchObject({ ended: true });
    expect(await here.records.slack.find(others)).toEqual([]);
  });

  it('is the last thing of a round that is to end', async () => {
    const ending = new AbortController();
    slack.before = async () => ending.abort();
    here.later(5_000);
    await door.draw(ending.signal);
    expect(slack.calls.map(({ method }) => method)).toEqual(['chat.postMessage']);
    expect(await picture()).toMatchObject({ ts: expect.any(String) as unknown });
  });

  it('shows how a run has ended when Slack was away for the whole of it, and nothing of what was in between', async () => {
    slack.instead = failing({ status: 500, body: {} });
    await draw();
    here.engine.status = async () => aStatus({ stage: 'deploying', doing: 'wave 1' });
    here.later(20_000);
    await draw();
    await end();
    slack.instead = () => undefined;
    slack.calls.length = 0;
    here.later(20_000);
    await draw();
    await draw();
    expect(slack.of('chat.postMessage').map(({ text }) => text)).toEqual([expect.stringContaining('verified')]);
    expect(await picture()).toMatchObject({ ended: true });
  });

  it('is made of no run that had ended before anybody showed it', async () => {
    await end();
    await draw();
    expect(slack.of('chat.postMessage').filter(({ text }) => text?.startsWith(here.service))).toEqual([]);
  });

  it('keeps no release from anything when there is none', async () => {
    slack.instead = failing({ status: 500, body: {} });
    await draw();
    expect((await here.get(`/v1/releases/${encodeURIComponent(run)}`)).status).toBe(200);
    expect((await picture())?.ts).toBeUndefined();
  });
});
