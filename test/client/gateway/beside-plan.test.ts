import { describe, expect, it } from '@jest/globals';
import { hashOfPlan } from '../../../activities/steps/authorize.ts';
import { keepPlanHash } from '../../../activities/steps/recorded-result.ts';
import { aCommit, aPlan, aPolicy, aVerified } from '../../domain/builders.ts';
import { useGateway } from './gateway.ts';

const gateway = useGateway();

/** A release with a plan of its own. */
async function planned() {
  const parts = gateway();
  const { get, records, release, service } = parts;
  const id = await release();
  const stored = async (tag: string, changes = {}) => {
    const plan = aPlan({ service, tags: [tag], ...changes });
    const planHash = hashOfPlan(plan);
    await records.plans.store(planHash, plan);
    return { plan, planHash };
  };
  const own = await stored('own');
  const beside = async (query = `?release=${encodeURIComponent(id)}`) =>
    (await get(`/v1/plans/${own.planHash}/verified${query}`)).body;
  const ends = (outcome: string) => records.attempts.conclude(id, { outcome, summary: 'it is over', endedAt: 903 });
  return { ...parts, id, own, stored, beside, ends };
}

describe('the policy beside a plan', () => {
  it('is told where it is another than the plan was made under, and not of a release that has ended', async () => {
    const { beside, ends, policy, own, records, id } = await planned();
    expect(await beside()).not.toHaveProperty('approvalNow');
    policy.hash = 'f'.repeat(64);
    policy.approval = aPolicy({ quorum: 2, groups: ['managers'] });
    expect(await beside()).toMatchObject({ approvalNow: policy.approval });
    expect(await beside('')).toMatchObject({ approvalNow: policy.approval });
    await keepPlanHash(records.plans, id, own.planHash);
    await ends('verified');
    expect(await beside()).not.toHaveProperty('approvalNow');
  });
});

describe('the policy beside a plan that it does not let in', () => {
  it.each([
    ['has lost the service', { withoutService: true }, 'not-let-in'],
    ['has lost the environment, too', { withoutService: true, withoutEnvironment: true }, 'not-let-in'],
    ['cannot be read', { unreadable: true }, 'untold'],
  ])('is told as that, where it %s', async (_, lost, policyNow) => {
    const { beside, policy } = await planned();
    Object.assign(policy, lost);
    expect(await beside()).toEqual({ policyNow });
  });
});

describe('the commits of a plan', () => {
  it('are those that are verified nowhere it goes to, from the repository that was asked for', async () => {
    const { get, own, records, service } = await planned();
    const commits = async () => (await get(`/v1/plans/${own.planHash}/commits`)).body;
    const line = { commit: aCommit(), author: 'https://git.test/shop', at: 5 };
    expect(await commits()).toEqual({ commits: [{ ...line, subject: 'not in ' }], more: false });
    const row = aVerified({ service, commit: aCommit('e'), releaseId: `release/${service}/production/e/1` });
    await records.inventory.record([row]);
    expect(await commits()).toEqual({ commits: [{ ...line, subject: `not in ${aCommit('e')}` }], more: false });
  });

  it('are those that were new when it was made, of a release that has ended', async () => {
    const { get, id, own, stored, ends, records } = await planned();
    const then = await stored('then', { commit: aCommit('d') });
    await keepPlanHash(records.plans, id, own.planHash, {
      comparedWith: { planHash: then.planHash, releaseId: 'r', verifiedAt: 5 },
    });
    await ends('verified');
    const at = `/v1/plans/${own.planHash}/commits?release=${encodeURIComponent(id)}`;
    expect((await get(at)).body).toMatchObject({ commits: [{ subject: `not in ${aCommit('d')}` }] });
  });

  it('are not told where nobody has kept what was verified then', async () => {
    const { get, id, own, ends, records } = await planned();
    await keepPlanHash(records.plans, id, own.planHash);
    await ends('verified');
    const at = `/v1/plans/${own.planHash}/commits?release=${encodeURIComponent(id)}`;
    expect((await get(at)).body).toEqual({ commits: [], more: false, untold: true });
  });

  it('are asked of no repository that nobody has signed', async () => {
    const { get, records, service } = gateway();
    const plan = aPlan({ service, commit: aCommit('c') });
    await records.plans.store(hashOfPlan(plan), plan);
    expect((await get(`/v1/plans/${hashOfPlan(plan)}/commits`)).status).toBe(404);
  });
});

describe('a plan, by the release that it is of', () => {
  it('is shown beside what is verified now while the release goes on, and beside what was verified when it was made once that has ended', async () => {
    const { id, own, stored, beside, ends, records, service } = await planned();
    const then = await stored('then');
    const last = {
      planHash: then.planHash,
      releaseId: `release/${service}/production/${aCommit('e')}/1`,
      verifiedAt: 5,
    };
    await records.inventory.record([aVerified({ service, planHash: own.planHash, releaseId: id, verifiedAt: 900 })]);
    await keepPlanHash(records.plans, id, own.planHash, { comparedWith: last });
    expect(await beside()).toMatchObject({ verified: own });
    await ends('verified');
    expect(await beside()).toEqual({ verified: { ...last, plan: then.plan } });
    expect(await beside('')).toMatchObject({ verified: own });
  });

  it.each([
    ['nothing was verified then', 'nothing' as const, {}],
    ['nobody has kept what was', undefined, { untold: true }],
  ])('is shown beside nothing where %s', async (_what, comparedWith, answer) => {
    const { id, own, beside, ends, records } = await planned();
    await keepPlanHash(records.plans, id, own.planHash, { ...(comparedWith && { comparedWith }) });
    await ends('rejected');
    expect(await beside()).toEqual(answer);
  });

  it('is shown beside nothing where another plan of it was the last', async () => {
    const { id, stored, beside, ends, records } = await planned();
    await keepPlanHash(records.plans, id, (await stored('later')).planHash, { comparedWith: 'nothing' });
    await ends('verified');
    expect(await beside()).toEqual({ untold: true });
  });
});
