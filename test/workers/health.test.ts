import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serveHealth } from '../../workers/health.ts';
import type { Health } from '../../workers/health.ts';

describe('health of a worker process', () => {
  let health: Health;
  let port: number;
  let running: boolean;
  let problem: string | undefined;
  beforeEach(async () => {
    running = true;
    problem = undefined;
    port = await aFreePort();
    health = await serveHealth(
      { host: '127.0.0.1', port },
      () => running,
      async () => problem,
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
