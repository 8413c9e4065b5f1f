import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import type { Verification } from '../../activities/verification/port.ts';
import type { GraphqlEndpoint, HttpEndpoint } from '../../domain/contract/release.ts';

const signal = new AbortController().signal;
/** Servers of these tests are on this machine. */
const hosts = ['127.0.0.1', 'nowhere.invalid'];

/** What everybody who asks endpoints must do. */
export function describeVerification(name: string, setUp: (timeoutMs?: number) => Verification): void {
  describe(`Verification: ${name}`, () => {
    const verification = setUp();
    let server: Server;
    let answer: RequestListener;
    let origin: string;
    let connections: number;

    beforeEach(async () => {
      connections = 0;
      server = createServer((request, response) => answer(request, response)).on(
        'connection',
        () => (connections += 1),
      );
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    afterEach(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });

    const http = (changes: Partial<HttpEndpoint> = {}): HttpEndpoint => ({
      kind: 'http',
      name: 'front page',
      url: `${origin}/health?token=very-secret`,
      status: 200,
      successes: 1,
      timeoutMs: 1_000,
      ...changes,
    });
    const graphql = (changes: Partial<GraphqlEndpoint> = {}): GraphqlEndpoint => ({
      kind: 'graphql',
      name: 'shop',
      url: `${origin}/graphql/`,
      query: '{ shop { name countries { code } } }',
      expect: {},
      successes: 1,
      timeoutMs: 1_000,
      ...changes,
    });
    const answering = (status: number, body: string, headers: Record<string, string> = {}): RequestListener => {
      return (_, response) => void response.writeHead(status, headers).end(body);
    };

    it.each<[string, string, boolean]>([
      ['nobody knows', 'http://nowhere.invalid/', true],
      ['the machine itself is called', 'http://localhost/', false],
      ['is an address', 'http://127.0.0.1:1/', false],
      ['is an address of the newer kind', 'http://[::1]:1/', false],
    ])('tells before anything is asked that a host which %s is unknown, or not', async (_what, url, unknown) => {
      const known = [...hosts, 'localhost', '[::1]'];
      expect(await verification.isUnknown(http({ url }), known)).toBe(unknown);
    });

    it('answers the same when asked again because the reply was lost, each time on a new connection', async () => {
      answer = answering(200, 'fine');
      const first = await verification.check(http(), signal, hosts);
      expect(await verification.check(http(), signal, hosts)).toEqual(first);
      expect(connections).toBe(2);
    });

    it('passes the wanted status and text, and does not show the query', async () => {
      answer = answering(200, 'all is fine');
      const check = await verification.check(http({ contains: 'is fine' }), signal, hosts);
      expect(check).toEqual({ name: 'front page', verdict: 'pass', summary: `${origin}/health answered 200` });
    });

    it.each([404, 500, 502, 503])('fails another status (%d), as somebody did answer', async (status) => {
      answer = answering(status, 'fine');
      expect(await verification.check(http(), signal, hosts)).toMatchObject({
        verdict: 'fail',
        summary: expect.stringContaining(`answered ${status} instead of 200`),
      });
    });

    it('fails a body without the wanted text', async () => {
      answer = answering(200, 'maintenance');
      expect(await verification.check(http({ contains: 'fine' }), signal, hosts)).toMatchObject({
        verdict: 'fail',
        summary: expect.stringContaining('does not contain "fine"'),
      });
    });

    it('reads no more than 256 KB', async () => {
      answer = (_, response) => {
        const more = () => response.write('x'.repeat(64 * 1024), (error) => (error ? undefined : setImmediate(more)));
        more();
      };
      const check = await verification.check(http({ contains: 'fine' }), signal, hosts);
      expect(check).toMatchObject({
        verdict: 'fail',
        summary: expect.stringContaining('the first 256 KB does not contain'),
      });
    });

    it.each([301, 302, 308])('takes a redirect (%d) as an answer and does not follow it', async (status) => {
      const asked: (string | undefined)[] = [];
      answer = (request, response) => {
        asked.push(request.url);
        response.writeHead(request.url === '/elsewhere' ? 200 : status, { location: '/elsewhere' }).end();
      };
      expect(await verification.check(http(), signal, hosts)).toMatchObject({ verdict: 'fail' });
      expect(await verification.check(http({ status }), signal, hosts)).toMatchObject({ verdict: 'pass' });
      expect(asked).not.toContain('/elsewhere');
    });

    it('cannot say when nobody listens', async () => {
      const free = createTcpServer().listen(0, '127.0.0.1');
      await once(free, 'listening');
      const { port } = free.address() as AddressInfo;
      free.close();
      await once(free, 'close');
      const check = await verification.check(http({ url: `http://127.0.0.1:${port}/` }), signal, hosts);
      expect(check).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('ECONNREFUSED') });
    });

    it('cannot say when there is no such host', async () => {
      const check = await verification.check(http({ url: 'http://nowhere.invalid/' }), signal, hosts);
      expect(check).toMatchObject({ verdict: 'inconclusive', summary: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
    });

    it('cannot say when what listens speaks no TLS', async () => {
      answer = answering(200, 'fine');
      expect(await verification.check(http({ url: origin.replace('http:', 'https:') }), signal, hosts)).toMatchObject({
        verdict: 'inconclusive',
      });
    });

    it('cannot say when the connection breaks instead of an answer', async () => {
      answer = (request) => request.socket.destroy();
      expect(await verification.check(http(), signal, hosts)).toMatchObject({ verdict: 'inconclusive' });
    });

    it.each<[string, RequestListener]>([
      ['no answer comes in time', () => {}],
      ['only half an answer comes in time', (_, response) => void response.writeHead(200).write('half')],
    ])('cannot say when %s', async (_, listener) => {
      answer = listener;
      const check = await setUp(200).check(http(), signal, hosts);
      expect(check).toMatchObject({ verdict: 'inconclusive', summary: expect.stringContaining('no answer in 0.2 s') });
    });

    it('stops asking at once when told to', async () => {
      const stop = new AbortController();
      answer = () => stop.abort(new Error('cancelled'));
      await expect(verification.check(http(), stop.signal, hosts)).rejects.toThrow('cancelled');
    });

    it.each(['no url', 'file:///etc/passwd', 'http://user:very-secret@127.0.0.1/'])(
      'refuses to ask "%s"',
      async (url) => {
        const error: unknown = await verification
          .check(http({ url }), signal, hosts)
          .catch((reason: unknown) => reason);
        expect(error).toMatchObject({ details: { code: 'SLIP-VER-2', kind: 'terminal' } });
        expect(JSON.stringify(error)).not.toContain('very-secret');
      },
    );

    it('posts a GraphQL query and passes when the data hold the wanted values', async () => {
      const asked: unknown[] = [];
      answer = (request, response) => {
        request.on('data', (body: Buffer) =>
          asked.push(request.method, request.headers['content-type'], JSON.parse(body.toString())),
        );
        response.end(JSON.stringify({ data: { shop: { name: 'Shop', open: true, countries: [{ code: 'PL' }] } } }));
      };
      const wanted = { 'shop.name': 'Shop', 'shop.open': true, 'shop.countries.0.code': 'PL' };
      expect(await verification.check(graphql({ expect: wanted }), signal, hosts)).toMatchObject({
        name: 'shop',
        verdict: 'pass',
      });
      expect(asked).toEqual(['POST', 'application/json', { query: graphql().query }]);
    });

    it.each<[string, number, string, GraphqlEndpoint['expect'], string]>([
      [
        'errors, although the status is 200',
        200,
        '{"data":null,"errors":[{"message":"no database"},{"message":"x"}]}',
        {},
        'the error: no database',
      ],
      ['errors beside data', 200, '{"data":{"shop":1},"errors":[{"message":"half"}]}', { shop: 1 }, 'the error: half'],
      [
        'another status with errors',
        400,
        '{"errors":[{"message":"bad query"}]}',
        {},
        'answered 400 with the error: bad query',
      ],
      ['another status', 503, 'upstream', {}, 'answered 503 instead of 200'],
      ['a page instead of JSON', 200, '<html>', {}, 'not with a GraphQL response'],
      ['errors that are none', 200, '{"errors":"many"}', {}, 'not with a GraphQL response'],
      ['no data', 200, '{}', {}, 'without data'],
      [
        'another value',
        200,
        '{"data":{"shop":{"name":"Other"}}}',
        { 'shop.name': 'Shop' },
        'shop.name is another value instead of "Shop"',
      ],
      ['a number that is a text', 200, '{"data":{"n":"1"}}', { n: 1 }, 'n is another value instead of 1'],
      [
        'a missing value',
        200,
        '{"data":{"shop":null}}',
        { 'shop.name': 'Shop' },
        'shop.name is missing instead of "Shop"',
      ],
      ['what every object has', 200, '{"data":{}}', { 'constructor.name': 'Object' }, 'constructor.name is missing'],
    ])('fails a GraphQL answer with %s', async (_, status, body, expected, summary) => {
      answer = answering(status, body);
      const check = await verification.check(graphql({ expect: expected }), signal, hosts);
      expect(check).toMatchObject({ verdict: 'fail', summary: expect.stringContaining(summary) });
    });

    it('says it in one line, without what looks like a secret', async () => {
      answer = answering(200, JSON.stringify({ errors: [{ message: 'line one\nline two password=hunter2-long' }] }));
      const { summary } = await verification.check(graphql(), signal, hosts);
      expect(summary).toContain('line one line two');
      expect(summary).not.toContain('hunter2');
    });
  });
}
