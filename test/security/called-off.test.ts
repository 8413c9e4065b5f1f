import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { Records } from '../../activities/records/port.ts';
import { createKeyPair, createSigner } from '../../activities/shared/signatures.ts';
import { authorize } from '../../activities/steps/authorize.ts';
import { createRecordEnd } from '../../activities/steps/record-end.ts';
import { touching } from '../../activities/steps/touching.ts';
import { releaseId, rollbackId } from '../../domain/contract/names.ts';
import type { LaneKey } from '../../domain/contract/names.ts';
import { aCommit, aDecision, anImage } from '../domain/builders.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing, decided, goesBackTo } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const goBack = (run: ActingRun) =>
  run.act(
    () => authorize(run.authority, authorizing(separated.environment), { purpose: 'roll-back', regions: ['de'] }),
    undefined,
  );

async function aRollback(): Promise<ActingRun> {
  const release = await aReleaseThatMayAct(records);
  return aRollbackOf(release, { records, regions: ['de'] });
}

describe('a rollback that was ordered', () => {
  it('does nothing any more once somebody has called it off, whether its run has heard of it or not', async () => {
    const rollback = await aRollback();
    await expect(goBack(rollback)).resolves.toBeDefined();
    await decided(rollback, { records, kind: 'abort' });
    await expect(goBack(rollback)).rejects.toMatchObject({ details: { code: 'SLIP-REL-13' } });
  });

  it('does nothing any more once somebody has called it off who may decide nothing by now: the gateway has let them', async () => {
    const rollback = await aRollback();
    await decided(rollback, { records, kind: 'abort', by: { id: 'ola', groups: ['on-call'], via: 'token' } });
    await expect(goBack(rollback)).rejects.toMatchObject({
      details: { code: 'SLIP-REL-13', detail: 'ola has called it off: abort' },
    });
  });

  it.each(['abort', 'reject', 'roll-back'] as const)('goes on where no gateway has signed the %s', async (kind) => {
    const rollback = await aRollback();
    const { releaseId, planHash } = rollback.authority;
    const { privateKeyPem } = createKeyPair();
    const forged = createSigner(privateKeyPem).sign(aDecision(kind, { id: randomUUID(), releaseId, planHash }));
    await records.decisions.store(forged);
    await expect(goBack(rollback)).resolves.toBeDefined();
  });

  it('goes on to its end where it had begun: what is half back is not left', async () => {
    const release = await aReleaseThatMayAct(records);
    const rollback = await aRollbackOf(release, { records, regions: ['de'] });
    await goesBackTo(rollback, { records, image: anImage('core', '1'), undoing: release });
    await decided(rollback, { records, kind: 'abort' });
    await expect(goBack(rollback)).resolves.toBeDefined();
  });

  it('is not called off by a no to another rollback of the same release', async () => {
    const release = await aReleaseThatMayAct(records);
    const first = await aRollbackOf(release, { records, regions: ['de'] });
    await decided(first, { records, kind: 'abort' });
    await expect(goBack(await aRollbackOf(release, { records, regions: ['de'] }))).resolves.toBeDefined();
  });
});

describe('the end of a run that nobody has started', () => {
  const ends = () =>
    createRecordEnd({
      ...authorizing(separated.engine),
      notifierFor: () => ({ notify: () => Promise.resolve() }),
      now: () => 9_000,
    });

  it.each([
    [
      'a release that no gateway has heard of',
      (lane: LaneKey) => releaseId({ ...lane, commit: aCommit(), attempt: 9 }),
    ],
    ['a rollback that nobody has ordered', (lane: LaneKey) => rollbackId(lane, 'no-such-order')],
  ])('is not written down, nor does it leave a hold: %s', async (_what, idOf) => {
    const { lane } = await aReleaseThatMayAct(records);
    const workflowId = idOf(lane);
    const forged = new MockActivityEnvironment({ workflowExecution: { workflowId, runId: randomUUID() } });
    const result = { releaseId: workflowId, outcome: 'halted', summary: 'a text of my choice', regions: [] };
    await expect(forged.run(ends(), { releaseId: workflowId, result } as never)).rejects.toMatchObject({
      details: { code: 'SLIP-REL-10' },
    });
    expect((await records.closings.list(lane)).holds).toEqual([]);
    expect(await records.plans.kept(workflowId, 'result')).toBeUndefined();
  });

  it('is written down where something was changed under its id: that is never without a hold', async () => {
    const run = await aReleaseThatMayAct(records);
    await run.act(() => touching({ records, now: () => 2_000 }, 'core in de'), undefined);
    const { releaseId: id } = run.authority;
    const result = { releaseId: id, outcome: 'halted', summary: 'it broke', regions: [] };
    await run.act(ends(), { releaseId: id, result } as never);
    expect((await records.closings.list(run.lane)).holds).toMatchObject([{ by: id }]);
  });
});
