import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { createVerification } from '../../activities/verification/endpoint-verification.ts';
import type { CertificateEndpoint } from '../../domain/contract/release.ts';
import { anAuthority, type Authority, type Certified } from '../support/certificates.ts';

const { signal } = new AbortController();
const day = 86_400_000;
const inDays = (days: number) => new Date(Math.floor(Date.now() / 1_000) * 1_000 + days * day);

describe('Verification: certificate', () => {
  let directory: string;
  let authority: Authority;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'slipway-certificate-'));
    authority = await anAuthority(directory);
  });
  afterAll(() => rm(directory, { recursive: true }));

  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((closed) => server.close(closed));
  });
  async function listening(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return (server.address() as AddressInfo).port;
  }
  const showing = ({ cert, key }: Certified, ...chain: string[]) =>
    listening(createServer({ cert: [cert, ...chain].join('\n'), key }, (socket) => socket.on('error', () => {})));

  async function check(port: number, changes: Partial<CertificateEndpoint> = {}, authorities = [authority.cert]) {
    const endpoint: CertificateEndpoint = {
      kind: 'certificate',
      name: 'shop',
      host: 'localhost',
      port,
      validForMs: 14 * day,
      successes: 1,
      timeoutMs: 1_000,
      ...changes,
    };
    const asking = createVerification({ timeoutMs: 60_000, authorities });
    const { verdict, summary } = await asking.check(endpoint, signal, ['localhost', '127.0.0.1']);
    return `${verdict}: ${summary.replace(String(port), 'PORT')}`;
  }
  const names = ['DNS:localhost', 'IP:127.0.0.1'];

  it.each(['localhost', '127.0.0.1'])('passes one that is valid for %s, and says until when', async (host) => {
    const until = inDays(40);
    const port = await showing(await authority.issue(`good-${host}`, { names, until }));
    expect(await check(port, { host })).toBe(
      `pass: ${host}:PORT shows a certificate that is valid until ${until.toISOString()}`,
    );
  });

  it('fails one that ends too soon', async () => {
    const until = inDays(10.5);
    const port = await showing(await authority.issue('soon', { names, until }));
    expect(await check(port)).toBe(
      `fail: localhost:PORT shows a certificate that is valid until ${until.toISOString()}, which is in 10 days and should be in 14 days at least`,
    );
    expect(await check(port, { validForMs: 7 * day })).toMatch(/^pass/);
  });

  it('fails one whose issuer ends too soon', async () => {
    const until = inDays(3.5);
    const issuer = await authority.authorize('issuing', until);
    const port = await showing(await issuer.issue('leaf', { names }), issuer.cert);
    expect(await check(port)).toBe(
      `fail: localhost:PORT shows a certificate whose issuer, issuing, is valid until ${until.toISOString()}, which is in 3 days and should be in 14 days at least`,
    );
  });

  it('does not count who has signed the authority that is trusted: it is shown to those who trust nobody else', async () => {
    const issuer = await authority.authorize('crossed', inDays(3));
    const port = await showing(await issuer.issue('leaf', { names }), issuer.cert);
    expect(await check(port, {}, [authority.cert, issuer.cert])).toMatch(/^pass/);
  });

  // prettier-ignore
  it.each<[string, () => Promise<number>, RegExp]>([
    ['is over', async () => showing(await authority.issue('over', { names, from: new Date('2020-01-01'), until: new Date('2020-02-01') })), /: it was valid until 2020-02-01T00:00:00\.000Z$/],
    ['has not begun', async () => showing(await authority.issue('later', { names, from: inDays(2), until: inDays(90) })), /: it, or one of its chain, is not valid yet$/],
    ['is for another name', async () => showing(await authority.issue('other', { names: ['DNS:other.test'] })), /: it is for DNS:other\.test, and not for localhost$/],
    ['is shown without its issuer', async () => showing(await (await authority.authorize('hidden', inDays(90))).issue('leaf', { names })), /: its issuer is not in the chain that is shown, and none that this worker trusts$/],
    ['is of an issuer that is over', async () => {
      const issuer = await authority.authorize('ended', inDays(-0.5));
      return showing(await issuer.issue('leaf', { names }), issuer.cert);
    }, /: it, or one of its chain, has expired$/],
    ['has signed itself', async () => showing(await anAuthority(join(directory, 'itself'))), /: it has signed itself$/],
  ])('fails one that %s', async (_what, start, says) => {
    const answer = await check(await start());
    expect(answer).toMatch(/^fail: localhost:PORT shows a certificate that is not valid: /);
    expect(answer).toMatch(says);
  });

  it('fails one whose authority nobody trusts', async () => {
    const port = await showing(await authority.issue('strange', { names }), authority.cert);
    const stranger = await anAuthority(join(directory, 'stranger'), 'stranger');
    expect(await check(port, {}, [stranger.cert])).toBe(
      'fail: localhost:PORT shows a certificate that is not valid: its authority is none that this worker trusts',
    );
  });

  it('cannot say where what listens speaks no TLS, or nobody listens', async () => {
    const port = await listening(
      createTcpServer(
        (socket) =>
          void socket
            .on('error', () => {})
            .resume()
            .end('hello'),
      ),
    );
    expect(await check(port)).toMatch(/^inconclusive: localhost:PORT does not answer: /);
    const [server] = servers.splice(0) as [Server];
    await new Promise((closed) => server.close(closed));
    expect(await check(port)).toMatch(/^inconclusive: .*ECONNREFUSED/);
  });
});
