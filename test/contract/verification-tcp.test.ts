import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { until } from '../support/world-until.ts';
import { createVerification } from '../../activities/verification/endpoint-verification.ts';
import type { TcpEndpoint } from '../../domain/contract/release.ts';

const { signal } = new AbortController();
const patient = createVerification({ timeoutMs: 60_000 });

describe('Verification: tcp', () => {
  let server: Server;
  let port: number;
  const heard: string[] = [];
  beforeAll(async () => {
    server = createServer((socket) => {
      heard.push('connected');
      socket.on('data', () => heard.push('data')).on('close', () => heard.push('closed'));
      socket.on('error', () => {});
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(async () => {
    server.close();
    await once(server, 'close');
  });

  const endpoint = (changes: Partial<TcpEndpoint> = {}): TcpEndpoint => ({
    kind: 'tcp',
    name: 'orders',
    host: '127.0.0.1',
    port,
    successes: 1,
    timeoutMs: 1_000,
    ...changes,
  });

  it('passes where a connection is taken, sends nothing, and keeps none', async () => {
    expect(await patient.check(endpoint(), signal, ['127.0.0.1'])).toEqual({
      name: 'orders',
      verdict: 'pass',
      summary: `127.0.0.1:${port} takes connections`,
    });
    await until('the end of the connection', () => heard.includes('closed'));
    expect(heard).toEqual(['connected', 'closed']);
  });

  it('fails where connections are refused: that is what was asked', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port: nobodys } = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    expect(await patient.check(endpoint({ port: nobodys }), signal, ['127.0.0.1'])).toEqual({
      name: 'orders',
      verdict: 'fail',
      summary: `127.0.0.1:${nobodys} refuses connections`,
    });
  });

  it('cannot say where the name is known to nobody', async () => {
    const check = await patient.check(endpoint({ host: 'nowhere.invalid' }), signal, ['nowhere.invalid']);
    expect(check).toMatchObject({
      verdict: 'inconclusive',
      summary: expect.stringMatching(/^nowhere\.invalid:\d+ does not answer: .*(ENOTFOUND|EAI_AGAIN)/),
    });
  });

  it('cannot say where nothing comes back in time', async () => {
    const silent = createVerification({ timeoutMs: 50, resolve: () => {} });
    expect(await silent.check(endpoint({ host: 'shop.test' }), signal, ['shop.test'])).toMatchObject({
      verdict: 'inconclusive',
      summary: `shop.test:${port} does not answer: no answer in 0.05 s`,
    });
  });

  it('stops when told to', async () => {
    const stop = new AbortController();
    const silent = createVerification({ resolve: () => stop.abort(new Error('cancelled')) });
    await expect(silent.check(endpoint({ host: 'shop.test' }), stop.signal, ['shop.test'])).rejects.toThrow(
      'cancelled',
    );
  });

  it.each(['user@127.0.0.1', '127.0.0.1/x', '127.0.0.1:80', '127.0.0.1#x', '', 'a b', '[::1', '127.0.0.1\\x'])(
    'asks nobody for the host %j, which is none',
    async (host) => {
      const asked = patient.check(endpoint({ host }), signal, ['127.0.0.1', '[::1]']);
      await expect(asked).rejects.toMatchObject({ details: { code: 'SLIP-VER-2', kind: 'terminal' } });
    },
  );
});
