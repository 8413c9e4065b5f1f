import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ask } from '../../../client/dashboard/gateway/ask.ts';

const { fetch } = globalThis;

describe('a gateway that hangs', () => {
  let gateway: Server;
  /** What it says before it does. */
  let says: (response: ServerResponse) => void;
  let bounds: number[];

  beforeEach(async () => {
    const patience = new AbortController();
    bounds = [];
    jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
      bounds.push(ms);
      return patience.signal;
    });
    // As if the time had passed.
    gateway = createServer((_request, response) => {
      says(response);
      setImmediate(() => patience.abort());
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;
    globalThis.fetch = (path, init) => fetch(`${address}${path as string}`, init);
  });
  afterEach(async () => {
    globalThis.fetch = fetch;
    jest.restoreAllMocks();
    gateway.closeAllConnections();
    await new Promise((resolve) => gateway.close(resolve));
  });

  it.each<[string, typeof says]>([
    ['with nothing', () => undefined],
    ['in the middle of an answer', (response) => response.writeHead(200, { 'content-length': '100' }).write('{"a":')],
  ])('%s is away after 20 s', async (_how, begins) => {
    says = begins;
    const error = { code: 'unavailable', message: 'the gateway has not answered in 20 s' };
    await expect(ask('/v1/me')).rejects.toMatchObject({ status: 0, error });
    expect(bounds).toEqual([20_000]);
  });

  it('may have taken what it was sent', async () => {
    says = () => undefined;
    const next = 'Whether it counts is not known yet: this page shows it once the gateway answers.';
    await expect(ask('/v1/rollbacks', {})).rejects.toMatchObject({ status: 0, error: { next } });
  });
});
