import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Delivery, DeliveryWrite } from '../../activities/delivery/port.ts';
import type { Registry } from '../../activities/images/port.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { markOf, regionProofs } from '../../activities/steps/region-proofs.ts';
import { createRegionSteps } from '../../activities/steps/region-steps.ts';
import { aDecision, aPlannedComponent } from '../domain/builders.ts';
import { aReleaseThatMayAct, authorizing, theSigner } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** What a step that writes gives to the delivery, and what it makes of the answer. */

const separated = useSeparatedRecords();

/** A release into one region, which was seen well there; `inPlace`: what applying it once more finds. */
async function aSeenRelease({ inPlace }: { inPlace: boolean }) {
  const { owner: records, environment, engine } = separated;
  const component = aPlannedComponent();
  const release = await aReleaseThatMayAct(records, { plan: { components: [component] } });
  const { authority, act } = release;
  const { image } = component;
  const digest = image.split('@')[1]!;
  const check = { name: 'de: core digest', verdict: 'pass', summary: 'it stands' } as const;
  const mark = await markOf(records, authority.releaseId, 'de');
  const seen = { artifacts: { core: { image, digest } }, checks: [check], mark };
  await regionProofs(records).keep(authority, 'de', seen);

  const writes: DeliveryWrite[] = [];
  const delivery = {
    kind: 'deployment-image',
    plan: () => Promise.resolve({ kind: 'deployment-image', digest }),
    apply: (_target, write) => Promise.resolve({ core: { inPlace: writes.push(write) > 0 && inPlace } }),
  } satisfies Partial<Delivery> as unknown as Delivery;
  const regionSteps = createRegionSteps({
    ...authorizing(environment),
    deliveries: [delivery],
    registry: {} as Registry,
  });
  const { verifier, floorOf } = authorizing(engine);
  const engineSteps = createEngineSteps({
    records: engine,
    pipeline: { floorOf },
    verifier,
    now: () => 2_000,
  } as unknown as EngineDependencies);
  const place = { authority, region: 'de', component: 'core', image: component.image, purpose: 'deploy' } as const;
  return {
    ...release,
    records,
    writes,
    apply: () => act(regionSteps.applyComponent, place),
    record: () => act(engineSteps.recordVerified, { authority, regions: ['de'] }),
  };
}

describe('a write', () => {
  it('carries what the records know of tickets: the last that the lane gave out, and those that people have ordered to be passed over', async () => {
    const { lane, authority, records, apply, writes } = await aSeenRelease({ inPlace: true });
    const order = { id: randomUUID(), lane, by: 'kim', at: 1, reason: 'forged', kind: 'clear-ticket' } as const;
    await records.closings.order(theSigner.signOrder({ ...order, ticket: '9.9' }));
    await apply();
    const last = (await records.lanes.look(lane))?.lastTicket;
    expect(writes).toMatchObject([{ ticket: authority.ticket, tickets: { last, passedOver: ['9.9'] } }]);
    expect(last).toBeDefined();
  });

  it('is made beside a decision that was refused: it is none of those that stand', async () => {
    const { authority, records, apply, writes } = await aSeenRelease({ inPlace: true });
    const { releaseId, planHash } = authority;
    const signed = theSigner.sign(aDecision('retry', { id: randomUUID(), releaseId, planHash }));
    await records.decisions.store(signed);
    await records.decisions.refuse(signed.decision.id, 'no step of it waits to be tried again');
    await apply();
    expect(writes).toHaveLength(1);
  });

  it('that has changed something makes the region unseen: nothing is recorded before it was looked at again', async () => {
    const { apply, record } = await aSeenRelease({ inPlace: false });
    await apply();
    await expect(record()).rejects.toMatchObject({ details: { code: 'SLIP-REL-12' } });
  });

  it('that found everything in place leaves the region as seen as it was', async () => {
    const { apply, record, records, lane, authority } = await aSeenRelease({ inPlace: true });
    await apply();
    await record();
    expect(await records.inventory.current(lane)).toMatchObject([{ region: 'de', releaseId: authority.releaseId }]);
  });
});
