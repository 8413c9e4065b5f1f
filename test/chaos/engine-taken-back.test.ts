import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { versionOf } from '../../client/versions.ts';
import { makeCurrent } from '../../workers/make-current.ts';
import { aRegion, aWave } from '../domain/builders.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { idOf } from '../workflows/support/fake-world.ts';
import { startVersionedServer } from '../workflows/support/versions.ts';
import type { VersionedServer } from '../workflows/support/versions.ts';

const two = { regions: [aRegion('de'), aRegion('nl')], waves: [aWave(['de']), aWave(['nl'])] };

let server: VersionedServer;
beforeAll(async () => {
  server = await startVersionedServer();
});
afterAll(() => server?.stop());

describe('an engine that is taken back right after it was made current', () => {
  it('does not keep those that have moved to it: they move back', async () => {
    await server.upgrade('good');
    const world = server.worlds.create(two);
    const request = world.request();
    await server.engine.startRelease(request);
    const id = idOf(request);
    await eventually('the question', async () => (await server.engine.status(id))?.stage === 'awaiting-approval');
    const isOn = (buildId: string) => async () => (await versionOf(server.client, id))?.buildId === buildId;
    await eventually('the run to be on the first engine', isOn('good'));
    await server.upgrade('bad');
    await eventually('the run to move', isOn('bad'));
    await makeCurrent(server.client, { buildId: 'good' });
    await eventually('the run to move back', isOn('good'));
  });
});
