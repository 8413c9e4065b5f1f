import { describe, expect, it } from '@jest/globals';
import { aComponent, aPolicy } from '../domain/builders.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();

/** `core` was there before; `worker` is new, and comes after it where it needs it. */
function aShop(worker: { needs?: string[] } = {}) {
  const world = temporal.world({ approval: aPolicy({ required: false }) });
  world.spec.components = [aComponent('core'), aComponent('worker', worker)];
  return world;
}
const back = (shop: ReturnType<typeof aShop>) =>
  shop.calls.filter((call) => /^(applyComponent roll-back|verifyRegion .* 0)/.test(call));
const newWords = 'worker stays as it is: nothing that may be gone back to ran before it';

describe('a release that adds a component', () => {
  it('goes back when it fails before that was reached, and names what is new', async () => {
    const world = aShop({ needs: ['core'] });
    world.fail('watchRollout deploy core de', 'SLIP-K8S-1', 'crash loop');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('rolled-back');
    expect(back(world)).toEqual(['applyComponent roll-back core de', 'verifyRegion de 0']);
    const { summary, regions } = world.ends[0]!.result;
    expect(summary).toContain(`de (${newWords}): back on the last verified release`);
    expect(regions).toMatchObject([{ region: 'de', phase: 'rolled-back', note: newWords }]);
  });

  it('halts when that is there already: all else is back, and what is left is named', async () => {
    const world = aShop();
    world.fail('verifyRegion de 11', 'SLIP-VER-1', 'de: 500');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('halted');
    expect(back(world)).toEqual(['applyComponent roll-back core de', 'verifyRegion de 0']);
    const { summary, regions } = world.ends[0]!.result;
    expect(summary).toMatch(`\nde is back only in part: ${newWords}.`);
    expect(regions).toMatchObject([
      {
        phase: 'partly-back',
        components: [
          { component: 'core', phase: 'rolled-back' },
          { component: 'worker', phase: 'unproven', note: 'new: nothing ran before it' },
        ],
      },
    ]);
  });
});

describe('a component that stands scaled to zero', () => {
  it('is recorded as verified, and as never seen running', async () => {
    const world = aShop();
    world.scaledToZero = ['worker'];
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('verified');
    expect(world.unseen).toEqual({ de: ['worker'] });
  });

  it('is not recorded as such when the last look has seen it running', async () => {
    const world = aShop();
    world.scaledToZero = ['worker'];
    const together = world.hold('tagImages commit');
    const last = world.hold('verifyRegion de 11');
    const run = await temporal.start(world);
    await together.reached;
    together.go();
    await last.reached;
    world.scaledToZero = [];
    last.go();
    expect(await run.outcome()).toBe('verified');
    expect(world.unseen).toEqual({});
  });

  it('is told of when it is what was gone back to', async () => {
    const world = aShop({ needs: ['core'] });
    world.history = world.history.map((row) => ({ ...row, unseen: true }));
    world.fail('watchRollout deploy core de', 'SLIP-K8S-1', 'crash loop');
    const run = await temporal.start(world);
    expect(await run.outcome()).toBe('rolled-back');
    expect(world.ends[0]?.result.summary).toContain(
      'core was scaled to zero when it was verified, and was never seen running',
    );
  });
});
