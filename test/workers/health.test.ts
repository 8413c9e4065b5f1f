import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionLimits } from '../../activities/shared/open-connections.ts';
import { serveHealth } from '../../workers/health.ts';
import type { Health } from '../../workers/health.ts';

describe('health of a worker process', () => {
  let health: Health;
  let port: number;
  let running: boolean;
  let problem: string | undefined;
  let looked: number;
  let look: () => Promise<string | undefined>;
  let around: object;
  beforeEach(async () => {
    running = true;
    problem = undefined;
    around = {};
    looked = 0;
    look = async () => problem;
    port = await aFreePort();
    health = await serveHealth(
      { host: '127.0.0.1', port },
      () => running,
      () => ((looked += 1), look()),
      async () => around,
    );
  });
  afterEach(() => health.close());

  const status = async (path: string) =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })).status;
  const both = async () => ({ live: await status('/livez'), ready: await status('/readyz') });

  it('is good while every worker runs', async () => {
    expect(await both()).toEqual({ live: 200, ready: 200 });
  });

  it('is alive and not ready while it drains, also when the workers have stopped', async () => {
    health.drain();
    expect(await both()).toEqual({ live: 200, ready: 503 });
    running = false;
    expect(await both()).toEqual({ live: 200, ready: 503 });
  });

  it('is not alive when a worker has died', async () => {
    running = false;
    expect(await both()).toEqual({ live: 503, ready: 503 });
  });

  it('is ready while the policy file is broken, and says so', async () => {
    problem = 'policy.yaml is broken';
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { ready: true, draining: false, policy: 'policy.yaml is broken' },
    ]);
  });

  it('is ready while its version is not the current one and Temporal is away, and says so', async () => {
    around = { temporal: 'Temporal cannot be reached', engine: { version: 'ab12', current: 'unseen' } };
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { headers: { connection: 'close' } });
    expect([answer.status, await answer.json()]).toEqual([200, { ready: true, draining: false, ...around }]);
  });

  it('is told by what is known, while the disk with the policy file hangs', async () => {
    look = () => new Promise(() => {});
    expect(await both()).toEqual({ live: 200, ready: 200 });
  });

  it('costs one look at the policy file a second at most, for which steps wait in the same queue, however often it is asked', async () => {
    const begun = performance.now();
    const answers = await Promise.all(Array.from({ length: 100 }, () => status('/readyz')));
    expect(new Set(answers)).toEqual(new Set([200]));
    expect(looked).toBeLessThanOrEqual(1 + (performance.now() - begun) / 1_000);
  });

  const opened = () =>
    new Promise<Socket>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(socket));
      socket.on('error', () => {});
    });
  const closed = (socket: Socket) =>
    new Promise<string>((resolve) => {
      let said = '';
      socket.on('data', (chunk) => (said += chunk.toString()));
      socket.once('close', () => resolve(said));
    });

  it('is told once on a connection: who asks for thousands without waiting is cut off', async () => {
    let answer: (said: undefined) => void = () => {};
    look = () => new Promise((resolve) => (answer = resolve));
    const socket = await opened();
    const said = closed(socket);
    socket.write('GET /readyz HTTP/1.1\r\nhost: worker\r\n\r\n'.repeat(20_000));
    // Closed while the first has not been answered: nothing is kept for the others.
    expect(await said).toBe('');
    answer(undefined);
    expect(await both()).toEqual({ live: 200, ready: 200 });
  });

  it('is told on so many connections of one address and no more: the others are closed at once', async () => {
    const tooMany = 20;
    const many = await Promise.all(Array.from({ length: connectionLimits.perAddress + tooMany }, opened));
    let refused = 0;
    await new Promise<void>((resolve) => {
      for (const one of many) void closed(one).then(() => (refused += 1) === tooMany && resolve());
    });
    expect(many.filter((socket) => !socket.destroyed)).toHaveLength(connectionLimits.perAddress);
  });

  it('knows no other address', async () => {
    expect(await status('/')).toBe(404);
  });
});

async function aFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
