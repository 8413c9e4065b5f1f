import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { versionOf } from '../../client/versions.ts';
import { aPolicy, aRegion, aWave } from '../domain/builders.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { idOf } from '../workflows/support/fake-world.ts';
import type { FakeWorld } from '../workflows/support/fake-world.ts';
import { untilHeld } from '../workflows/support/until-held.ts';
import { startVersionedServer } from '../workflows/support/versions.ts';
import type { VersionedServer } from '../workflows/support/versions.ts';

const two = { regions: [aRegion('de'), aRegion('nl')], waves: [aWave(['de']), aWave(['nl'])] };
const unasked = { approval: aPolicy({ required: false }) };

let server: VersionedServer;
beforeAll(async () => {
  server = await startVersionedServer();
});
afterAll(() => server?.stop());

async function start(world: FakeWorld): Promise<string> {
  const request = world.request();
  await server.engine.startRelease(request);
  return idOf(request);
}

const ended = (id: string) =>
  server.client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);

describe('a release that has failed', () => {
  it('waits on in a newer engine until the same time, changes nothing there, and goes back when a person says so', async () => {
    await server.upgrade('old');
    const onFailure = { partial: 'hold', confirm: true, holdMs: 3_600_000 } as const;
    const world = server.worlds.create({ ...two, ...unasked, onFailure });
    const fault = world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    const id = await start(world);
    const held = await eventually('the run to be held', async () => {
      const seen = await server.engine.status(id);
      // What is told is written down beside the wait: the newer engine would else be the one that tells it.
      return seen?.stage === 'held' && world.calls.includes('announce problem') ? seen : undefined;
    });
    const before = world.calls.length;
    fault.mend();
    await server.upgrade('new');
    const waitsOn = await eventually('the newer engine to wait', async () => {
      if (!world.calls.includes('takeOver')) return undefined;
      const seen = await server.engine.status(id);
      return seen?.stage === 'held' ? seen : undefined;
    });
    expect(waitsOn.waitingFor).toEqual(held.waitingFor);
    expect(world.calls.slice(before)).toEqual(['takeOver']);
    await server.engine.decide(id, world.sign('roll-back', { releaseId: id }));
    await ended(id);
    expect(world.outcome(id)).toBe('rolled-back');
    expect(world.calls.slice(before)).not.toContain('applyComponent deploy core nl');
  });
});

/** A first move may still end on the old version; the next one is made a minute later. */
async function movedTo(buildId: string, id: string): Promise<void> {
  await eventually(`${id} to be on ${buildId}`, async () => (await versionOf(server.client, id))?.buildId === buildId);
  await eventually('the newer engine to take over', async () => (await server.engine.status(id)) !== undefined);
}

describe('a release that is held at a step', () => {
  it('moves to a newer engine, is held there until the same time without telling people again, and goes on', async () => {
    const stopOld = await server.upgrade('held-old');
    const onFailure = { partial: 'roll-back-all', confirm: false, holdMs: 3_600_000 } as const;
    const world = server.worlds.create({ ...two, ...unasked, onFailure });
    const rights = world.fail('applyComponent deploy core nl', 'SLIP-K8S-6', 'forbidden');
    const id = await start(world);
    const held = await untilHeld(server, world, id);
    const told = () => world.said.filter(({ message }) => message === 'held');
    await eventually('people to be told', () => Promise.resolve(told().length === 1));
    await server.upgrade('held-new');
    await movedTo('held-new', id);
    await stopOld();
    const waitsOn = await untilHeld(server, world, id);
    expect(waitsOn.waitingFor).toEqual(held.waitingFor);
    expect(told()).toHaveLength(1);
    rights.mend();
    await server.engine.decide(id, world.sign('retry', { releaseId: id }));
    await ended(id);
    expect(world.outcome(id)).toBe('verified');
    // What was over is passed by; what was not is begun again.
    expect(world.calls.filter((call) => call === 'applyComponent deploy core de')).toHaveLength(1);
  });

  it.each([
    ['while it was put in place', 'watchRollout deploy core de'],
    ['while it was verified', 'verifyRegion de 1'],
  ])(
    'because others have undone it %s writes nothing again in the newer engine, before `retry`',
    async (_when, look) => {
      const stopOld = await server.upgrade(`${look} old`.replaceAll(' ', '-'));
      const onFailure = { partial: 'roll-back-all', confirm: false, holdMs: 3_600_000 } as const;
      const world = server.worlds.create({ ...unasked, onFailure });
      const others = world.fail(look, 'SLIP-K8S-16', 'somebody else has put back the images of before');
      const id = await start(world);
      const written = () => world.calls.filter((call) => call === 'applyComponent deploy core de').length;
      await untilHeld(server, world, id);
      await server.upgrade(`${look} new`.replaceAll(' ', '-'));
      await movedTo(`${look} new`.replaceAll(' ', '-'), id);
      await stopOld();
      await eventually('the newer engine to look', () =>
        Promise.resolve(world.calls.lastIndexOf(look) > world.calls.indexOf('takeOver') || undefined),
      );
      await untilHeld(server, world, id);
      expect(written()).toBe(1);
      others.mend();
      await server.engine.decide(id, world.sign('retry', { releaseId: id }));
      await ended(id);
      expect(world.outcome(id)).toBe('verified');
      expect(written()).toBe(2);
    },
  );

  it('writes nothing again where it stood already, also in the wave that was held', async () => {
    const stopOld = await server.upgrade('wave-old');
    const onFailure = { partial: 'roll-back-all', confirm: false, holdMs: 3_600_000 } as const;
    const world = server.worlds.create({ ...two, waves: [aWave(['de', 'nl'])], ...unasked, onFailure });
    const rights = world.fail('applyComponent deploy core nl', 'SLIP-K8S-6', 'forbidden');
    const id = await start(world);
    await untilHeld(server, world, id);
    await server.upgrade('wave-new');
    await movedTo('wave-new', id);
    await stopOld();
    await untilHeld(server, world, id);
    rights.mend();
    await server.engine.decide(id, world.sign('retry', { releaseId: id }));
    await ended(id);
    expect(world.outcome(id)).toBe('verified');
    expect(world.calls.filter((call) => call === 'applyComponent deploy core de')).toHaveLength(1);
  });

  it('moves while it goes back, and goes forward no more', async () => {
    const stopOld = await server.upgrade('back-old');
    const onFailure = { partial: 'roll-back-all', confirm: false, holdMs: 3_600_000 } as const;
    const world = server.worlds.create({ ...two, ...unasked, onFailure });
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    const rights = world.fail('applyComponent roll-back core de', 'SLIP-K8S-6', 'forbidden');
    const id = await start(world);
    await untilHeld(server, world, id);
    const before = world.calls.length;
    await server.upgrade('back-new');
    await movedTo('back-new', id);
    await stopOld();
    await untilHeld(server, world, id);
    rights.mend();
    await server.engine.decide(id, world.sign('retry', { releaseId: id }));
    await ended(id);
    expect(world.outcome(id)).toBe('rolled-back');
    expect(world.calls.slice(before).filter((call) => call.startsWith('applyComponent deploy'))).toEqual([]);
  });

  it('stays where it is while a region alone goes back: the next engine would not know', async () => {
    await server.upgrade('alone-old');
    const onFailure = { partial: 'roll-back-region', confirm: false, holdMs: 3_600_000 } as const;
    const world = server.worlds.create({ ...two, waves: [aWave(['de', 'nl'])], ...unasked, onFailure });
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    const rights = world.fail('applyComponent roll-back core nl', 'SLIP-K8S-6', 'forbidden');
    const id = await start(world);
    await untilHeld(server, world, id);
    await server.upgrade('alone-new');
    await server.client.workflow.getHandle(id).signal('wake');
    rights.mend();
    await server.engine.decide(id, world.sign('retry', { releaseId: id }));
    await ended(id);
    expect(world.outcome(id)).toBe('rolled-back');
    expect(world.calls.filter((call) => call === 'applyComponent deploy core nl')).toHaveLength(1);
    expect(world.calls).not.toContain('takeOver');
  });
});

describe('a rollback that is judged while its run is about to move', () => {
  it('is carried out, and nothing goes forward any more', async () => {
    await server.upgrade('judging-old');
    const onFailure = { partial: 'roll-back-all', confirm: false, holdMs: 3_600_000 } as const;
    const world = server.worlds.create({ ...two, ...unasked, onFailure });
    const rollout = world.hold('watchRollout deploy core de');
    const judged = world.hold('checkDecision roll-back');
    const id = await start(world);
    await rollout.reached;
    await server.upgrade('judging-new');
    const decided = server.engine.decide(id, world.sign('roll-back', { releaseId: id }));
    await judged.reached;
    rollout.go();
    await eventually('the wave to be over', () =>
      Promise.resolve(world.calls.includes('verifyRegion de 1') || undefined),
    );
    judged.go();
    await decided;
    await ended(id);
    expect(world.outcome(id)).toBe('rolled-back');
    expect(world.calls).not.toContain('applyComponent deploy core nl');
  });
});

describe('a rollback that is ordered while a newer engine takes over', () => {
  it('is carried out', async () => {
    await server.upgrade('older');
    const onFailure = { partial: 'roll-back-all', confirm: false, holdMs: 3_600_000 } as const;
    const world = server.worlds.create({ ...two, ...unasked, onFailure });
    const rollout = world.hold('watchRollout deploy core de');
    const id = await start(world);
    await rollout.reached;
    await server.upgrade('newer');
    const records = world.away('takeOver', 'SLIP-REC-1');
    rollout.go();
    await eventually('the hand-over', () => Promise.resolve(world.calls.includes('takeOver') || undefined));
    await server.engine.decide(id, world.sign('roll-back', { releaseId: id }));
    records.back();
    await ended(id);
    expect(world.outcome(id)).toBe('rolled-back');
  });
});

describe('a rollback of a release that has ended', () => {
  it('moves to a newer engine while it waits in the lane, and is carried out there', async () => {
    await server.upgrade('the old one');
    const world = server.worlds.create({ ...two, ...unasked, queue: 'fifo' });
    const id = await start(world);
    await ended(id);
    const rollout = world.hold('watchRollout deploy core de');
    const next = world.request({ attempt: 2 });
    await server.engine.startRelease(next);
    await rollout.reached;
    const { releaseId: rollback } = await server.engine.startRollback({
      lane: { service: world.service, environment: 'production' },
      releaseId: id,
      decision: world.sign('roll-back', { releaseId: id }),
      request: world.request(),
    });
    await eventually(
      'the rollback to wait',
      async () => (await server.engine.status(rollback))?.doing.includes(' holds the lane') || undefined,
    );
    await server.upgrade('the next one');
    await eventually(
      'the rollback to move',
      async () => (await versionOf(server.client, rollback))?.buildId === 'the next one' || undefined,
    );
    rollout.go();
    await Promise.all([ended(idOf(next)), ended(rollback)]);
    expect([world.outcome(idOf(next)), world.outcome(rollback)]).toEqual(['verified', 'rolled-back']);
    expect(world.calls.filter((call) => call === 'findRelease')).toHaveLength(1);
    expect(world.calls.filter((call) => call.startsWith('applyComponent roll-back'))).toHaveLength(2);
  });
});
