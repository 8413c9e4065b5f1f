import { request } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { until } from '../../support/world-until.ts';
import { useStreams } from './streams.ts';
import type { TestGateway } from './gateway.ts';
import { anOrder, aStart, tokens, useGateway } from './gateway.ts';

const gateway = useGateway();
const { listening, open } = useStreams();

/** Values by series, as they stand in the text. */
async function seriesOf({ figures }: Pick<TestGateway, 'figures'>): Promise<Map<string, number>> {
  const lines = (await figures.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

const requests = (route: string, status: string, method = 'GET') =>
  `slipway_gateway_requests_total{route="${route}",method="${method}",status="${status}"}`;

describe('figures of the gateway', () => {
  it('count requests by what they are described as, and how long they took', async () => {
    const parts = gateway();
    const id = await parts.release();
    for (const path of [`/v1/releases/${encodeURIComponent(id)}`, '/v1/releases/no-such', '/v1/me'])
      await parts.get(path);
    await parts.get('/v1/me', 'guessed');
    const series = await seriesOf(parts);
    expect(series.get(requests('/v1/releases/:id', '2xx'))).toBe(1);
    expect(series.get(requests('/v1/releases/:id', '4xx'))).toBe(1);
    expect(series.get(requests('/v1/releases', '2xx', 'POST'))).toBe(1);
    expect(series.get(requests('/v1/me', '4xx'))).toBe(1);
    expect(series.get('slipway_gateway_request_duration_seconds_count{route="/v1/me",method="GET",status="2xx"}')).toBe(
      1,
    );
    expect(series.get('slipway_gateway_refusals_total{code="unauthenticated"}')).toBe(1);
    expect(series.get('slipway_gateway_info{version="1.2.3"}')).toBe(1);
  });

  it('are no more of them for a thousand addresses that somebody makes up, methods and tokens', async () => {
    const parts = gateway();
    await parts.get('/made/up');
    await parts.get('/made/up', '');
    await parts.get('/v1/releases/made-up');
    await parts.server.inject({
      method: 'DELETE',
      url: '/made/up',
      headers: { authorization: `Bearer ${tokens.dana}` },
    });
    const before = await seriesOf(parts);
    for (let nth = 0; nth < 500; nth += 1) {
      const known = { authorization: `Bearer ${tokens.kim}` };
      await parts.server.inject({ url: `/made/up/${nth}?x=${nth}`, headers: nth % 2 ? known : {} });
      await parts.server.inject({ url: `/v1/releases/made-up-${nth}`, headers: known });
    }
    for (const method of ['PUT', 'PATCH', 'OPTIONS'] as const)
      await parts.server.inject({ method, url: '/made/up', headers: { authorization: `Bearer ${tokens.kim}` } });
    const after = await seriesOf(parts);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    expect(after.get(requests('unmatched', '4xx'))! - before.get(requests('unmatched', '4xx'))!).toBe(500);
    expect(await parts.figures.text()).not.toMatch(/made|kim|dana/);
  });

  it('count what is decided, once however often it is sent, and what runs have said to it', async () => {
    const parts = gateway();
    const id = await parts.release();
    const order = anOrder('abort');
    for (let times = 0; times < 2; times += 1) await parts.post(parts.decisionPath(id), order);
    const series = await seriesOf(parts);
    expect(series.get('slipway_gateway_decisions_stored_total{kind="abort"}')).toBe(1);
    expect(series.get('slipway_gateway_decision_answers_total{answer="taken"}')).toBe(2);
  });

  it('count those who ask for more than one caller may', async () => {
    const parts = gateway({ startsPerMinute: 1 });
    for (let nth = 0; nth < 4; nth += 1) await parts.post('/v1/releases', aStart(parts.service));
    const series = await seriesOf(parts);
    expect(series.get('slipway_gateway_allowances_refused_total{kind="start"}')).toBe(2);
    expect(series.get('slipway_gateway_refusals_total{code="too-many-requests"}')).toBe(2);
  });

  it('say how many are answered now, and to how many', async () => {
    const parts = gateway();
    let answer: (() => void) | undefined;
    const asked = new Promise<void>((heard) => {
      parts.engine.look = () => {
        heard();
        return new Promise((resolve) => (answer = () => resolve(undefined)));
      };
    });
    const question = parts.get('/v1/health');
    await asked;
    const during = await seriesOf(parts);
    expect(during.get('slipway_gateway_questions_under_way')).toBe(1);
    expect(during.get('slipway_gateway_callers_under_way')).toBe(1);
    answer!();
    await question;
    expect((await seriesOf(parts)).get('slipway_gateway_questions_under_way')).toBe(0);
  });

  it('say how many streams are open, and count each when it is over, however long it was followed', async () => {
    const parts = gateway();
    const id = await parts.release();
    const stream = await open(await listening(parts), id);
    await stream.next();
    expect((await seriesOf(parts)).get('slipway_gateway_streams_open')).toBe(1);
    stream.hangUp();
    await until('the stream to be over', async () => (await seriesOf(parts)).get('slipway_gateway_streams_open') === 0);
    const names = await seriesOf(parts);
    expect(names.get(requests('/v1/releases/:id/events', '2xx'))).toBe(1);
    expect([...names.keys()].filter((name) => /duration.*events/.test(name))).toEqual([]);
  });

  it('count those who have hung up before they were answered apart', async () => {
    const parts = gateway();
    const asked = new Promise<void>((heard) => {
      parts.engine.look = () => {
        heard();
        return new Promise(() => {});
      };
    });
    const port = await listening(parts);
    const headers = { authorization: `Bearer ${tokens.dana}` };
    const asking = request({ host: '127.0.0.1', port, path: '/v1/health', headers, agent: false }).on(
      'error',
      () => {},
    );
    asking.end();
    await asked;
    asking.destroy();
    await until('it to be counted', async () => (await seriesOf(parts)).get(requests('/v1/health', 'gone')) === 1);
  });

  it('tell what waits on record, by a look in ten seconds, and nothing of it while the records are away', async () => {
    const parts = gateway();
    const onRecord = /^slipway_(outbox|slack)_/;
    const told = async () => [...(await seriesOf(parts)).keys()].filter((name) => onRecord.test(name)).sort();
    const all = [
      'slipway_outbox_messages{state="dead"}',
      'slipway_outbox_messages{state="waiting"}',
      'slipway_outbox_oldest_waiting_seconds',
      'slipway_slack_pictures_behind',
    ];
    const looks = () => parts.askedRecords.filter((question) => question === 'outbox.standing').length;
    expect(await told()).toEqual(all);
    for (let times = 0; times < 20; times += 1) await told();
    expect(looks()).toBe(1);
    parts.figures.secondsOn += 9;
    await told();
    expect(looks()).toBe(1);
    for (const question of ['outbox.standing', 'slack.behind']) parts.failing.add(question);
    parts.figures.secondsOn += 1;
    expect(await told()).toEqual([]);
    expect(looks()).toBe(2);
    parts.failing.clear();
    expect(await told()).toEqual([]);
    parts.figures.secondsOn += 10;
    expect(await told()).toEqual(all);
  });

  it('wait for silent records no longer than they have, and say everything else', async () => {
    const parts = gateway();
    parts.silence.falls = true;
    const series = await seriesOf(parts);
    expect(series.has('slipway_outbox_oldest_waiting_seconds')).toBe(false);
    expect(series.has('slipway_gateway_streams_open')).toBe(true);
  });

  it('are nowhere at the address of the gateway', async () => {
    const { get } = gateway();
    expect((await get('/metrics', '')).status).toBe(401);
    expect((await get('/metrics')).status).toBe(404);
  });
});
