import { describe, expect, it } from '@jest/globals';
import { aPolicy, aRegion, aWave, hour } from '../domain/builders.ts';
import { useTemporal } from './support/temporal.ts';
import type { TestRun } from './support/temporal.ts';

const temporal = useTemporal();

const aShop = (gates: string[]) => {
  const world = temporal.world({
    regions: [aRegion('de')],
    waves: [aWave(['de'])],
    approval: aPolicy({ required: false }),
    onFailure: { partial: 'hold', confirm: false, holdMs: 6 * hour },
  });
  world.spec.gates = gates;
  return world;
};
/** Looks that tell nothing are made again every few minutes: time is skipped until the run is held. */
async function untilHeld(run: TestRun) {
  for (;;) {
    await temporal.env().sleep(60_000);
    const status = await run.status();
    if (status.stage === 'held') return status;
    if (status.stage === 'done') throw new Error(`it has ended: ${status.doing}`);
  }
}
const looks = (world: ReturnType<typeof aShop>) => world.calls.filter((call) => call.startsWith('runGate'));

describe('gates of the operator’s own', () => {
  it('are looked by beside the others, each once, before there is a plan', async () => {
    const world = aShop(['licences', 'static-analysis']);
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(looks(world).sort()).toEqual(['runGate licences', 'runGate static-analysis']);
    const [last] = looks(world).slice(-1);
    expect(world.calls.indexOf(last!)).toBeLessThan(world.calls.indexOf('planRelease'));
    const names = (await run.status()).checks.map(({ name, verdict }) => `${name} ${verdict}`);
    expect(names).toEqual(expect.arrayContaining(['licences pass', 'static-analysis pass', 'image scan pass']));
  });

  it('that could not look are asked again, and hold the release where they never can', async () => {
    const world = aShop(['static-analysis']);
    world.namedGates = { 'static-analysis': ['inconclusive'] };
    const run = await temporal.start(world);
    const { failure } = await untilHeld(run);
    expect(failure).toMatchObject({ code: 'SLIP-SCAN-2', blame: 'world' });
    expect(failure?.detail).toContain('static-analysis: the tool has crashed');
    expect(looks(world).length).toBeGreaterThan(1);
    expect(world.calls).not.toContain('planRelease');
  });

  it('keep no other from being tried again', async () => {
    const world = aShop(['licences', 'static-analysis']);
    world.namedGates = { licences: ['inconclusive'], 'static-analysis': ['inconclusive', 'pass'] };
    const run = await temporal.start(world);
    const { checks } = await untilHeld(run);
    expect(checks.map(({ name }) => name)).toContain('static-analysis');
  });

  it('that can look again after a while let it go on', async () => {
    const world = aShop(['static-analysis']);
    world.namedGates = { 'static-analysis': ['inconclusive', 'pass'] };
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(looks(world)).toHaveLength(2);
  });
});
