import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { Records } from '../../activities/records/port.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { aCommit, aRegion, aReleaseId, aVerified } from '../domain/builders.ts';
import { aReleaseThatMayAct } from '../support/acting-release.ts';
import { usePostgres } from '../support/postgres.ts';
import { aSchemaChange } from '../support/rollback-history.ts';
import { outlineOfPlan, outlineOfRead } from '../../domain/outline.ts';

const postgres = usePostgres();
let records: Records;
beforeAll(async () => {
  records = await createPostgresRecords({ url: await postgres.freshDatabase() });
});
afterAll(() => records?.close());

const unreachable = (what: string) => () => Promise.reject(new Error(`${what} was asked`));

/** Steps that have the records and nothing else: the repository is gone, and the policy is not what it was. */
function steps() {
  const pipeline = { read: unreachable('the pipeline'), policyOf: unreachable('the policy') };
  const source = { descends: unreachable('git'), changedPaths: unreachable('git') };
  return createEngineSteps({ records, pipeline, source } as unknown as EngineDependencies);
}

describe('chooseRollbacks', () => {
  /** A release that migrated nothing, in whose lane another was verified before it. */
  async function aRelease() {
    const release = await aReleaseThatMayAct(records, { plan: { regions: [aRegion('de')] } });
    const { lane, authority, act } = release;
    await records.inventory.record([aVerified({ ...lane, verifiedAt: 500 })]);
    const { planHash, releaseId } = authority;
    const choose = () => act(steps().chooseRollbacks, { planHash, releaseId, regions: ['de'] });
    return { lane, choose };
  }
  const earlier = aReleaseId(1, aCommit('f'));

  it('refuses after an earlier release that failed has taken away what the old code needs', async () => {
    const { lane, choose } = await aRelease();
    expect(await choose()).toMatchObject([{ kind: 'go' }]);
    await records.schema.record(
      aSchemaChange({ ...lane, releaseId: earlier, contracting: ['0002_weight'], changedAt: 600 }),
    );
    expect(await choose()).toMatchObject([
      { kind: 'refused', region: 'de', why: expect.stringContaining('main: 0002_weight') },
    ]);
  });

  it('does not mind what was done before the old code was verified, or to another service', async () => {
    const { lane, choose } = await aRelease();
    const contracting = { contracting: ['0002_weight'], releaseId: earlier };
    await records.schema.record(aSchemaChange({ ...lane, ...contracting, changedAt: 400 }));
    await records.schema.record(
      aSchemaChange({ ...lane, ...contracting, service: `${lane.service}-other`, changedAt: 600 }),
    );
    expect(await choose()).toMatchObject([{ kind: 'go' }]);
  });
});

describe('findRelease', () => {
  it('answers from the records when the repository is gone and the policy has changed', async () => {
    const { act, authority, plan, spec } = await aReleaseThatMayAct(records);
    const { releaseId, planHash } = authority;
    await records.plans.keep(releaseId, 'result', { outcome: 'verified', summary: 'fine', planHash });
    expect(await act(steps().findRelease, { releaseId, by: releaseId })).toEqual({
      plan: outlineOfPlan(plan, planHash),
      outline: outlineOfRead({ spec, artifacts: [], toBuild: [] }),
      earlier: [],
    });
  });

  it('says of a release that never had a plan that there is nothing to find', async () => {
    const { act, authority } = await aReleaseThatMayAct(records);
    const { releaseId } = authority;
    await records.plans.keep(releaseId, 'result', { outcome: 'failed', summary: 'no build' });
    await expect(act(steps().findRelease, { releaseId, by: releaseId })).rejects.toMatchObject({
      details: { code: 'SLIP-REL-6' },
    });
  });
});
