import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aPolicy } from '../domain/builders.ts';
import { startSteppedServer } from '../support/worker-steps.ts';
import type { SteppedServer } from '../support/worker-steps.ts';
import { idOf } from '../workflows/support/fake-world.ts';

describe('a fresh installation', () => {
  let server: SteppedServer;
  beforeAll(async () => void (server = await startSteppedServer()), 120_000);
  afterAll(() => server?.stop(), 60_000);

  it('begins to work when two engine workers are started at once, by nobody else', async () => {
    const world = server.worlds.create({ approval: aPolicy({ required: false }) });
    const request = world.request();
    await server.engine.startRelease(request);
    expect(await server.engine.noneCurrent()).toEqual({ polled: [] });
    const started = await Promise.all([
      server.start('engine,build,environment:production', { makeCurrent: false }),
      server.start('engine', { makeCurrent: false }),
    ]);
    expect(await server.outcome(world, idOf(request))).toBe('verified');
    expect(await server.engine.noneCurrent()).toBeUndefined();
    const { buildId: version = '' } = started[0];
    for (const workers of started)
      expect(await workers.standing()).toEqual({ temporal: 'ok', records: 'ok', engine: { version, current: 'yes' } });
    expect(await server.engine.versions()).toEqual([{ buildId: version, current: true, polled: true, pinned: 0 }]);
  });
});
