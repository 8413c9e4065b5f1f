import { describe, expect, it } from '@jest/globals';
import { aPolicy, aRegion, aWave, hour } from '../domain/builders.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();
const regions = ['de', 'fr', 'nl'];

/** One region after the other. */
function aShop() {
  return temporal.world({
    regions: regions.map((name) => aRegion(name)),
    waves: regions.map((name) => aWave([name])),
    approval: aPolicy({ required: false }),
    onFailure: { partial: 'roll-back-all', confirm: false, holdMs: 6 * hour },
  });
}
type Shop = ReturnType<typeof aShop>;

const unseen = (world: Shop, step: string, options?: { once: boolean }) =>
  world.fail(step, 'SLIP-REL-12', 'de', options);

/** What was asked between the first two calls that begin with this text. */
function between({ calls }: Shop, text: string): string[] {
  const at = calls.flatMap((call, n) => (call.startsWith(text) ? [n] : []));
  return calls.slice(at[0]! + 1, at[1]).map((call) => call.split(' ').slice(0, 2).join(' '));
}

const looks = (...those: string[]) => those.map((region) => `verifyRegion ${region}`);

describe('where something was written to a region since it was looked at', () => {
  it('it is looked at again before it is recorded, and then it is verified', async () => {
    const world = aShop();
    unseen(world, 'recordVerified', { once: true });
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(between(world, 'recordVerified').sort()).toEqual(looks(...regions));
    expect(world.verified).toEqual(regions);
  });

  it('it is looked at again before the next wave begins, and the release goes on', async () => {
    const world = aShop();
    const next = 'applyComponent deploy core nl';
    unseen(world, next, { once: true });
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(between(world, next).sort()).toEqual(looks('de', 'fr'));
    expect(world.calls.filter((call) => call === next)).toHaveLength(2);
  });

  it('it bakes again where one more look is not enough, and the release goes on', async () => {
    const world = temporal.world({
      regions: regions.map((name) => aRegion(name)),
      waves: [aWave(['de'], 600_000), aWave(['fr', 'nl'])],
      approval: aPolicy({ required: false }),
    });
    const next = 'applyComponent deploy core fr';
    for (let twice = 0; twice < 2; twice += 1) unseen(world, next, { once: true });
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(world.calls.filter((call) => call.startsWith('observeRegion de'))).toHaveLength(2);
    expect(world.calls.filter((call) => call === next)).toHaveLength(3);
  });

  it('it is not looked at for ever: nothing is recorded of what somebody writes to all the while', async () => {
    const world = aShop();
    unseen(world, 'recordVerified');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(world.ends[0]?.result.failure).toMatchObject({ code: 'SLIP-REL-12' });
    expect(world.verified).toEqual([]);
  });
});
