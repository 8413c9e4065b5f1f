import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { FailurePolicy } from '../../domain/contract/release.ts';
import { aMigrationSpec, aPolicy, aRegion, aWave, hour } from '../domain/builders.ts';
import { aSchemaChange } from '../support/rollback-history.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();

function aShop(onFailure: Partial<FailurePolicy> = {}) {
  return temporal.world({
    regions: [aRegion('de'), aRegion('nl')],
    waves: [aWave(['de']), aWave(['nl'])],
    approval: aPolicy({ required: false }),
    onFailure: { partial: 'roll-back-all', confirm: false, holdMs: hour, ...onFailure },
  });
}
type Shop = ReturnType<typeof aShop>;
const rolledBack = (world: Shop) =>
  world.calls
    .filter((c) => c.startsWith('applyComponent roll-back'))
    .map((c) => c.split(' ').at(-1))
    .sort();
const broken = (world: Shop) => world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');

describe('when a wave fails', () => {
  it('all touched regions go back under roll-back-all, side by side', async () => {
    const world = aShop();
    broken(world);
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de', 'nl']);
    expect(world.verified).toEqual([]);
  });

  it('only the failed region goes back under roll-back-region, and what stays is recorded', async () => {
    const world = aShop({ partial: 'roll-back-region' });
    broken(world);
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['nl']);
    expect(world.verified).toEqual(['de']);
    expect(world.ends[0]?.revoke).toEqual({ releaseId: run.id, regions: ['nl'] });
    expect(world.ends[0]?.result.summary).toContain('de keeps the new release');
  });

  it.each([
    [
      'what is not approved',
      'unproven',
      /de is not back: keeps the new release, .*de is not as it was approved\.\nnl: back/,
    ],
    ['what is not well by now', 'failed', /de is not back: keeps the new release, .*de: 500 by now\.\nnl: back/],
    [
      'what was changed again and again',
      'unproven',
      /de is not back: keeps the new release, .*has not baked: de\.\nnl: back/,
    ],
  ])(
    'what stays is recorded region by region: %s is told with its reason, and keeps no other from it',
    async (kind, phase, words) => {
      const world = temporal.world({
        regions: ['de', 'fr', 'nl'].map((name) => aRegion(name)),
        waves: [aWave(['de']), aWave(['fr']), aWave(['nl'])],
        approval: aPolicy({ required: false }),
        onFailure: { partial: 'roll-back-region', confirm: false, holdMs: hour },
      });
      broken(world);
      const changed = kind !== 'what is not approved';
      world.fail(
        'recordVerified de',
        changed ? 'SLIP-REL-12' : 'SLIP-REL-1',
        changed ? 'de' : 'de is not as it was approved',
      );
      const back = world.hold('verifyRegion nl 0');
      const run = await temporal.start(world);
      await back.reached;
      if (phase === 'failed') world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500 by now');
      world.release();
      expect(await run.outcome()).toBe('halted');
      expect(rolledBack(world)).toEqual(['nl']);
      expect(world.verified).toEqual(['fr']);
      const { summary, regions } = world.ends[0]!.result;
      expect(summary).toMatch(words);
      expect(summary).toMatch(
        /^the region does not answer as it should: nl: 500\.\n(.*\n)*fr keeps the new release\.$/,
      );
      expect(regions.map((one) => `${one.region} ${one.phase}`)).toEqual([
        `de ${phase}`,
        'fr verified',
        'nl rolled-back',
      ]);
    },
  );

  it('what stays goes back, too, where that is ordered while it cannot be recorded', async () => {
    const world = aShop({ partial: 'roll-back-region' });
    broken(world);
    world.fail('recordVerified de', 'SLIP-REC-1', 'the records are away');
    const run = await temporal.start(world);
    await temporal.env().sleep(hour / 6);
    expect((await run.until('held')).log.map(({ line }) => line)).toContainEqual(
      expect.stringContaining('record what stays in de'),
    );
    await run.decide(world.sign('roll-back', { releaseId: run.id }));
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de', 'nl']);
    expect(world.verified).toEqual([]);
  });

  it.each(['recordVerified de', 'applyComponent deploy core nl'])(
    'all goes back where a step has read that it is wanted back, and the run has not heard: %s',
    async (step) => {
      const world = aShop({ partial: step.startsWith('record') ? 'roll-back-region' : 'hold' });
      if (step.startsWith('record')) broken(world);
      world.fail(step, 'SLIP-REL-15', 'kim has ordered it back');
      const run = await temporal.start(world);
      expect(await run.outcome()).toBe('rolled-back');
      expect(rolledBack(world)).toEqual(['de', 'nl']);
      expect(world.verified).toEqual([]);
      expect(world.said.map(({ message }) => message)).not.toContain('held');
    },
  );

  it('a person decides, and nothing is tried again, where a step says that it has taken too long', async () => {
    const world = aShop();
    world.fail('applyComponent deploy core nl', 'SLIP-REL-16', 'it began to change something more than 30 days ago');
    const run = await temporal.start(world);
    expect((await run.until('held')).waitingFor).toMatchObject({ what: 'rollback decision' });
    expect(world.calls.filter((call) => call === 'applyComponent deploy core nl')).toHaveLength(1);
    await run.decide(world.sign('roll-back', { releaseId: run.id }));
    expect(await run.outcome()).toBe('rolled-back');
  });

  it('the run is held for a person under hold, who rolls back', async () => {
    const world = aShop({ partial: 'hold' });
    broken(world);
    const run = await temporal.start(world);
    const held = await run.until('held');
    expect(held.waitingFor).toMatchObject({ what: 'rollback decision', who: 'approvers' });
    expect(await run.decide(world.sign('roll-back', { releaseId: run.id }))).toMatchObject({ kind: 'taken' });
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de', 'nl']);
  });

  it('a person may accept the failure: nothing more is changed', async () => {
    const world = aShop({ confirm: true });
    broken(world);
    const run = await temporal.start(world);
    await run.until('held');
    await run.decide(world.sign('accept-failure', { releaseId: run.id }));
    expect(await run.outcome()).toBe('halted');
    expect(rolledBack(world)).toEqual([]);
  });

  it('nobody who decides until the deadline means halted, with the lane on hold', async () => {
    const world = aShop({ partial: 'hold' });
    broken(world);
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(rolledBack(world)).toEqual([]);
    const lane = await temporal.untilLane(world, ({ closures }) => closures.length > 0);
    expect(lane.closures[0]?.reason).toContain('it was held, and no rollback was ordered');
  });

  it('a region that has nothing to go back to keeps no other on the bad release, and is the one that is named', async () => {
    const world = aShop();
    broken(world);
    world.history = world.history.filter((row) => row.region === 'de');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(rolledBack(world)).toEqual(['de']);
    const { summary, regions } = world.ends[0]!.result;
    expect(summary).toMatch(
      /: nl: 500\.\nnl is not back: cannot be rolled back: .* never been verified in nl.*\nde: back on/,
    );
    expect(regions.map(({ region, phase }) => `${region} ${phase}`)).toEqual(['de rolled-back', 'nl failed']);
  });

  it('what failed is told first, of the component, too, and regions that stay for the same reason together', async () => {
    const world = aShop();
    world.fail('watchRollout deploy core nl', 'SLIP-K8S-1', 'core: CrashLoopBackOff');
    world.schema.push(aSchemaChange({ service: world.service, contracting: ['0002_drop'], changedAt: Date.now() }));
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    const { summary, regions } = world.ends[0]!.result;
    expect(summary.split('\n')).toEqual([
      'the rollout failed: core: CrashLoopBackOff.',
      expect.stringMatching(/^de, nl are not back: cannot be rolled back: /),
      'nothing is back.',
    ]);
    expect(regions[1]?.components).toMatchObject([{ note: 'the rollout failed: core: CrashLoopBackOff' }]);
  });

  it('a rollback that fails as well is halted, and says both', async () => {
    const world = aShop();
    broken(world);
    world.fail('watchRollout roll-back', 'SLIP-K8S-1', 'no room');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(world.ends[0]?.result.summary).toContain('no room');
    expect(world.ends[0]?.result.failure).toMatchObject({ code: 'SLIP-VER-1' });
  });
});

describe('when the regions are looked at together', () => {
  it('only the region that was hurt goes back under roll-back-region', async () => {
    const world = aShop({ partial: 'roll-back-region' });
    const together = world.hold('verifyRegion nl 1');
    const run = await temporal.start(world);
    await together.reached;
    world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    together.go();
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de']);
    expect(world.verified).toEqual(['nl']);
  });
});

describe('a rollback that a person asks for', () => {
  it('takes all that was touched back, also while the hurt region alone goes back already', async () => {
    const world = aShop({ partial: 'roll-back-region' });
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    const rollout = world.hold('watchRollout roll-back core nl');
    const run = await temporal.start(world);
    await rollout.reached;
    expect(await run.decide(world.sign('abort', { releaseId: run.id }))).toMatchObject({ kind: 'refused' });
    expect(await run.decide(world.sign('roll-back', { releaseId: run.id }))).toMatchObject({ kind: 'taken' });
    rollout.go();
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de', 'nl']);
    expect(world.verified).toEqual([]);
    expect(world.ends[0]?.revoke).toEqual({ releaseId: run.id, regions: ['nl', 'de'] });
  });

  it('takes the others back at once where the hurt region cannot be reached', async () => {
    const world = aShop({ partial: 'roll-back-region' });
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    const unreachable = world.fail('applyComponent roll-back core nl', 'SLIP-K8S-10', 'nl does not answer');
    const other = world.hold('watchRollout roll-back core de');
    const run = await temporal.start(world);
    await temporal.env().sleep(hour / 6);
    await run.until('held');
    await run.decide(world.sign('roll-back', { releaseId: run.id }));
    await other.reached;
    expect((await run.status()).regions[1]).toMatchObject({ region: 'nl', phase: 'unknown' });
    other.go();
    unreachable.mend();
    await run.decide(world.sign('retry', { releaseId: run.id }));
    expect(await run.outcome()).toBe('rolled-back');
    expect(world.verified).toEqual([]);
  });

  it('waits for the end of a migration that runs', async () => {
    const world = aShop();
    world.spec.migrations = [aMigrationSpec(), aMigrationSpec({ database: 'audit' })];
    const migration = world.hold('watchMigration main');
    const run = await temporal.start(world);
    await migration.reached;
    await run.decide(world.sign('roll-back', { releaseId: run.id }));
    expect(world.calls).not.toContain('verifyMigration main');
    expect((await run.status()).stage).toBe('migrating');
    migration.go();
    expect(await run.outcome()).toBe('halted');
    expect(world.calls).toContain('verifyMigration main');
    expect(world.calls).not.toContain('startMigration audit');
    expect(world.calls.some((c) => c.startsWith('applyComponent'))).toBe(false);
  });

  it('stops a rollout at once, and puts back what was touched', async () => {
    const world = aShop({ partial: 'hold' });
    const rollout = world.hold('watchRollout deploy core de');
    const run = await temporal.start(world);
    await rollout.reached;
    await run.decide(world.sign('roll-back', { releaseId: run.id }, { reason: 'the shop is slow' }));
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de']);
    expect(world.ends[0]?.result.summary).toContain('kim: the shop is slow');
  });

  it('is refused where the schema would not carry the earlier release', async () => {
    const world = aShop();
    world.spec.migrations = [aMigrationSpec()];
    world.pending = { contracting: ['0002_weight'] };
    const rollout = world.hold('watchRollout deploy core de');
    const run = await temporal.start(world);
    await rollout.reached;
    await run.decide(world.sign('roll-back', { releaseId: run.id }));
    expect(await run.outcome()).toBe('halted');
    expect(world.ends[0]?.result.summary).toContain('the schema may no longer carry the earlier release');
  });
});

describe('a rollback of a release that has ended', () => {
  async function verified() {
    const world = aShop();
    const run = await temporal.start(world);
    await run.outcome();
    const id = randomUUID();
    const order = (regions?: string[]) =>
      temporal.engine().startRollback({
        lane: { service: world.service, environment: 'production' },
        releaseId: run.id,
        decision: world.sign('roll-back', { releaseId: run.id }, { id, ...(regions && { regions }) }),
        request: world.request(),
      });
    return { world, run, order };
  }

  it('puts every region back, and leaves the lane on hold', async () => {
    const { world, run, order } = await verified();
    const { releaseId } = await order();
    expect(await temporal.follow(releaseId, world).outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de', 'nl']);
    expect(world.ends.at(-1)?.revoke).toEqual({ releaseId: run.id, regions: ['de', 'nl'] });
    const lane = await temporal.untilLane(world, ({ closures }) => closures.length > 0);
    expect(lane.closures).toMatchObject([{ kind: 'hold' }]);
  });

  it('is one run, however often it is ordered', async () => {
    const { world, order } = await verified();
    const [first, second] = await Promise.all([order(['nl']), order(['nl'])]);
    expect(second).toEqual(first);
    await temporal.follow(first.releaseId, world).outcome();
    expect(rolledBack(world)).toEqual(['nl']);
  });

  it('changes nothing, and revokes nothing, when a newer release was verified before it got the lane', async () => {
    const { world, run, order } = await verified();
    const newer = 'release/newer';
    world.history = world.history.flatMap((row) => [
      { ...row, releaseId: newer, verifiedAt: 2_000 },
      { ...row, releaseId: run.id, verifiedAt: 1_000 },
      row,
    ]);
    const { releaseId } = await order();
    expect(await temporal.follow(releaseId, world).outcome()).toBe('failed');
    expect(rolledBack(world)).toEqual([]);
    expect(world.ends.at(-1)?.result.summary).toContain(`${newer} was verified in de since`);
    expect(world.ends.at(-1)).not.toHaveProperty('revoke');
  });

  it('puts back what a halted release had changed, and nothing else; how that one ended stays', async () => {
    const world = aShop({ partial: 'hold', holdMs: 0 });
    world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    world.mendAll();
    const { releaseId } = await temporal.engine().startRollback({
      lane: { service: world.service, environment: 'production' },
      releaseId: run.id,
      decision: world.sign('roll-back', { releaseId: run.id }, { id: randomUUID() }),
      request: world.request(),
    });
    expect(await temporal.follow(releaseId, world).outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de']);
    expect(world.ends.at(-1)?.revoke).toEqual({ releaseId: run.id, regions: ['de'] });
    expect(world.outcome(run.id)).toBe('halted');
  });

  it('is not cancelled half way', async () => {
    const { world, order } = await verified();
    const rollout = world.hold('watchRollout roll-back core nl');
    const { releaseId } = await order();
    await rollout.reached;
    await temporal.env().client.workflow.getHandle(releaseId).cancel();
    rollout.go();
    expect(await temporal.follow(releaseId, world).outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de', 'nl']);
  });

  it('fails with an outcome when the release cannot be found', async () => {
    const { world, order } = await verified();
    world.fail('findRelease', 'SLIP-REL-6', 'it has no recorded plan');
    const { releaseId } = await order();
    expect(await temporal.follow(releaseId, world).outcome()).toBe('failed');
  });
});
