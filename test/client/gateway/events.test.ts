import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { mostStreams } from '../../../client/gateway/event-routes.ts';
import { until } from '../../support/world-until.ts';
import { aStatus } from '../cli/builders.ts';
import { requireDocumented } from './documented.ts';
import { tokens, useGateway } from './gateway.ts';
import type { TestGateway } from './gateway.ts';
import { useStreams } from './streams.ts';

const start = useGateway();
const { listening, open } = useStreams();

const eventsOf = (id: string) => `/v1/releases/${encodeURIComponent(id)}/events`;

/** A run that does what the test says; how often a worker was asked for it. */
function saying({ engine }: TestGateway, doing = 'builds core') {
  const run = { doing, looks: 0 };
  engine.status = async (releaseId) => {
    run.looks += 1;
    return { ...aStatus({ doing: run.doing }), releaseId };
  };
  return run;
}

/** One that does something else whenever it is looked at. */
function counting({ engine }: TestGateway) {
  const run = { looks: 0 };
  engine.status = async (releaseId) => ({ ...aStatus({ doing: `look ${(run.looks += 1)}` }), releaseId });
  return run;
}

const nthOf = (doing: string | undefined) => Number(/^look (\d+)$/.exec(doing ?? '')?.[1]);

async function watched() {
  const gateway = start();
  const [id, port] = [await gateway.release(), await listening(gateway)];
  return { gateway, id, port };
}

describe('a stream of events', () => {
  it('says how the run stands at once, and then whenever that has changed', async () => {
    const { gateway, id, port } = await watched();
    const run = saying(gateway);
    const stream = await open(port, id);
    expect(stream.answer.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'slipway-version': expect.any(String),
    });
    const first = (await stream.next())!;
    requireDocumented({
      method: 'GET',
      url: `/v1/releases/${encodeURIComponent(id)}`,
      status: 200,
      body: JSON.parse(first.data),
    });
    expect(first).toMatchObject({ event: 'release', id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    await until('three looks at what has not changed', () => run.looks >= 4);
    run.doing = 'deploys core';
    expect(await stream.doing()).toBe('deploys core');
  });

  it('looks at the run once for all who watch it', async () => {
    const { gateway, id, port } = await watched();
    counting(gateway);
    const streams = await Promise.all(Array.from({ length: 10 }, () => open(port, id)));
    const seen = await Promise.all(
      streams.map(async (stream) => {
        const nth = [];
        for (let n = 0; n < 3; n += 1) nth.push(nthOf(await stream.doing()));
        return nth;
      }),
    );
    // A look for somebody else would be missing between two of one's own.
    for (const [first = 0, ...rest] of seen) expect(rest).toEqual([first + 1, first + 2]);
  });

  it('goes on behind what somebody has seen, with all that was there in between', async () => {
    const { gateway, id, port } = await watched();
    const run = counting(gateway);
    const before = await open(port, id);
    const { id: lastId, data } = (await before.next())!;
    const nth = nthOf((JSON.parse(data) as { status: { doing: string } }).status.doing);
    before.hangUp();
    await until('three states that nobody has seen', () => run.looks >= nth + 3);
    const after = await open(port, id, { lastId });
    for (const later of [1, 2, 3]) expect(nthOf(await after.doing())).toBe(nth + later);
  });

  it('repeats nothing to whoever has seen it, also at another gateway, and tells anybody else how it stands', async () => {
    const { gateway, id, port } = await watched();
    saying(gateway);
    const { id: lastId } = (await (await open(port, id)).next())!;
    const other = start();
    for (const [key, run] of gateway.engine.runs) other.engine.runs.set(key, run);
    const run = saying(other);
    const otherPort = await listening(other);
    const resumed = await open(otherPort, id, { lastId });
    expect(await (await open(otherPort, id, { lastId: 'f'.repeat(32) })).doing()).toBe('builds core');
    run.doing = 'deploys core';
    expect(await resumed.doing()).toBe('deploys core');
  });

  it('ends with the outcome, and says nothing but that to whoever has seen it', async () => {
    const { gateway, id, port } = await watched();
    saying(gateway);
    const stream = await open(port, id);
    await stream.next();
    gateway.engine.runs.set(id, { open: false, pending: [] });
    await gateway.records.attempts.conclude(id, { outcome: 'rejected', summary: 'not today', endedAt: 9 });
    const end = { event: 'end', data: '{"outcome":"rejected"}' };
    const last = (await stream.next())!;
    expect(JSON.parse(last.data)).toMatchObject({ open: false, outcome: 'rejected' });
    expect([await stream.next(), await stream.next()]).toEqual([end, undefined]);
    const again = await open(port, id, { lastId: last.id });
    expect([await again.next(), await again.next()]).toEqual([end, undefined]);
  });

  it('tells that the run cannot be looked at, and goes on when it can', async () => {
    const { gateway, id, port } = await watched();
    saying(gateway);
    const stream = await open(port, id);
    const first = (await stream.next())!;
    gateway.failing.add('attempts.find');
    const trouble = (await stream.next())!;
    expect([trouble.event, JSON.parse(trouble.data)]).toEqual([
      'trouble',
      { error: { code: 'internal', message: expect.any(String) } },
    ]);
    const meanwhile = await open(port, id);
    expect([(await meanwhile.next())!.event, (await meanwhile.next())!.event]).toEqual(['release', 'trouble']);
    gateway.failing.clear();
    expect(await stream.next()).toEqual(first);
    expect(gateway.logged).toHaveLength(1);
  });

  it('is looked at again as soon as somebody has decided about the run', async () => {
    const { gateway, id, port } = await watched();
    const run = saying(gateway);
    const stream = await open(port, id);
    await stream.next();
    gateway.engine.onDecide = async () => void (run.doing = 'is aborted');
    const before = run.looks;
    await gateway.post(gateway.decisionPath(id), { decisionId: 'd1', kind: 'abort', channel: 'cli', reason: 'no' });
    expect(await stream.doing()).toBe('is aborted');
    expect(run.looks).toBeGreaterThan(before);
  });
});

describe('whoever may not have a stream', () => {
  it('is told so in an ordinary answer', async () => {
    const gateway = start();
    const id = await gateway.release();
    expect(await gateway.get(eventsOf('release/shop/production/none/1'))).toMatchObject({ status: 404 });
    expect(await gateway.get(eventsOf(id), 'nobody')).toMatchObject({ status: 401 });
    gateway.failing.add('attempts.find');
    expect(await gateway.get(eventsOf(id))).toMatchObject({ status: 500 });
  });

  it('has theirs ended when their token is taken away, and nobody else', async () => {
    const gateway = start({ aliveMs: 50 });
    const [id, port] = [await gateway.release(), await listening(gateway)];
    const run = saying(gateway);
    const [dana, kim] = [await open(port, id), await open(port, id, { token: tokens.kim })];
    await Promise.all([dana.next(), kim.next()]);
    gateway.removed.add(tokens.dana);
    expect(await dana.next()).toBeUndefined();
    run.doing = 'deploys core';
    expect(await kim.doing()).toBe('deploys core');
  });

  it('has as many as one caller may, and another one when one of them is closed', async () => {
    const { gateway, id, port } = await watched();
    saying(gateway);
    const streams = await Promise.all(Array.from({ length: mostStreams.ofOne }, () => open(port, id)));
    const refused = await gateway.get(eventsOf(id));
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { code: 'too-many-requests', next: expect.stringContaining('GET /v1/releases/:id') } },
    });
    // Questions have measures of their own.
    expect((await gateway.get(`/v1/releases/${encodeURIComponent(id)}`)).status).toBe(200);
    expect((await open(port, id, { token: tokens.kim })).answer.statusCode).toBe(200);
    streams[0]!.hangUp();
    await until('room for another one', async () => (await open(port, id)).answer.statusCode === 200);
  });
});

describe('a stream that nobody reads', () => {
  it('is cut off, and keeps nothing from others', async () => {
    const gateway = start({ sendMs: 200 });
    const [id, port] = [await gateway.release(), await listening(gateway)];
    // More than the kernel keeps on both sides.
    const run = saying(gateway, 'x'.repeat(8_000_000));
    const theirs = once(gateway.server.server, 'connection') as Promise<[Socket]>;
    const deaf = connect(port, '127.0.0.1').on('error', () => {});
    deaf.pause();
    deaf.write(`GET ${eventsOf(id)} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${tokens.kim}\r\n\r\n`);
    const [socket] = await theirs;
    const closed = once(socket, 'close');
    await until('an event that is not taken', () => socket.writableLength > 0);
    const looks = run.looks;
    run.doing = 'builds core';
    await until('a state that is shorter', () => run.looks > looks + 1);
    const reader = await open(port, id);
    expect(await reader.doing()).toBe('builds core');
    await closed;
    deaf.destroy();
    run.doing = 'deploys core';
    expect(await reader.doing()).toBe('deploys core');
  });
});

describe('a gateway that ends', () => {
  it('ends its streams at once, without an end of the run, also of those who do not read', async () => {
    const { gateway, id, port } = await watched();
    const run = saying(gateway);
    const stream = await open(port, id);
    await stream.next();
    const deaf = await open(port, id, { token: tokens.kim });
    run.doing = 'x'.repeat(8_000_000);
    expect(await stream.doing()).toHaveLength(8_000_000);
    await gateway.server.close();
    expect(await stream.next()).toBeUndefined();
    const looks = run.looks;
    deaf.hangUp();
    expect(run.looks).toBe(looks);
  });
});
