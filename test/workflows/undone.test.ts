import { describe, expect, it } from '@jest/globals';
import { aComponent, aPolicy, aVerified, aWave, anImage, hour } from '../domain/builders.ts';
import { useTemporal } from './support/temporal.ts';
import type { TestRun } from './support/temporal.ts';

const temporal = useTemporal();
const minute = 60_000;

function aShop({ bakeMs = 0, components = ['core'] } = {}) {
  const world = temporal.world({
    components: components.map((name) => aComponent(name)),
    waves: [aWave(['de'], bakeMs)],
    approval: aPolicy({ required: false }),
    onFailure: { partial: 'roll-back-all', confirm: false, holdMs: 12 * hour },
  });
  world.history = components.map((component) =>
    aVerified({ service: world.service, component, image: anImage(component, '0') }),
  );
  return world;
}
type Shop = ReturnType<typeof aShop>;

/** As an on-call's `kubectl rollout undo` is told. */
const undo = (world: Shop, look: string) => world.fail(look, 'SLIP-K8S-16', 'somebody else has put back the images');
const count = (world: Shop, call: string) => world.calls.filter((c) => c.startsWith(call)).length;
const retry = (world: Shop, run: TestRun) => run.decide(world.sign('retry', { releaseId: run.id }));

/** Held at once: no minutes have to pass before. */
async function held(run: TestRun) {
  const status = await run.until('held');
  expect(status.failure).toMatchObject({ code: 'SLIP-K8S-16' });
  expect(status.log.map(({ line }) => line)).toContainEqual(expect.stringContaining('put in place again at `retry`'));
  return status;
}

describe('when somebody else undoes what is being put in place', () => {
  it('people are told at once, and nothing is written again while nobody says so: it is only looked at', async () => {
    const world = aShop();
    undo(world, 'watchRollout deploy core de');
    const run = await temporal.start(world);
    await held(run);
    expect(count(world, 'watchRollout deploy core de')).toBe(1);
    await temporal.env().sleep(6 * hour);
    expect(count(world, 'applyComponent deploy core de')).toBe(1);
    expect(count(world, 'watchRollout deploy core de')).toBeGreaterThan(10);
    expect(count(world, 'announce problem')).toBe(1);
  });

  it('it goes on by itself when it is seen to stand again', async () => {
    const world = aShop();
    const undone = undo(world, 'watchRollout deploy core de');
    const run = await temporal.start(world);
    await held(run);
    undone.mend();
    expect(await run.outcome()).toBe('verified');
    expect(count(world, 'applyComponent')).toBe(1);
  });

  it('`retry` writes it again, once', async () => {
    const world = aShop();
    undo(world, 'watchRollout deploy core de');
    const run = await temporal.start(world);
    await held(run);
    await retry(world, run);
    await temporal.env().sleep(6 * hour);
    expect(count(world, 'applyComponent deploy core de')).toBe(2);
    world.mendAll();
    expect(await run.outcome()).toBe('verified');
    expect(count(world, 'applyComponent')).toBe(2);
  });

  it('one `retry` writes again all that was undone', async () => {
    const world = aShop({ components: ['core', 'web'] });
    undo(world, 'watchRollout deploy');
    const run = await temporal.start(world);
    await held(run);
    world.mendAll();
    await retry(world, run);
    expect(await run.outcome()).toBe('verified');
    expect([count(world, 'applyComponent deploy core'), count(world, 'applyComponent deploy web')]).toEqual([2, 2]);
  });

  it('a `retry` that was said before, about something else, does not count', async () => {
    const world = aShop({ components: ['core', 'web'] });
    world.fail('applyComponent deploy web', 'SLIP-K8S-6', 'forbidden');
    const write = world.hold('applyComponent deploy core');
    const run = await temporal.start(world);
    await write.reached;
    while (!(await run.status()).log.some(({ line }) => /deploy web.*tried again in/.test(line)))
      await temporal.env().sleep(1_000);
    world.mendAll();
    await retry(world, run);
    undo(world, 'watchRollout deploy core');
    write.go();
    await held(run);
    await temporal.env().sleep(hour);
    expect(count(world, 'applyComponent deploy core')).toBe(1);
  });

  it('a rollback that is undone is not written again by itself either', async () => {
    const world = aShop();
    world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    undo(world, 'watchRollout roll-back core de');
    const run = await temporal.start(world);
    await held(run);
    await temporal.env().sleep(hour);
    expect(count(world, 'applyComponent roll-back core de')).toBe(1);
    world.mendAll();
    await retry(world, run);
    expect(await run.outcome()).toBe('rolled-back');
    expect(count(world, 'applyComponent roll-back core de')).toBe(2);
  });
});

describe('when what was put in place cannot be looked at', () => {
  it('it is looked at again, and not written again: others may have changed it meanwhile', async () => {
    const world = aShop();
    const away = world.fail('watchRollout deploy core de', 'SLIP-K8S-10', 'no route');
    const run = await temporal.start(world);
    while ((await run.status()).stage !== 'held') await temporal.env().sleep(minute);
    expect(count(world, 'watchRollout deploy core de')).toBeGreaterThan(3);
    away.mend();
    expect(await run.outcome()).toBe('verified');
    expect(count(world, 'applyComponent')).toBe(1);
  });

  it('it is written to what is there now, when what was written to is gone', async () => {
    const world = aShop();
    const gone = world.fail('watchRollout deploy core de', 'SLIP-K8S-2', 'another one was made in its place');
    const run = await temporal.start(world);
    while ((await run.status()).stage !== 'held') await temporal.env().sleep(minute);
    gone.mend();
    expect(await run.outcome()).toBe('verified');
    expect(count(world, 'applyComponent')).toBeGreaterThan(1);
  });
});

describe('when somebody else undoes what stood already', () => {
  it.each([
    ['while it is verified', 'verifyRegion de 1', 0],
    ['while it bakes', 'observeRegion de', minute],
  ])('%s, it is only looked at; `retry` puts it in place again, and looks after that', async (_when, look, bakeMs) => {
    const world = aShop({ bakeMs });
    undo(world, look);
    const run = await temporal.start(world);
    await held(run);
    await temporal.env().sleep(hour);
    expect(count(world, 'applyComponent')).toBe(1);
    expect(count(world, look)).toBeGreaterThan(3);
    const before = world.calls.length;
    world.mendAll();
    await retry(world, run);
    expect(await run.outcome()).toBe('verified');
    const after = world.calls.slice(before).filter((call) => /^(apply|watch|verify|observe)/.test(call));
    expect(after.slice(0, 3)).toEqual(['applyComponent deploy core de', 'watchRollout deploy core de', look]);
    expect(count(world, 'applyComponent')).toBe(2);
  });

  it('it goes on by itself when it stands again', async () => {
    const world = aShop();
    const undone = undo(world, 'verifyRegion de 1');
    const run = await temporal.start(world);
    await held(run);
    undone.mend();
    expect(await run.outcome()).toBe('verified');
    expect(count(world, 'applyComponent')).toBe(1);
  });

  it('after a rollback, `retry` puts back again what was put back', async () => {
    const world = aShop();
    world.fail('verifyRegion de 1', 'SLIP-VER-1', 'de: 500');
    const undone = undo(world, 'verifyRegion de 0');
    const run = await temporal.start(world);
    await held(run);
    await temporal.env().sleep(hour);
    expect(count(world, 'applyComponent roll-back core de')).toBe(1);
    undone.mend();
    await retry(world, run);
    expect(await run.outcome()).toBe('rolled-back');
    expect(count(world, 'applyComponent roll-back core de')).toBe(2);
  });
});
