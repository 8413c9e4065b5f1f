import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { aMigrationSpec, aPolicy, aRegion, aWave } from '../domain/builders.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { idOf } from '../workflows/support/fake-world.ts';
import type { FakeWorld } from '../workflows/support/fake-world.ts';
import { startVersionedServer } from '../workflows/support/versions.ts';
import type { VersionedServer } from '../workflows/support/versions.ts';

jest.setTimeout(300_000);

const two = { regions: [aRegion('de'), aRegion('nl')], waves: [aWave(['de']), aWave(['nl'])] };
const unasked = { approval: aPolicy({ required: false }) };

async function start({ engine }: VersionedServer, world: FakeWorld, attempt = 1): Promise<string> {
  const request = world.request({ attempt });
  await engine.startRelease(request);
  return idOf(request);
}

async function until({ engine }: VersionedServer, id: string, stage: string) {
  return eventually(`${id} to be ${stage}`, async () => {
    const seen = await engine.status(id);
    return seen?.stage === stage ? seen : undefined;
  });
}

async function approve(server: VersionedServer, world: FakeWorld, id: string): Promise<void> {
  const { planHash = '' } = await until(server, id, 'awaiting-approval');
  await server.engine.decide(id, world.sign('approve', { releaseId: id, planHash }));
}

async function outcomeOf({ client }: VersionedServer, world: FakeWorld, id: string): Promise<string | undefined> {
  await client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);
  return world.outcome(id);
}

const times = (world: FakeWorld, call: string) => world.calls.filter((c) => c.startsWith(call)).length;

describe('a history that grows', () => {
  let server: VersionedServer;
  beforeAll(async () => {
    server = await startVersionedServer({ 'limit.historyCount.suggestContinueAsNew': '25' });
    await server.upgrade('one');
  });
  afterAll(() => server?.stop());

  it('goes on in new runs, with every effect once, the approval taken and the lane kept', async () => {
    const world = server.worlds.create({ ...two, migrations: [aMigrationSpec()] });
    const id = await start(server, world);
    await approve(server, world, id);
    expect(await outcomeOf(server, world, id)).toBe('verified');
    for (const effect of [
      'startMigration',
      'applyComponent deploy core de',
      'applyComponent deploy core nl',
      'recordVerified',
    ])
      expect([effect, times(world, effect)]).toEqual([effect, 1]);
    expect(times(world, 'takeOver')).toBeGreaterThan(0);
    expect(world.ends[0]?.result.timings[0]?.stage).toBe('joining');
  });

  it('and rolls back in the new run what the one before has changed', async () => {
    const world = server.worlds.create({ ...two, ...unasked });
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    const id = await start(server, world);
    expect(await outcomeOf(server, world, id)).toBe('rolled-back');
    expect(times(world, 'applyComponent roll-back core de')).toBe(1);
  });
});

describe('an upgrade of the engine', () => {
  let server: VersionedServer;
  beforeAll(async () => {
    server = await startVersionedServer();
  });
  afterAll(() => server?.stop());

  it('strands nobody: what waits moves to the new version, what works ends or moves at its next safe point', async () => {
    const stopOld = await server.upgrade('old');
    const waiting = server.worlds.create(two);
    const waitingId = await start(server, waiting);
    await until(server, waitingId, 'awaiting-approval');

    const busy = server.worlds.create({ ...two, ...unasked, queue: 'fifo' });
    const rollout = busy.hold('watchRollout deploy core de');
    const busyId = await start(server, busy);
    await rollout.reached;
    const queuedId = await start(server, busy, 2);
    await until(server, queuedId, 'awaiting-lane');

    const building = server.worlds.create({ ...two, ...unasked });
    const build = building.hold('buildImage');
    const buildingId = await start(server, building);
    await build.reached;

    const held = server.worlds.create({
      ...two,
      ...unasked,
      onFailure: { partial: 'hold', confirm: true, holdMs: 3_600_000 },
    });
    held.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    const heldId = await start(server, held);
    await until(server, heldId, 'held');

    await server.upgrade('new');
    rollout.go();
    build.go();
    const versionOf = async (id: string) => {
      const { raw } = await server.client.workflow.getHandle(id).describe();
      return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
    };
    for (const id of [waitingId, queuedId, heldId])
      await eventually(`${id} to be on the new version`, async () => (await versionOf(id)) === 'new');
    await approve(server, waiting, waitingId);
    await server.engine.decide(heldId, held.sign('roll-back', { releaseId: heldId }));
    const ended = [
      await outcomeOf(server, waiting, waitingId),
      await outcomeOf(server, busy, busyId),
      await outcomeOf(server, busy, queuedId),
      await outcomeOf(server, building, buildingId),
      await outcomeOf(server, held, heldId),
    ];
    expect(ended).toEqual(['verified', 'verified', 'verified', 'verified', 'rolled-back']);
    await stopOld();
    expect(times(waiting, 'announce attention')).toBe(1);
    expect(times(busy, 'applyComponent deploy core de')).toBe(2);
    expect(times(held, 'applyComponent roll-back')).toBe(2);
  });
});
