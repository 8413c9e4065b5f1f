import { describe, expect, it } from '@jest/globals';
import type { TestGateway } from './gateway.ts';
import { useGateway } from './gateway.ts';

const gateway = useGateway();

const ready = { status: 200, body: { ready: true, draining: false } };
const notReady = { status: 503, body: { ready: false, draining: false } };

describe('whoever hands out requests', () => {
  it('is told by the status whether the gateway may be sent some, and nothing of what is inside', async () => {
    const { get } = gateway();
    expect(await get('/readyz', '')).toEqual(ready);
    expect(await get('/livez', '')).toEqual({ status: 200, body: { live: true } });
  });

  it.each<[string, (parts: TestGateway) => unknown]>([
    ['the records are away', ({ failing }) => failing.add('attempts.list')],
    ['Temporal is away', ({ engine }) => (engine.look = () => Promise.reject(new Error('14 UNAVAILABLE')))],
    ['the file of tokens cannot be read', ({ file }) => (file.broken = true)],
  ])('sends none while %s; the process lives all the same, and is restarted for nothing', async (_when, breakIt) => {
    const parts = gateway();
    breakIt(parts);
    expect(await parts.get('/readyz', '')).toEqual(notReady);
    expect(await parts.get('/livez', '')).toEqual({ status: 200, body: { live: true } });
    expect(await parts.get('/healthz', '')).toEqual({ status: 200, body: { ok: false } });
  });

  it.each<[string, (parts: TestGateway) => unknown]>([
    ['records', ({ silence }) => (silence.falls = true)],
    ['Temporal', ({ engine }) => (engine.look = () => new Promise(() => {}))],
  ])('does not wait as long for silent %s as those do who ask for something', async (_who, silent) => {
    const parts = gateway({ answerMs: 5_000 });
    silent(parts);
    expect(await parts.get('/readyz', '')).toEqual(notReady);
  });

  it('sends some although the policy is broken and Slack is away: requests are answered without', async () => {
    const { get, policy } = gateway();
    policy.problem = 'broken since noon';
    expect(await get('/readyz', '')).toEqual(ready);
  });

  it('is told of the end before it comes, at once, and what is asked meanwhile is answered', async () => {
    const { get, server, ending } = gateway();
    expect(await get('/readyz', '')).toEqual(ready);
    ending.draining = true;
    expect(await get('/readyz', '')).toEqual({ status: 503, body: { ready: false, draining: true } });
    expect((await get('/livez', '')).status).toBe(200);
    expect((await get('/v1/me')).status).toBe(200);
    expect((await server.inject('/livez')).headers['connection']).toBe('close');
  });

  it('looks behind the gateway once a second at most, however often it asks', async () => {
    const { get, askedTemporal } = gateway();
    const paths = ['/readyz', '/healthz', '/livez'];
    await Promise.all(Array.from({ length: 300 }, (_, nth) => get(paths[nth % 3]!, '')));
    expect(askedTemporal.filter((question) => question === 'engine.look').length).toBeLessThan(100);
  });
});
