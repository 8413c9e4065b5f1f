import { describe, expect, it } from '@jest/globals';
import { hashOfPlan } from '../../../activities/steps/authorize.ts';
import { keepPlanHash } from '../../../activities/steps/recorded-result.ts';
import type { StartedRelease } from '../../../domain/contract/gateway.ts';
import { aCommit, aPlan, aRegion, aVerified } from '../../domain/builders.ts';
import { aStart, useGateway } from './gateway.ts';

const gateway = useGateway();

/** A release that was verified in de and nl. */
async function verified() {
  const parts = gateway();
  const { post, records, release, service } = parts;
  const id = await release();
  const plan = aPlan({ service, regions: [aRegion('de'), aRegion('nl')] });
  const planHash = hashOfPlan(plan);
  await records.plans.store(planHash, plan);
  await keepPlanHash(records.plans, id, planHash);
  const about = { service, planHash, commit: aCommit() };
  const row = (region: string, releaseId = id, changes = {}) => aVerified({ ...about, region, releaseId, ...changes });
  const { startedAt } = (await records.attempts.find(id))!;
  const earlier = `release/${service}/production/${aCommit('e')}/1`;
  await records.inventory.record(['de', 'nl'].map((region) => row(region, earlier, { verifiedAt: startedAt - 10 })));
  await records.inventory.record(['de', 'nl'].map((region) => row(region, id, { verifiedAt: startedAt + 10 })));
  await records.attempts.conclude(id, { outcome: 'verified', summary: 'well', endedAt: startedAt + 10 });
  const again = async (changes = {}) => {
    const { status, body } = await post('/v1/releases', aStart(service, changes));
    return { status, body: body as unknown as StartedRelease & typeof body };
  };
  return { ...parts, id, earlier, startedAt, row, again };
}

describe('a commit that is asked for again', () => {
  it('is the one that was verified, with its end, while that is what is there', async () => {
    const { again, id, engine, startedAt } = await verified();
    const { status, body } = await again();
    expect([status, body.releaseId, body.created]).toEqual([200, id, false]);
    expect(body.ended).toEqual({ outcome: 'verified', summary: 'well', endedAt: startedAt + 10 });
    expect(engine.started).toHaveLength(1);
  });

  it('says where that was rolled back since', async () => {
    const { again, id, earlier, records } = await verified();
    await records.inventory.revoke(id, 'slow', ['nl']);
    expect((await again()).body.ended?.noMore).toEqual([`nl: ${earlier} is what is verified there now`]);
  });

  it('says where another release was verified since', async () => {
    const { again, records, row, service, startedAt } = await verified();
    const newer = `release/${service}/production/${aCommit('f')}/1`;
    await records.inventory.record([row('de', newer, { verifiedAt: startedAt + 20, commit: aCommit('f') })]);
    expect((await again()).body.ended?.noMore).toEqual([`de: ${newer} is what is verified there now`]);
  });

  it('says where another run has left something since', async () => {
    const { again, records, service, startedAt } = await verified();
    const later = `release/${service}/production/${aCommit('f')}/1`;
    await records.touched.record({ workflowId: later, runId: 'r', what: 'core in nl', at: startedAt + 20 });
    const { body } = await again();
    expect(body.ended?.noMore).toEqual([`nl: core may run what ${later} put there, which has not ended`]);
  });

  it('is told how it has ended where that was not well', async () => {
    const { post, records, release, service } = gateway();
    const id = await release();
    await records.attempts.conclude(id, { outcome: 'rejected', summary: 'not today', endedAt: 3 });
    const { body } = await post('/v1/releases', aStart(service));
    expect(body).toMatchObject({ created: false, ended: { outcome: 'rejected', summary: 'not today', endedAt: 3 } });
  });

  it('has no end while it goes on', async () => {
    const { post, release, service } = gateway();
    await release();
    expect((await post('/v1/releases', aStart(service))).body).not.toHaveProperty('ended');
  });
});

describe('a commit that what is verified is not in the past of', () => {
  async function older() {
    const parts = await verified();
    parts.unrelated.add(aCommit('f'));
    const newer = `release/${parts.service}/production/${aCommit('f')}/1`;
    const at = { verifiedAt: parts.startedAt + 20, commit: aCommit('f') };
    await parts.records.inventory.record([parts.row('nl', newer, at)]);
    return { ...parts, newer };
  }

  it('is told before anything is built: nothing is started, and nothing recorded', async () => {
    const { again, newer, engine, records, service } = await older();
    const { status, body } = await again({ commit: aCommit('b') });
    expect(status).toBe(409);
    expect(body.error).toEqual({
      code: 'older-commit',
      message: `bbbbbbbbbbbb does not descend from ffffffffffff, which is verified in nl (${newer}): nothing was started`,
      next: expect.stringContaining('--downgrade'),
    });
    expect(engine.started).toHaveLength(1);
    expect(await records.attempts.find(`release/${service}/production/${aCommit('b')}/1`)).toBeUndefined();
  });

  it('is told so of a new attempt, too', async () => {
    const { again } = await older();
    expect((await again({ newAttempt: true })).status).toBe(409);
  });

  it('begins where whoever asks has said that it may be older', async () => {
    const { again } = await older();
    expect((await again({ commit: aCommit('b'), downgrade: true })).status).toBe(201);
  });

  it('is answered with its run where it has one', async () => {
    const { again, id, newer } = await older();
    const { status, body } = await again();
    expect([status, body.releaseId]).toEqual([200, id]);
    expect(body.ended?.noMore).toEqual([`nl: ${newer} is what is verified there now`]);
  });

  it('is compared only where something new would begin', async () => {
    const { again, askedGit } = await older();
    askedGit.length = 0;
    await again();
    expect(askedGit).toEqual([]);
    await again({ newAttempt: true });
    expect(askedGit).toEqual([aCommit('f')]);
  });

  it('is compared with what is verified, and with nothing that was', async () => {
    const { again, newer, records } = await older();
    await records.inventory.revoke(newer, 'slow');
    expect((await again({ commit: aCommit('b') })).status).toBe(201);
  });
});
