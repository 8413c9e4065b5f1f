import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVerification } from '../../activities/verification/endpoint-verification.ts';
import type { GrpcEndpoint } from '../../domain/contract/release.ts';
import { anAuthority, type Authority, type Certified } from '../support/certificates.ts';
import { startHealthServer, type HealthAnswer } from '../support/health-server.ts';

const { signal } = new AbortController();
const hosts = ['127.0.0.1', 'localhost'];

describe('Verification: grpc', () => {
  let directory: string;
  let authority: Authority;
  let certified: Certified;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-grpc-'));
    authority = await anAuthority(directory);
    certified = await authority.issue('server', { names: ['DNS:localhost', 'IP:127.0.0.1'] });
  });
  afterAll(() => rm(directory, { recursive: true }));

  const started: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of started.splice(0)) await end();
  });
  async function serving(answers: Record<string, HealthAnswer>, by?: Certified) {
    const server = await startHealthServer(answers, by);
    started.push(() => server.close());
    return server;
  }
  async function listening(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    started.push(() => new Promise((closed) => server.close(closed)));
    return (server.address() as AddressInfo).port;
  }

  const verification = (timeoutMs = 60_000) => createVerification({ timeoutMs, authorities: [authority.cert] });
  const check = async (wanted: Partial<GrpcEndpoint> & { port: number }, asking = verification()) => {
    const patience = { successes: 1, timeoutMs: 1_000 };
    const endpoint: GrpcEndpoint = {
      kind: 'grpc',
      name: 'prices',
      host: '127.0.0.1',
      tls: false,
      ...patience,
      ...wanted,
    };
    const { verdict, summary } = await asking.check(endpoint, signal, hosts);
    return `${verdict}: ${summary.replace(String(wanted.port), 'PORT')}`;
  };

  it('passes a server that says SERVING, of itself and of a service', async () => {
    const { port, asked } = await serving({ '': 1, 'shop.v1.Prices': 1 });
    expect(await check({ port })).toBe('pass: 127.0.0.1:PORT answered SERVING');
    expect(await check({ port, service: 'shop.v1.Prices' })).toBe(
      'pass: 127.0.0.1:PORT shop.v1.Prices answered SERVING',
    );
    expect(asked).toEqual(['', 'shop.v1.Prices']);
  });

  // prettier-ignore
  it.each<[string, HealthAnswer, string]>([
    ['not serving', 2, 'fail: 127.0.0.1:PORT answered NOT_SERVING instead of SERVING'],
    ['an error, in its own words', { code: 14, details: 'kein Glück' }, 'fail: 127.0.0.1:PORT answered UNAVAILABLE: kein Glück'],
    ['that it has no such protocol', 'not there', 'fail: 127.0.0.1:PORT answered UNIMPLEMENTED: The server does not implement the method /grpc.health.v1.Health/Check'],
  ])('fails %s', async (_what, answer, says) => {
    const { port } = await serving({ '': answer });
    expect(await check({ port })).toBe(says);
  });

  it('fails a service that the server does not know', async () => {
    const { port } = await serving({ '': 1 });
    const says = 'fail: 127.0.0.1:PORT shop.v1.Other answered NOT_FOUND: unknown service';
    expect(await check({ port, service: 'shop.v1.Other' })).toBe(says);
  });

  it('does not show what looks like a secret', async () => {
    const { port } = await serving({ '': { code: 13, details: 'no database: password=hunter2-long' } });
    expect(await check({ port })).toMatch(/answered INTERNAL: no database: password=(?!hunter2)/);
  });

  describe('over TLS', () => {
    it.each(['localhost', '127.0.0.1'])('passes a server whose certificate is for %s', async (host) => {
      const { port } = await serving({ '': 1 }, certified);
      expect(await check({ port, tls: true, host })).toBe(`pass: ${host}:PORT answered SERVING`);
    });

    it('cannot say where the certificate is for another name, or of an authority that nobody trusts', async () => {
      const other = await authority.issue('other', { names: ['DNS:other.test'] });
      const { port } = await serving({ '': 1 }, other);
      expect(await check({ port, tls: true, host: 'localhost' })).toMatch(/^inconclusive: .*altnames/);
      expect(await check({ port, tls: true, host: 'localhost' }, createVerification())).toMatch(
        /^inconclusive: .*(self.signed|unable to)/,
      );
    });

    it('cannot say where what listens speaks no TLS', async () => {
      const { port } = await serving({ '': 1 });
      expect(await check({ port, tls: true })).toMatch(/^inconclusive: 127\.0\.0\.1:PORT does not answer: /);
    });

    it('cannot say where what listens speaks TLS, and no HTTP/2', async () => {
      const port = await listening(createTlsServer({ ...certified }, (socket) => socket.on('error', () => {})));
      expect(await check({ port, tls: true })).toBe(
        'inconclusive: 127.0.0.1:PORT does not answer: it speaks no HTTP/2, which gRPC needs',
      );
    });
  });

  it('cannot say where what listens speaks HTTP/1.1', async () => {
    const port = await listening(createHttpServer((_, response) => void response.end('fine')));
    expect(await check({ port })).toMatch(/^inconclusive: 127\.0\.0\.1:PORT does not answer: /);
  });

  it('cannot say where the connection breaks, or nobody listens', async () => {
    const server = createServer((socket) => void socket.destroy());
    const port = await listening(server);
    expect(await check({ port })).toMatch(/^inconclusive: 127\.0\.0\.1:PORT does not answer: /);
    await started.pop()!();
    expect(await check({ port })).toMatch(/^inconclusive: .*ECONNREFUSED/);
  });

  it.each<[string, HealthAnswer | 'never']>([
    ['no answer comes in time', 'silence'],
    ['nothing at all comes in time', 'never'],
  ])('cannot say when %s', async (_what, answer) => {
    const port = answer === 'never' ? await listening(neverAnswering()) : (await serving({ '': answer })).port;
    expect(await check({ port }, verification(200))).toBe(
      'inconclusive: 127.0.0.1:PORT does not answer: no answer in 0.2 s',
    );
  });

  function neverAnswering(): Server {
    return createServer((socket) => {
      socket.on('error', () => {});
      started.unshift(() => socket.destroy());
    });
  }

  /** A server in front, that is no gRPC server itself. */
  async function inFront(answer: (stream: ServerHttp2Stream) => void): Promise<number> {
    const sessions = new Set<ServerHttp2Session>();
    const server = createHttp2Server().on('session', (session) => sessions.add(session));
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      answer(stream);
    });
    const port = await listening(server);
    started.unshift(() => sessions.forEach((session) => session.destroy()));
    return port;
  }

  it('fails what answers without gRPC', async () => {
    const port = await inFront((stream) => {
      stream.respond({ ':status': 503 });
      stream.end('no upstream');
    });
    expect(await check({ port })).toBe('fail: 127.0.0.1:PORT answered HTTP 503 without a gRPC status');
  });

  it('reads no more than 64 KB', async () => {
    const port = await inFront((stream) => {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
      const more = () => void stream.write(Buffer.alloc(16_384), (error) => (error ? undefined : setImmediate(more)));
      more();
    });
    expect(await check({ port })).toBe('fail: 127.0.0.1:PORT answered with more than 64 KB');
  });
});
