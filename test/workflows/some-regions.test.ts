import { describe, expect, it } from '@jest/globals';
import { aComponent, aPolicy, aRegion, aVerified, aWave, anImage } from '../domain/builders.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();

/** `core` goes to both regions; `search` to the first alone. */
function aShop() {
  const world = temporal.world({ approval: aPolicy({ required: false }) });
  world.spec.components = [aComponent('core'), aComponent('search', { regions: ['de'] })];
  world.spec.regions = [aRegion('de'), aRegion('nl')];
  world.spec.waves = [aWave(['de']), aWave(['nl'])];
  return world;
}
const about = (shop: ReturnType<typeof aShop>, component: string) =>
  shop.calls.filter((call) => call.startsWith('applyComponent') && call.includes(` ${component} `));

describe('a component that goes to some regions alone', () => {
  it('is deployed there, and its release is verified in all', async () => {
    const world = aShop();
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(about(world, 'search')).toEqual(['applyComponent deploy search de']);
    expect(about(world, 'core')).toEqual(['applyComponent deploy core de', 'applyComponent deploy core nl']);
    const regions = world.ends[0]!.result.regions.map(({ region, components }) => [
      region,
      components.map(({ component }) => component),
    ]);
    expect(regions).toEqual([
      ['de', ['core', 'search']],
      ['nl', ['core']],
    ]);
  });

  it('is put back there alone', async () => {
    const world = aShop();
    const ranBefore = [
      ['de', 'core'],
      ['de', 'search'],
      ['nl', 'core'],
    ] as const;
    world.history = ranBefore.map(([region, component]) =>
      aVerified({ service: world.service, region, component, image: anImage(component, '0') }),
    );
    world.fail('watchRollout deploy core nl', 'SLIP-K8S-1', 'crash loop');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('rolled-back');
    const back = world.calls.filter((call) => call.startsWith('applyComponent roll-back')).sort();
    expect(back).toEqual([
      'applyComponent roll-back core de',
      'applyComponent roll-back core nl',
      'applyComponent roll-back search de',
    ]);
  });
});
