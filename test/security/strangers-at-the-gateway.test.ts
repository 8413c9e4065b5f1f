import { connect, Server, Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectionLimits, limitConnections } from '../../activities/shared/open-connections.ts';
import { questionLimits } from '../../client/gateway/question-limits.ts';
import { slackDoor } from '../../client/slack/door.ts';
import { anOrder, aStart, at, tokens, useGateway } from '../client/gateway/gateway.ts';
import type { TestGateway } from '../client/gateway/gateway.ts';
import { aHash } from '../domain/builders.ts';

/** Whoever has only the network, or a token for little: they are told so, and nobody else notices. */

const start = useGateway();
let gateway: TestGateway;
let port = 0;
/** How often anything was asked of the records. */
let looked = 0;

beforeAll(async () => {
  gateway = start();
  const { list } = gateway.records.attempts;
  gateway.records.attempts.list = (query) => ((looked += 1), list(query));
  await gateway.server.listen({ host: '127.0.0.1', port: 0 });
  port = (gateway.server.server.address() as AddressInfo).port;
});
afterAll(() => gateway.server.close());

/** Sends exactly these bytes, and answers what came back until the gateway closed the connection, or the whole answer was there. */
async function answerTo(bytes: string, at = port): Promise<string> {
  const socket = await opened(at);
  socket.write(bytes);
  return closed(socket);
}

function opened(at = port): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(at, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

function closed(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.removeAllListeners('error').on('error', () => {});
    socket.on('data', (chunk) => (text += chunk.toString('latin1')));
    socket.on('close', () => resolve(text));
  });
}

const statusOf = (answer: string) => Number(answer.split(' ')[1]);
const codeOf = (answer: string) =>
  (JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) as { error: { code: string } }).error.code;
const head = (line: string, headers: string[] = []) => [line, 'host: gateway', ...headers, '', ''].join('\r\n');

describe('a stranger without a token', () => {
  it('is refused before the body is read: one that comes letter by letter holds no connection', async () => {
    const begun = head('POST /v1/releases HTTP/1.1', ['content-type: application/json', 'content-length: 100000']);
    const answers = await Promise.all(Array.from({ length: 100 }, () => answerTo(`${begun}{`)));
    // Each was closed by the gateway, although 99,999 bytes had not come.
    expect(new Set(answers.map(statusOf))).toEqual(new Set([401]));
  });

  it('is refused before the body is read where it is a megabyte', async () => {
    const begun = head('POST /v1/releases HTTP/1.1', ['content-type: application/json', 'content-length: 1000000']);
    const answer = await answerTo(begun + ' '.repeat(100_000));
    expect([statusOf(answer), codeOf(answer)]).toEqual([401, 'unauthenticated']);
  });

  it.each([
    ['headers beyond 16 kB', head('GET /v1/me HTTP/1.1', [`x: ${'a'.repeat(20_000)}`]), 431],
    [
      'two thousand headers',
      head(
        'GET /v1/me HTTP/1.1',
        Array.from({ length: 2_000 }, (_, n) => `x${n}: a`),
      ),
      431,
    ],
    ['an address of 20 kB', head(`GET /${'a'.repeat(20_000)} HTTP/1.1`), 431],
    ['a method that there is not', head('BREW /v1/me HTTP/1.1'), 400],
    ['a method that does not belong there', head('DELETE /v1/releases HTTP/1.1', ['connection: close']), 401],
    ['TRACE', head('TRACE /v1/releases HTTP/1.1', ['connection: close']), 401],
    ['NUL in the path', head('GET /v1/releases/%00 HTTP/1.1', ['connection: close']), 401],
    ['slashes in the path', head('GET /v1/releases/..%2f..%2fv1%2fme HTTP/1.1', ['connection: close']), 401],
    ['a path with broken escapes', head('GET /v1/releases/%zz HTTP/1.1', ['connection: close']), 400],
    ['a token of 10 kB', head('GET /v1/me HTTP/1.1', [`authorization: Bearer ${'a'.repeat(10_000)}`]), 401],
    ['two lengths', head('POST /v1/releases HTTP/1.1', ['content-length: 1', 'content-length: 2']), 400],
    [
      'a length and pieces',
      head('POST /v1/releases HTTP/1.1', ['content-length: 1', 'transfer-encoding: chunked']),
      400,
    ],
    ['a line that is no request', 'hello\r\n\r\n', 400],
  ])('gets nothing by %s', async (_what, bytes, status) => {
    const answer = await answerTo(bytes);
    expect(statusOf(answer)).toBe(status);
    expect(answer).not.toMatch(/stack|node_modules|postgres/i);
  });

  it('is told whether the gateway is well, nothing more, and costs the database one look a second at most', async () => {
    looked = 0;
    const answers = await Promise.all(Array.from({ length: 500 }, () => gateway.get('/healthz', '')));
    for (const { status, body } of answers) expect({ status, body }).toEqual({ status: 200, body: { ok: true } });
    expect(looked).toBeLessThan(answers.length / 10);
  });

  it.each([
    ['no token', {}],
    ['one that was guessed', { authorization: 'Bearer guessed' }],
  ])('is let in nowhere, and never gets as far as the records, or Temporal: %s', async (_what, headers) => {
    const { server, routes, askedRecords, askedTemporal } = start();
    const toAnybody = [
      ...['/livez', '/readyz', '/healthz', '/openapi.json'],
      ...['/v1/login', '/auth/login', '/auth/callback'],
    ];
    const closed = routes.filter(({ path }) => !toAnybody.includes(path));
    expect(closed).not.toEqual([]);
    for (const { method, path } of [...closed, { method: 'GET', path: '/nothing' }]) {
      const body = method === 'POST' && { payload: {} };
      const { statusCode: status } = await server.inject({ method: method as 'GET', url: at(path), headers, ...body });
      expect({ method, path, status }).toEqual({ method, path, status: 401 });
    }
    expect([...askedRecords, ...askedTemporal]).toEqual([]);
  });

  it('cannot open more connections than one address is given, and others come in', async () => {
    const tooMany = 50;
    const many = await Promise.all(Array.from({ length: connectionLimits.perAddress + tooMany }, () => opened()));
    const ended = many.map((socket) => closed(socket));
    let refused = 0;
    await new Promise<void>((resolve) => {
      for (const one of ended) void one.then(() => (refused += 1) === tooMany && resolve());
    });
    expect(many.filter((socket) => !socket.destroyed)).toHaveLength(connectionLimits.perAddress);
    for (const socket of many) socket.destroy();
    await Promise.all(ended);
    // The gateway hears of each end in its own time.
    const come = () => answerTo(head('GET /healthz HTTP/1.1', ['connection: close'])).then(statusOf);
    while ((await come()) !== 200);
  });

  it('has no more of them by having many addresses of one network', () => {
    const server = new Server();
    limitConnections(server, 2);
    const come = (remoteAddress: string) => {
      const socket = Object.defineProperty(new Socket(), 'remoteAddress', { value: remoteAddress });
      server.emit('connection', socket);
      return socket;
    };
    const theirs = ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:2:3::3', '2001:db8:1:2:4::4'].map(come);
    const others = ['2001:db8:1:3::1', '::ffff:198.51.100.1', '::ffff:198.51.100.2', '198.51.100.3'].map(come);
    expect(theirs.map(({ destroyed }) => destroyed)).toEqual([false, false, true, true]);
    expect(others.map(({ destroyed }) => destroyed)).toEqual([false, false, false, false]);
    for (const socket of [...theirs, ...others]) socket.destroy();
  });

  it('is given limited time: the server itself ends what does not go on', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections } = gateway.server.server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout, maxConnections }).toEqual({
      headersTimeout: questionLimits.headerMs,
      requestTimeout: questionLimits.requestMs,
      keepAliveTimeout: questionLimits.idleMs,
      maxConnections: connectionLimits.inAll,
    });
  });
});

describe('a body that does not come to its end', () => {
  const length = 'content-length: 100000';

  it.each([
    ['of somebody with a token', 'POST /v1/releases', [`authorization: Bearer ${tokens.kim}`]],
    [
      'at the door of Slack, of whose sender nobody knows anything yet',
      'POST /slack/events',
      ['x-slack-signature: v0=', 'x-slack-request-timestamp: 1000'],
    ],
  ])('is cut off when its time is over, and asks nothing of the records: %s', async (_whose, line, headers) => {
    const slack = slackDoor({ botToken: 'xoxb-test', signingSecret: 'secret', apiUrl: 'http://127.0.0.1:1/' });
    const { server, askedRecords } = start({}, [slack]);
    await server.listen({ host: '127.0.0.1', port: 0 });
    // Instead of its twenty seconds; the server looks once a second.
    Object.assign(server.server, { headersTimeout: 1, requestTimeout: 1 });
    const { port: own } = server.server.address() as AddressInfo;
    const before = askedRecords.length;
    const sent = head(`${line} HTTP/1.1`, ['content-type: application/json', length, ...headers]);
    expect(statusOf(await answerTo(`${sent}{`, own))).toBe(408);
    expect(askedRecords.slice(before)).toEqual([]);
    await server.close();
  });
});

describe('somebody with a token for little', () => {
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const post = (payload: string) =>
    gateway.server.inject({
      method: 'POST',
      url: '/v1/releases',
      headers: { authorization: `Bearer ${tokens.kim}`, 'content-type': 'application/json' },
      payload,
    });

  it.each([
    ['a body nested 40,000 deep', nested(40_000), 400],
    ['arrays nested 100,000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
    ['JSON that ends early', '{"service":"a"', 400],
    ['a prototype', '{"__proto__":{"admin":true}}', 400],
    ['a constructor', '{"constructor":{"prototype":{"admin":true}}}', 400],
    ['a body of a megabyte', JSON.stringify({ service: 'a'.repeat(1_000_000) }), 413],
    [
      'fifteen thousand keys',
      JSON.stringify(Object.fromEntries(Array.from({ length: 15_000 }, (_, n) => [`k${n}`, n]))),
      400,
    ],
  ])('gets a plain refusal for %s', async (_what, payload, status) => {
    const answer = await post(payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.json<{ error: { code: string } }>().error.code).toBe('bad-request');
  });

  it('who starts too often is told when to try again; whoever else starts something does not notice', async () => {
    const { server, service, get } = start();
    const asking = (token: string) =>
      server.inject({
        method: 'POST',
        url: '/v1/releases',
        headers: { authorization: `Bearer ${token}` },
        payload: aStart(service, { service: 'unknown' }),
      });
    const answers = await Promise.all(Array.from({ length: 200 }, () => asking(tokens.kim)));
    const tooMany = answers.filter(({ statusCode }) => statusCode === 429);
    expect(tooMany.length).toBeGreaterThan(50);
    for (const { headers } of tooMany) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    const { error } = tooMany[0]!.json<{ error: unknown }>();
    expect(error).toEqual({
      code: 'too-many-requests',
      message: expect.any(String),
      next: expect.stringMatching(/Try again in \d+ s/),
    });
    expect((await asking(tokens.dana)).statusCode).toBe(422);
    // To look is another measure: who may not start more may still see what there is.
    expect((await get('/v1/releases', tokens.kim)).status).toBe(200);
  });

  it('who orders too often is told when to try again; whoever else decides does not notice', async () => {
    const { server, release, post, decisionPath, engine } = start();
    const id = await release();
    const ordering = () =>
      server.inject({
        method: 'POST',
        url: decisionPath(id),
        headers: { authorization: `Bearer ${tokens.kim}` },
        payload: {},
      });
    const answers = await Promise.all(Array.from({ length: 200 }, ordering));
    const tooMany = answers.filter(({ statusCode }) => statusCode === 429);
    expect(tooMany.length).toBeGreaterThan(0);
    expect(answers.filter(({ statusCode }) => statusCode === 400)).toHaveLength(answers.length - tooMany.length);
    for (const { headers } of tooMany) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    const approval = anOrder('approve', { planHash: aHash() });
    expect((await post(decisionPath(id), approval, tokens.lee)).status).toBe(200);
    expect(engine.decided.map(({ decision: { kind, by } }) => `${by.id} ${kind}`)).toEqual(['lee approve']);
  });
});
