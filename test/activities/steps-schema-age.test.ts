import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import type { Commit, ReleaseRequest } from '../../domain/contract/release.ts';
import type { Bounds } from '../../domain/plan-bounds.ts';
import { aCommit, aMember, anImage, aPlan, aRequest, aSpec, aVerified } from '../domain/builders.ts';
import { authorizing } from '../support/acting-release.ts';
import { writeHolder } from '../support/lane-holder.ts';
import { policyAround } from '../support/policy-around.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';
import { aSchemaChange } from '../support/rollback-history.ts';

/** As their owner sees them, and as the steps of an engine worker do. */
const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const [older, dropping, fix] = ['1', '2', '3'].map((digit) => aCommit(digit)) as [Commit, Commit, Commit];
/** One after the other on a branch. */
const branch = [older, dropping, fix];
const silent = new DefaultLogger('ERROR', () => undefined);

/** A policy that names what the plans here name. */
const floor: Bounds = { ...policyAround(aPlan()), services: {} };

function steps() {
  const source = {
    descends: ({ commit, ancestor }: { commit: Commit; ancestor: Commit }) =>
      Promise.resolve(branch.includes(ancestor) && branch.indexOf(ancestor) <= branch.indexOf(commit)),
  };
  const registry = { resolve: (image: string) => Promise.resolve(image) };
  const pipeline = {
    policyProblem: () => Promise.resolve(undefined),
    policyOf: () => Promise.resolve({ hash: aSpec().policyHash, floor: {} }),
    floorOf: () => Promise.resolve(floor),
  };
  const { verifier } = authorizing(records);
  return createEngineSteps({
    records: separated.engine,
    verifier,
    source,
    registry,
    pipeline,
    now: () => 1_000,
  } as unknown as EngineDependencies);
}

/** A release of this commit that has been read and checked: it keeps the image that is verified. */
async function aRelease(lane: LaneKey, commit: Commit, changes: Partial<ReleaseRequest> = {}) {
  const { attempt: _n, ...request } = aRequest({ ...lane, commit, ...changes });
  const { attempt } = await records.attempts.open(request, { requestKey: randomUUID(), fresh: true });
  const { releaseId } = attempt;
  const spec = aSpec({ ...lane, scan: { images: false, secrets: false, failOn: [], exceptions: [] } });
  const artifacts = [{ component: 'core', image: anImage('core', '1'), origin: 'unchanged' as const }];
  floor.services[lane.service] = policyAround(aPlan()).services['shop']!;
  await records.plans.keep(releaseId, 'read', { spec, artifacts, toBuild: [] });
  const act = <I, O>(step: (input: I) => Promise<O>, input: I): Promise<O> => {
    const workflowExecution = { workflowId: releaseId, runId: 'run' };
    return new MockActivityEnvironment({ workflowExecution }, { logger: silent }).run(step, input);
  };
  return {
    releaseId,
    plan: () => act(steps().planRelease, { releaseId }),
    judge: async (planHash: string) => {
      await writeHolder(records, lane, { member: aMember(releaseId), ticket: { incarnation: 1, n: 1 }, since: 1 });
      return act(steps().judgePlanDrift, { releaseId, planHash });
    },
    find: (by: string) =>
      new MockActivityEnvironment({ workflowExecution: { workflowId: by, runId: 'run' } }, { logger: silent }).run(
        steps().findRelease,
        { releaseId, by },
      ),
    end: (outcome: string) => records.attempts.conclude(releaseId, { outcome, summary: outcome, endedAt: 900 }),
  };
}

/** A lane in which a release took a column away, had begun to change `de`, and was then ended from outside. */
async function aLaneWithoutTheColumn() {
  const lane = { service: `shop-${randomUUID().slice(0, 8)}`, environment: 'production' };
  await records.inventory.record([aVerified({ ...lane, commit: older, image: anImage('core', '1'), verifiedAt: 500 })]);
  const halted = await aRelease(lane, dropping);
  await halted.plan();
  const drop = async (at = 600) => {
    const { releaseId } = halted;
    await records.schema.record(aSchemaChange({ ...lane, releaseId, contracting: ['0002_drop'], changedAt: at }));
    await records.touched.record({ workflowId: releaseId, runId: 'run', what: 'core in de', at: at + 1 });
  };
  const gap = `main: 0002_drop by ${halted.releaseId}`;
  return { lane, halted, drop, gap };
}

const refused = (gap: string) => ({ details: { code: 'SLIP-REL-11', detail: gap } });

describe('a plan for code that is older than the schema', () => {
  it('is not made: the last verified commit does not come back by a new attempt', async () => {
    const { lane, halted, drop, gap } = await aLaneWithoutTheColumn();
    await drop();
    await halted.end('halted');
    await expect((await aRelease(lane, older)).plan()).rejects.toMatchObject(refused(gap));
  });

  it('is made with --downgrade, says so, and another one is approved than without it', async () => {
    const { lane, halted, drop, gap } = await aLaneWithoutTheColumn();
    const before = await (await aRelease(lane, older)).plan();
    await drop();
    await halted.end('halted');
    const downgrade = await aRelease(lane, older, { downgrade: true });
    const { plan } = await downgrade.plan();
    expect(plan.olderThanSchema).toEqual([gap]);
    expect(plan.hash).not.toBe(before.plan.hash);
    expect(await downgrade.judge(plan.hash)).toEqual({ kind: 'proceed' });
  });

  it('is made for a fix that comes after, and for one more attempt of the same commit', async () => {
    const { lane, halted, drop } = await aLaneWithoutTheColumn();
    await drop();
    await halted.end('halted');
    for (const commit of [fix, dropping])
      expect((await (await aRelease(lane, commit)).plan()).plan).not.toHaveProperty('olderThanSchema');
  });

  it('is made again, without a word, once that code has been verified on the schema as it is', async () => {
    const { lane, halted, drop } = await aLaneWithoutTheColumn();
    await drop();
    await halted.end('halted');
    await records.inventory.record([
      aVerified({ ...lane, commit: older, releaseId: 'release/again', verifiedAt: 700 }),
    ]);
    expect((await (await aRelease(lane, older)).plan()).plan).not.toHaveProperty('olderThanSchema');
  });

  it('is refused too when the schema was changed after the approval', async () => {
    const { lane, halted, drop, gap } = await aLaneWithoutTheColumn();
    const waiting = await aRelease(lane, older);
    const { plan } = await waiting.plan();
    expect(await waiting.judge(plan.hash)).toEqual({ kind: 'proceed' });
    await drop();
    await halted.end('halted');
    const why = `the schema may no longer carry this code (${gap})`;
    expect(await waiting.judge(plan.hash)).toEqual({ kind: 're-approve', why, rebuild: false });
    await expect(waiting.plan()).rejects.toMatchObject(refused(gap));
  });

  it('is left to be superseded while the newer release is on its way, or when it is verified', async () => {
    const { lane, halted, drop, gap } = await aLaneWithoutTheColumn();
    await drop();
    const overtaken = await aRelease(lane, older);
    expect((await overtaken.plan()).plan.olderThanSchema).toEqual([gap]);
    const row = { commit: dropping, releaseId: halted.releaseId, verifiedAt: 800 };
    await records.inventory.record([aVerified({ ...lane, ...row })]);
    await halted.end('verified');
    const { plan } = await overtaken.plan();
    expect(await overtaken.judge(plan.hash)).toMatchObject({ kind: 'superseded', by: halted.releaseId });
  });
});

describe('what a plan says of a component that stays', () => {
  it('is that it is put back, where a halted release may have left something else', async () => {
    const { lane, halted, drop } = await aLaneWithoutTheColumn();
    const { plan: before } = await (await aRelease(lane, fix)).plan();
    expect(before.components).toEqual([{ name: 'core', image: anImage('core', '1'), origin: 'unchanged', needs: [] }]);
    await records.plans.store('of-halted', { components: [{ name: 'core', image: anImage('core', '7') }] } as never);
    await records.plans.keep(halted.releaseId, 'planned', { hash: 'of-halted' });
    await drop();
    await halted.end('halted');
    const { plan, warnings } = await (await aRelease(lane, fix)).plan();
    expect(plan.components).toMatchObject([{ name: 'core', origin: 'unchanged', putBack: ['de'] }]);
    expect(warnings).toContain(`core in de may run 777777777777 of ${halted.releaseId}, which ended halted`);
    expect(plan.hash).toBe(before.hash);
  });

  it.each([
    ['nothing is verified any more', []],
    ['another image is verified', [anImage('core', '5')]],
  ])('is not that it is put back, where %s', async (_what, verified) => {
    const { lane, halted, drop } = await aLaneWithoutTheColumn();
    const release = await aRelease(lane, fix);
    await records.plans.store('of-halted', { components: [{ name: 'core', image: anImage('core', '7') }] } as never);
    await records.plans.keep(halted.releaseId, 'planned', { hash: 'of-halted' });
    await drop();
    await halted.end('halted');
    const rows = (await records.inventory.current(lane)).map(({ releaseId }) => releaseId);
    for (const releaseId of rows) await records.inventory.revoke(releaseId, 'gone', ['de']);
    await records.inventory.record(
      verified.map((image) => aVerified({ ...lane, image, releaseId: 'release/other', verifiedAt: 500 })),
    );
    const { plan, warnings } = await release.plan();
    expect(warnings).toContainEqual(expect.stringContaining('core in de may run 777777777777'));
    expect(plan.components[0]).not.toHaveProperty('putBack');
  });
});

describe('findRelease', () => {
  it('finds the plan of a release that was ended from outside, and the regions that it had changed', async () => {
    const { lane, halted, drop } = await aLaneWithoutTheColumn();
    const { plan } = await halted.plan();
    await drop();
    await halted.end('halted');
    const by = `rollback/${lane.service}/production/order`;
    expect(await halted.find(by)).toMatchObject({ plan: { hash: plan.hash }, touched: ['de'], earlier: [] });
  });

  it('finds nothing to undo of a release that was halted before it had changed a region', async () => {
    const { lane, halted } = await aLaneWithoutTheColumn();
    await halted.end('halted');
    await expect(halted.find(`rollback/${lane.service}/production/order`)).rejects.toMatchObject({
      details: { code: 'SLIP-REL-6', detail: `${halted.releaseId} had changed no region` },
    });
  });
});
