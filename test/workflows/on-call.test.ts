import { describe, expect, it } from '@jest/globals';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import { aPerson, aPolicy, aRegion, aWave, hour } from '../domain/builders.ts';
import { useTemporal } from './support/temporal.ts';

const temporal = useTemporal();
const ola = aPerson('ola', 'on-call');

function aShop(changes: Parameters<typeof temporal.world>[0] = {}) {
  return temporal.world({
    regions: [aRegion('de'), aRegion('nl')],
    waves: [aWave(['de']), aWave(['nl'])],
    onFailure: { partial: 'hold', confirm: true, holdMs: hour },
    onCall: ['on-call'],
    ...changes,
  });
}

/** One that was approved, and has failed in its second region. */
async function failed() {
  const world = aShop();
  world.fail('verifyRegion nl 1', 'SLIP-VER-1', 'nl: 500');
  const run = await temporal.start(world);
  await run.approve();
  const { waitingFor } = await run.until('held');
  return { world, run, waitingFor };
}

describe('a release whose policy names who is on call', () => {
  it('waits for those who approve until it is approved: those on call may not', async () => {
    const world = aShop();
    const run = await temporal.start(world);
    const { planHash = '', waitingFor } = await run.until('awaiting-approval');
    expect(waitingFor?.who).toBe('approvers');
    expect(await run.decide(world.sign('approve', { releaseId: run.id, planHash }, { by: ola }))).toEqual({
      kind: 'refused',
      reason: 'ola is not in the group approvers',
    });
    await run.approve();
    expect(await run.outcome()).toBe('verified');
  });

  it.each<[DecisionKind, string]>([
    ['roll-back', 'rolled-back'],
    ['accept-failure', 'halted'],
  ])('waits for those on call once it has failed, and takes their %s', async (kind, outcome) => {
    const { world, run, waitingFor } = await failed();
    expect(waitingFor).toMatchObject({ what: 'rollback decision', who: 'on-call' });
    expect(await run.decide(world.sign(kind, { releaseId: run.id }, { by: ola }))).toMatchObject({ kind: 'taken' });
    expect(await run.outcome()).toBe(outcome);
  });

  it('goes on to take the decisions of those who approve, and of nobody else', async () => {
    const { world, run } = await failed();
    const eve = aPerson('eve', 'visitors');
    expect(await run.decide(world.sign('roll-back', { releaseId: run.id }, { by: eve }))).toMatchObject({
      kind: 'refused',
    });
    expect(await run.decide(world.sign('roll-back', { releaseId: run.id }))).toMatchObject({ kind: 'taken' });
    expect(await run.outcome()).toBe('rolled-back');
  });

  it('is held by a step before there is a plan: those on call have it tried again', async () => {
    const world = aShop({ approval: aPolicy({ required: false }) });
    const builder = world.fail('buildImage', 'SLIP-IMG-7', 'no builder');
    const run = await temporal.start(world);
    while ((await run.status()).stage !== 'held') await temporal.env().sleep(60_000);
    expect((await run.status()).waitingFor?.who).toBe('on-call');
    builder.mend();
    await run.decide(world.sign('retry', { releaseId: run.id }, { by: ola }));
    expect(await run.outcome()).toBe('verified');
  });
});
