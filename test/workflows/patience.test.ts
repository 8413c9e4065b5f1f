import { describe, expect, it } from '@jest/globals';
import type { FailurePolicy } from '../../domain/contract/release.ts';
import { aMigrationSpec, aPolicy, aRegion, aWave, hour } from '../domain/builders.ts';
import { useTemporal } from './support/temporal.ts';
import type { TestRun } from './support/temporal.ts';

const temporal = useTemporal();

function aShop(onFailure: Partial<FailurePolicy> = {}, regions = ['de', 'fr', 'nl']) {
  return temporal.world({
    regions: regions.map((name) => aRegion(name)),
    waves: regions.map((name) => aWave([name])),
    approval: aPolicy({ required: false }),
    onFailure: { partial: 'roll-back-all', confirm: false, holdMs: 6 * hour, ...onFailure },
  });
}
type Shop = ReturnType<typeof aShop>;
const rolledBack = (world: Shop) =>
  world.calls
    .filter((c) => c.startsWith('applyComponent roll-back'))
    .map((c) => c.split(' ').at(-1))
    .sort();
/** Held steps are tried again every few minutes: time is skipped until the run is held. */
async function untilHeld(run: TestRun) {
  for (;;) {
    await temporal.env().sleep(60_000);
    const status = await run.status();
    if (status.stage === 'held') return status;
    if (status.stage === 'done') throw new Error(`it has ended: ${status.doing}`);
  }
}
const told = (world: Shop) => world.calls.filter((c) => c === 'announce problem').length;

describe('a failure that is not the release’s own', () => {
  it.each([
    ['the rights in a cluster', 'applyComponent deploy core nl', 'SLIP-K8S-6'],
    ['a cluster that is away', 'watchRollout deploy core nl', 'SLIP-K8S-10'],
    ['a policy that was never valid', 'applyComponent deploy core nl', 'SLIP-CFG-2'],
    ['a look that told nothing', 'verifyRegion nl', 'SLIP-VER-3'],
    ['a registry that is away', 'tagImages commit', 'SLIP-IMG-2'],
    ['a database that cannot be planned', 'planMigration main', 'SLIP-K8S-10'],
    ['a repository that refuses us', 'readRelease', 'SLIP-SRC-8'],
  ] as const)(
    '%s holds the run, people are told, and a person’s `retry` goes on where it was',
    async (_, step, code) => {
      const world = aShop();
      world.spec.migrations = [aMigrationSpec()];
      const fault = world.fail(step, code, 'not now');
      const run = await temporal.start(world);
      const held = await untilHeld(run);
      expect(held.failure).toMatchObject({ code, detail: 'not now' });
      expect(held.waitingFor?.what).toContain('retry');
      expect(told(world)).toBe(1);
      const applied = world.calls.filter((c) => c === 'applyComponent deploy core de').length;
      fault.mend();
      expect(await run.decide(world.sign('retry', { releaseId: run.id }))).toMatchObject({ kind: 'taken' });
      expect(await run.outcome()).toBe('verified');
      expect(rolledBack(world)).toEqual([]);
      // Nothing that was done before is done again.
      if (applied > 0) expect(world.calls.filter((c) => c === 'applyComponent deploy core de')).toHaveLength(applied);
      expect(world.ends[0]?.result).not.toHaveProperty('failure');
    },
  );

  it('is told to people within six minutes, by where it is, what it is, since when, and when it is tried again', async () => {
    const world = aShop();
    // Fails as what cannot be reached does: Temporal tries it again first.
    world.away('applyComponent deploy core nl', 'SLIP-K8S-10');
    const run = await temporal.start(world);
    const { timings, failing, waitingFor } = await untilHeld(run);
    const [stuck] = failing ?? [];
    expect(stuck).toMatchObject({
      step: expect.stringMatching(/^deploy core .* in nl$/),
      failure: { code: 'SLIP-K8S-10' },
    });
    const held = timings.find(({ stage }) => stage === 'held')!.startedAt;
    expect(held - stuck!.since).toBeLessThan(6 * 60_000);
    expect(stuck!.triedAgainAt).toBeGreaterThan(held);
    expect(stuck!.heldUntil).toBe(waitingFor?.until);
    expect(waitingFor?.decisions).toEqual(['retry', 'roll-back', 'accept-failure']);
    world.mendAll();
    await run.decide(world.sign('retry', { releaseId: run.id }));
    expect(await run.outcome()).toBe('verified');
    expect(await run.status()).not.toHaveProperty('failing');
  });

  it('is told again when a `retry` meets it once more, and only then', async () => {
    const world = aShop();
    const fault = world.fail('applyComponent deploy core nl', 'SLIP-K8S-6', 'forbidden');
    const tried = () => world.calls.filter((c) => c === 'applyComponent deploy core nl').length;
    const run = await temporal.start(world);
    await untilHeld(run);
    const until = async (tries: number) => {
      while (tried() < tries) await temporal.env().sleep(60_000);
      await temporal.env().sleep(60_000);
      return told(world);
    };
    // By itself, twice.
    expect(await until(tried() + 2)).toBe(1);
    const before = tried();
    for (const times of [2, 3]) {
      await run.decide(world.sign('retry', { releaseId: run.id }));
      expect(await until(before + times - 1)).toBe(times);
    }
    expect(await until(tried() + 1)).toBe(3);
    fault.mend();
    expect(await run.outcome()).toBe('verified');
  });

  it('goes on by itself when it passes, whether anybody looks or not', async () => {
    const world = aShop();
    const fault = world.fail('applyComponent deploy core nl', 'SLIP-K8S-6', 'forbidden');
    const run = await temporal.start(world);
    await untilHeld(run);
    fault.mend();
    expect(await run.outcome()).toBe('verified');
  });

  it.each([
    ['de', 'nl'],
    ['nl', 'de'],
  ] as const)(
    'is no more what the run is shown to wait for once %s is mended: that is what is still held, in %s',
    async (mended, other) => {
      const world = aShop({}, ['de', 'nl']);
      world.spec.waves = [aWave(['de', 'nl'])];
      const faults = {
        de: world.fail('applyComponent deploy core de', 'SLIP-K8S-6', 'forbidden in de'),
        nl: world.fail('applyComponent deploy core nl', 'SLIP-K8S-19', 'no room in nl'),
      };
      const run = await temporal.start(world);
      const until = async (steps: number) => {
        for (;;) {
          await temporal.env().sleep(60_000);
          const status = await run.status();
          const held = status.failing?.filter(({ heldUntil }) => heldUntil !== undefined) ?? [];
          if (status.stage === 'done') throw new Error(`it has ended: ${status.doing}`);
          if (held.length === steps && status.failing?.length === steps) return status;
        }
      };
      await until(2);
      faults[mended].mend();
      const { failing, failure, waitingFor } = await until(1);
      expect(failure?.detail).toContain(`in ${other}`);
      expect(waitingFor).toMatchObject({
        what: expect.stringContaining(`in ${other},`),
        until: failing?.[0]?.heldUntil,
      });
      faults[other].mend();
      expect(await run.outcome()).toBe('verified');
    },
  );

  it('is of several the one that was tried last: what the run does, what it waits for and its failure are of the same', async () => {
    const world = aShop({}, ['de', 'nl']);
    world.spec.waves = [aWave(['de', 'nl'])];
    // Held at once, and so tried at other times than the other.
    world.fail('watchRollout deploy core de', 'SLIP-K8S-16', 'others were in de');
    world.fail('applyComponent deploy core nl', 'SLIP-K8S-6', 'forbidden in nl');
    const run = await temporal.start(world);
    await untilHeld(run);
    const shown: string[] = [];
    for (let minutes = 0; minutes < 20; minutes += 1) {
      await temporal.env().sleep(60_000);
      const { doing, waitingFor, failure, failing = [] } = await run.status();
      if (failing.some(({ heldUntil }) => heldUntil === undefined)) continue;
      const [step = ''] = waitingFor?.what.split(', or a decision') ?? [];
      expect(doing).toContain(`${step}: ${failure?.title}`);
      expect(failure?.detail).toContain(step.slice(-2));
      if (shown.at(-1) !== step) shown.push(step);
    }
    expect(shown.length).toBeGreaterThan(2);
    world.mendAll();
    expect(await run.outcome()).toBe('verified');
  });

  it('halts in the end, with what was changed left as it is, when nobody mends it', async () => {
    const world = aShop();
    world.fail('applyComponent deploy core nl', 'SLIP-K8S-6', 'forbidden');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(rolledBack(world)).toEqual([]);
    expect(world.ends[0]?.result.failure).toMatchObject({ code: 'SLIP-K8S-6' });
  });

  it('is rolled back when a person says so, or left as it is', async () => {
    const decided = async (kind: 'roll-back' | 'accept-failure') => {
      const world = aShop();
      world.fail('verifyRegion nl 1', 'SLIP-VER-3', 'no answer');
      const run = await temporal.start(world);
      await untilHeld(run);
      await run.decide(world.sign(kind, { releaseId: run.id }));
      return { outcome: await run.outcome(), back: rolledBack(world) };
    };
    expect(await decided('roll-back')).toEqual({ outcome: 'rolled-back', back: ['de', 'fr', 'nl'] });
    expect(await decided('accept-failure')).toEqual({ outcome: 'halted', back: [] });
  });

  it('before anything is changed can be called off, and cannot be accepted', async () => {
    const world = aShop();
    world.fail('buildImage core', 'SLIP-IMG-7', 'no builder');
    const run = await temporal.start(world);
    await untilHeld(run);
    expect(await run.decide(world.sign('accept-failure', { releaseId: run.id }))).toMatchObject({ kind: 'refused' });
    await run.decide(world.sign('abort', { releaseId: run.id }));
    expect(await run.outcome()).toBe('aborted');
  });

  it('goes on with a migration whose Job could not begin for a while', async () => {
    const world = aShop();
    const fault = world.fail('watchMigration main', 'SLIP-MIG-13', '503 Service Unavailable');
    world.spec.migrations = [aMigrationSpec()];
    const run = await temporal.start(world);
    await untilHeld(run);
    fault.mend();
    await run.decide(world.sign('retry', { releaseId: run.id }));
    expect(await run.outcome()).toBe('verified');
    expect(world.calls.filter((c) => c === 'startMigration main')).toHaveLength(1);
  });

  it('says that nothing was changed when a migration never began', async () => {
    const world = aShop();
    world.fail('watchMigration main', 'SLIP-MIG-12', 'not found');
    world.spec.migrations = [aMigrationSpec()];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(world.ends[0]?.result.summary).toMatch(/nothing was done to the database: .*\nnothing was changed\.$/);
  });

  it('names the databases that were migrated before one whose migration never began', async () => {
    const world = aShop();
    world.fail('watchMigration audit', 'SLIP-MIG-12', 'not found');
    world.spec.migrations = [aMigrationSpec(), aMigrationSpec({ database: 'audit' })];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(world.ends[0]?.result.summary).toContain('\nno region was changed, but main was migrated.');
  });

  it('that no waiting mends is told at once', async () => {
    const world = aShop();
    world.fail('watchMigration main', 'SLIP-MIG-7', 'the Job is gone');
    world.spec.migrations = [aMigrationSpec()];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(world.calls.filter((c) => c === 'watchMigration main')).toHaveLength(1);
  });
});

describe('what could not be told of a region', () => {
  it('rolls back where the policy says so', async () => {
    const world = aShop({ onInconclusive: 'roll-back' });
    world.fail('verifyRegion nl 1', 'SLIP-VER-3', 'no answer');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de', 'fr', 'nl']);
  });

  it('is left open where the policy says so: the region is not recorded as verified, and the outcome says it', async () => {
    const world = aShop({ onInconclusive: 'go-on' });
    world.fail('verifyRegion nl 1', 'SLIP-VER-3', 'no answer');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('unproven');
    expect(world.verified).toEqual(['de', 'fr']);
    const { summary, regions } = world.ends[0]!.result;
    expect(summary).toContain('whether nl is well could not be told');
    expect(regions.find((r) => r.region === 'nl')).toMatchObject({ phase: 'unproven', note: 'no answer' });
  });
});

describe('a rollback over three waves', () => {
  it('puts de and fr back at once while nl cannot be reached; nl is unknown, told, tried again, and alone is named', async () => {
    const world = aShop();
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    world.fail('applyComponent roll-back core nl', 'SLIP-K8S-10', 'nl: no route');
    const run = await temporal.start(world);
    const held = await untilHeld(run);
    expect(held.regions.map(({ region, phase }) => `${region} ${phase}`)).toEqual([
      'de rolled-back',
      'fr rolled-back',
      'nl unknown',
    ]);
    expect(await run.outcome()).toBe('halted');
    expect(rolledBack(world).filter((region) => region === 'nl').length).toBeGreaterThan(5);
    const { summary } = world.ends[0]!.result;
    expect(summary).toMatch(/\nnl is not back: .*no route\.\nde, fr: back on the last verified release/);
  });

  it('ends rolled back once nl can be reached again', async () => {
    const world = aShop();
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    const away = world.fail('applyComponent roll-back core nl', 'SLIP-K8S-10', 'nl: no route');
    const run = await temporal.start(world);
    await untilHeld(run);
    away.mend();
    await run.decide(world.sign('retry', { releaseId: run.id }));
    expect(await run.outcome()).toBe('rolled-back');
  });

  it('is held while a Deployment that should go back is paused, and ends rolled back once it is resumed', async () => {
    const world = aShop({}, ['de']);
    world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    const paused = world.fail('watchRollout roll-back core de', 'SLIP-K8S-21', 'core: Paused');
    const run = await temporal.start(world);
    await untilHeld(run);
    paused.mend();
    await run.decide(world.sign('retry', { releaseId: run.id }));
    expect(await run.outcome()).toBe('rolled-back');
  });

  it('leaves no region on the new image because a look in one of them told nothing', async () => {
    const world = aShop();
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    world.fail('verifyRegion nl 0', 'SLIP-VER-3', 'no answer');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(rolledBack(world)).toEqual(['de', 'fr', 'nl']);
    expect(world.ends[0]?.result.summary).toMatch(/\nnl is not back: .*no answer\.\nde, fr: back/);
  });

  it('goes on with the other components of a region when one of them does not come up', async () => {
    const world = aShop({}, ['de']);
    world.spec.components = [...world.spec.components, { ...world.spec.components[0]!, name: 'web' }];
    world.history = [...world.history, { ...world.history[0]!, component: 'web' }];
    world.fail('verifyRegion de 11', 'SLIP-VER-1', 'de: 500');
    world.fail('watchRollout roll-back core de', 'SLIP-K8S-1', 'crash loop');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(world.calls).toContain('watchRollout roll-back web de');
  });
});

describe('a bake', () => {
  it('that sees the region break stops the next wave', async () => {
    const world = aShop();
    world.spec.waves = [aWave(['de'], 60_000), aWave(['fr', 'nl'])];
    world.fail('observeRegion de', 'SLIP-VER-1', 'de: 500 since 12:00');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('rolled-back');
    expect(world.calls.some((c) => c.startsWith('applyComponent deploy core fr'))).toBe(false);
  });

  it('of one region alone is followed by a last look right before it is recorded', async () => {
    const world = aShop({}, ['de']);
    world.spec.waves = [aWave(['de'], 60_000)];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    const from = world.calls.indexOf('observeRegion de');
    expect(world.calls.slice(from, from + 3)).toEqual(['observeRegion de', 'verifyRegion de 1', 'recordVerified de']);
  });
});

describe('a gate that could not tell', () => {
  it('is looked at again, and the release goes on once it can', async () => {
    const world = aShop({}, ['de']);
    world.gates = ['inconclusive', 'inconclusive', 'pass'];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(world.calls.filter((c) => c === 'scanImages')).toHaveLength(3);
  });

  it('holds the release, which is not charged with it', async () => {
    const world = aShop({}, ['de']);
    world.gates = ['inconclusive'];
    const run = await temporal.start(world);
    expect((await untilHeld(run)).failure).toMatchObject({ code: 'SLIP-SCAN-2', blame: 'world' });
  });
});

describe('the regions of one wave', () => {
  function aWaveOfTwo(partial: FailurePolicy['partial']) {
    const world = aShop({ partial }, ['de', 'nl']);
    world.spec.waves = [aWave(['de', 'nl'])];
    world.fail('watchRollout deploy core nl', 'SLIP-K8S-1', 'crash loop');
    return world;
  }

  it('do not wait for the slowest when one fails and goes back alone: it goes back at once', async () => {
    const world = aWaveOfTwo('roll-back-region');
    const slow = world.hold('watchRollout deploy core de');
    const run = await temporal.start(world);
    await slow.reached;
    await run.until('rolling-back', /nl is verified/);
    expect(rolledBack(world)).toEqual(['nl']);
    slow.go();
    expect(await run.outcome()).toBe('rolled-back');
    expect(world.verified).toEqual(['de']);
  });

  it('are not waited for when all go back', async () => {
    const world = aWaveOfTwo('roll-back-all');
    world.mendAll();
    const slow = world.hold('watchRollout deploy core de');
    const quick = world.hold('watchRollout deploy core nl');
    const run = await temporal.start(world);
    await Promise.all([slow.reached, quick.reached]);
    world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
    quick.go();
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de', 'nl']);
  });

  it('that a person stops half way have not failed: under roll-back-region all go back, and none is recorded as verified', async () => {
    const world = aWaveOfTwo('roll-back-region');
    world.mendAll();
    const slow = world.hold('watchRollout deploy core nl');
    const run = await temporal.start(world);
    await slow.reached;
    await run.until('deploying', /de is verified/);
    await temporal.env().client.workflow.getHandle(run.id).cancel();
    expect(await run.outcome()).toBe('rolled-back');
    expect(rolledBack(world)).toEqual(['de', 'nl']);
    expect(world.verified).toEqual([]);
  });
});
