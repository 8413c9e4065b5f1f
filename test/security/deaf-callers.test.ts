import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Audit } from '../../activities/records/port.ts';
import { createUnderWay, mostUnderWay } from '../../client/gateway/under-way.ts';
import { aStart, tokens, useGateway } from '../client/gateway/gateway.ts';
import type { TestGateway } from '../client/gateway/gateway.ts';
import { until } from '../support/world-until.ts';

/** Somebody with a token for little, who asks without end and takes no answer: what the gateway keeps for them has a bound. */

const start = useGateway();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function listening(gateway: TestGateway): Promise<number> {
  await gateway.server.listen({ host: '127.0.0.1', port: 0 });
  ends.push(() => gateway.server.close());
  return (gateway.server.server.address() as AddressInfo).port;
}

/** A gateway that answers `/slow` when it is told to, and what has been asked of it. */
async function aSlowGateway() {
  const gateway = start();
  const asked: (() => void)[] = [];
  let isSlow = true;
  gateway.server.get('/slow', async () => {
    if (isSlow) await new Promise<void>((resolve) => asked.push(resolve));
    return {};
  });
  const answer = () => {
    isSlow = false;
    for (const one of asked) one();
  };
  ends.push(answer);
  return { gateway, port: await listening(gateway), asked, answer };
}

const question = (path: string, token = tokens.kim) =>
  `GET ${path} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${token}\r\n\r\n`;

/** Sends, and never reads. */
function deaf(port: number, bytes: string): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write(bytes);
  ends.push(() => socket.destroy());
  return socket;
}

/** The gateway's ends of the next connections. */
function connections({ server }: TestGateway, count: number): Promise<Socket[]> {
  const found: Socket[] = [];
  return new Promise((resolve) => {
    server.server.on('connection', (socket: Socket) => {
      if (found.push(socket) === count) resolve(found);
    });
  });
}

async function closed(socket: Socket): Promise<void> {
  if (!socket.destroyed) await once(socket, 'close');
}

describe('somebody who asks and does not read', () => {
  it('has one question begun on a connection, and is cut off with the next', async () => {
    const { gateway, port, asked } = await aSlowGateway();
    const opened = connections(gateway, 10);
    for (let n = 0; n < 10; n += 1) deaf(port, question('/slow').repeat(20));
    await Promise.all((await opened).map(closed));
    expect(asked.length).toBeLessThanOrEqual(10);
  });

  it('is cut off when an answer is not taken in the time that there is for it', async () => {
    const gateway = start({ sendMs: 100 });
    // More than the kernel keeps on both sides.
    gateway.server.get('/large', () => 'x'.repeat(64_000_000));
    const port = await listening(gateway);
    const opened = connections(gateway, 1);
    deaf(port, question('/large'));
    const [socket] = await opened;
    await closed(socket!);
    expect(socket!.writableFinished).toBe(false);
  });

  it('has as many questions under way as one caller may; hanging up does not end them, and others do not notice', async () => {
    const { gateway, port, asked, answer } = await aSlowGateway();
    const opened = connections(gateway, mostUnderWay.ofOne);
    const sockets = Array.from({ length: mostUnderWay.ofOne }, () => deaf(port, question('/slow')));
    const theirs = await opened;
    while (asked.length < mostUnderWay.ofOne) await gateway.get('/healthz', '');
    for (const socket of sockets) socket.destroy();
    await Promise.all(theirs.map(closed));
    const refused = await gateway.get('/v1/me', tokens.kim);
    expect(refused).toMatchObject({
      status: 429,
      body: { error: { code: 'too-many-requests', next: expect.stringMatching(/Try again in 1 s/) } },
    });
    expect((await gateway.get('/v1/me', tokens.dana)).status).toBe(200);
    answer();
    // Each ends in its own time.
    while ((await gateway.get('/v1/me', tokens.kim)).status !== 200);
  });

  it('is answered one question after the other on a connection that is kept', async () => {
    const port = await listening(start());
    const socket = connect(port, '127.0.0.1');
    ends.push(() => socket.destroy());
    for (let n = 0; n < 3; n += 1) {
      socket.write(question('/v1/me'));
      const [answer] = (await once(socket, 'data')) as [Buffer];
      expect(answer.toString()).toMatch(/^HTTP\/1.1 200 /);
    }
  });
});

it('has no more questions under way for all callers together than the gateway can answer', () => {
  const underWay = createUnderWay({ ofOne: 2, inAll: 3 });
  const answers = new Map<string, () => void>();
  const ask = (caller: string, n: number) => {
    const answer = { once: (_event: string, over: () => void) => (answers.set(`${caller}${n}`, over), answer) };
    try {
      underWay.begin(caller, answer as never);
      return () => {
        underWay.made(answer as never);
        answers.get(`${caller}${n}`)!();
      };
    } catch (error) {
      return (error as { status: number }).status;
    }
  };
  const first = ask('a', 1);
  ask('a', 2);
  expect([ask('a', 3), typeof ask('b', 1), ask('b', 2), ask('c', 1)]).toEqual([429, 'function', 503, 503]);
  (first as () => void)();
  expect([typeof ask('c', 1), ask('a', 4)]).toEqual(['function', 503]);
});

describe('rows of the audit that are large', () => {
  const large = async ({ records, service }: TestGateway, count: number) => {
    const facts = { reason: '\ud800'.repeat(1_000), channel: '\ud800'.repeat(1_000) };
    const about = { at: 1, what: 'decision approve refused', who: 'low', facts };
    for (let n = 0; n < count; n += 1)
      await records.audit.append({ lane: `${service}/production`, key: `refused/${n}`, ...about });
    const ends = await records.audit.ends();
    return ends.map(({ lane }) => lane).find((lane) => lane.startsWith(service))!;
  };
  const pageOf = async ({ server }: TestGateway, query: string) => {
    const headers = { authorization: `Bearer ${tokens.kim}` };
    const { body } = await server.inject({ url: `/v1/audit/rows?${query}`, headers });
    const { rows } = JSON.parse(body) as { rows: Awaited<ReturnType<Audit['list']>> };
    return { bytes: body.length, numbers: rows.map(({ n }) => n) };
  };

  it('come in pages of a bounded size, in order and without a gap, and the newest as well', async () => {
    const gateway = start();
    const chain = await large(gateway, 250);
    const pages: Awaited<ReturnType<typeof pageOf>>[] = [];
    for (let after = 0; ;) {
      const page = await pageOf(gateway, `lane=${encodeURIComponent(chain)}&after=${after}&limit=1000`);
      if (page.numbers.length === 0) break;
      pages.push(page);
      after = page.numbers.at(-1)!;
    }
    expect(pages.flatMap(({ numbers }) => numbers)).toEqual(Array.from({ length: 250 }, (_, n) => n + 1));
    const newest = await pageOf(gateway, `lane=${encodeURIComponent(chain)}&newest=true&limit=1000`);
    expect(newest.numbers.at(-1)).toBe(250);
    expect(newest.numbers.length).toBeGreaterThan(50);
    for (const { bytes } of [...pages, newest]) expect(bytes).toBeLessThan(1_010_000);
  });
});

it('has no evidence signed for whoever the gateway does not know', async () => {
  const { post, service, evidence } = start();
  expect((await post('/v1/releases', aStart(service), 'guessed')).status).toBe(401);
  expect(evidence.asked).toBe(0);
});

describe('whoever hangs up before anything was asked of them', () => {
  const headOf = (method: string, headers = '') =>
    `${method} /v1/me HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer ${tokens.kim}\r\n${headers}\r\n`;
  const json = 'content-type: application/json\r\n';
  const announced = `${json}content-length: 1000\r\n`;
  const others = ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY', 'TRACE', 'PROPFIND'];
  const forms: [string, string][] = [
    ['GET', headOf('GET')],
    ['GET, three in a row', headOf('GET').repeat(3)],
    ...['GET', 'HEAD', 'POST', ...others].map((method): [string, string] => [
      `${method} with half a body`,
      `${headOf(method, announced)}{"a":`,
    ]),
    ['PUT in pieces, without the last', `${headOf('PUT', `${json}transfer-encoding: chunked\r\n`)}5\r\n{"a":\r\n`],
    ['DELETE of a body that is waited for', headOf('DELETE', `expect: 100-continue\r\n${announced}`)],
    ['PATCH of an unknown type', `${headOf('PATCH', 'content-type: text/x\r\ncontent-length: 9\r\n')}abc`],
  ];

  /** However it ends. */
  const gone = (socket: Socket) =>
    new Promise<void>((done) => void (socket.destroyed ? done() : socket.once('close', () => done())));

  /** Whether they are known is found out by reading a file: the connection is closed before, meanwhile, or after. */
  const moments = [0, 1, 3, 10];

  it.each(forms)('has the place given back: %s', async (_form, bytes) => {
    const gateway = start();
    const port = await listening(gateway);
    const count = mostUnderWay.ofOne * moments.length * 2;
    const all = connections(gateway, count).then((sockets) => Promise.all(sockets.map(gone)));
    for (const moment of moments)
      for (const end of ['destroy', 'resetAndDestroy'] as const)
        await Promise.all(
          Array.from({ length: mostUnderWay.ofOne }, async () => {
            const socket = connect(port, '127.0.0.1');
            socket.on('error', () => {});
            await once(socket, 'connect');
            await new Promise<void>((done) => socket.write(bytes, () => done()));
            if (moment > 0) await wait(moment);
            socket[end]();
          }),
        );
    await all;
    const statusOf = async () => (await gateway.get('/v1/me', tokens.kim)).status;
    await until('all places to be given back', async () => (await statusOf()) === 200);
    for (let n = 0; n < mostUnderWay.ofOne; n += 1) expect(await statusOf()).toBe(200);
  });

  it.each(others)('is answered before a body is read where it is done nowhere: %s', async (method) => {
    const port = await listening(start());
    const socket = connect(port, '127.0.0.1');
    ends.push(() => socket.destroy());
    let answer = '';
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.write(headOf(method, announced));
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 405 [^]*\r\nallow: GET, HEAD, POST\r\n[^]*method-not-allowed/i);
  });
});
