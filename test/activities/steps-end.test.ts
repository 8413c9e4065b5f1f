import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import type { Notification } from '../../activities/notify/port.ts';
import { createRecordEnd } from '../../activities/steps/record-end.ts';
import type { EngineSteps } from '../../activities/steps/types.ts';
import { orderOfRollback } from '../../domain/contract/names.ts';
import { anImage, aPlan, aVerified } from '../domain/builders.ts';
import {
  aReleaseThatMayAct,
  aRollbackOf,
  aRollbackOfBroken,
  authorizing,
  goesBackTo,
} from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { usePostgres } from '../support/postgres.ts';
import { openSeparated } from '../support/postgres-roles.ts';
import type { SeparatedRecords } from '../support/postgres-roles.ts';

const postgres = usePostgres();
/** As their owner sees them, and as the steps of an engine worker do. */
let records: Records;
let separated: SeparatedRecords;
beforeAll(async () => {
  separated = await openSeparated(postgres);
  records = separated.owner;
});
afterAll(() => separated?.close());

type End = Parameters<EngineSteps['recordEnd']>[0];

const anEnd = ({ authority: { releaseId } }: ActingRun, outcome: string, more: Partial<End> = {}): End => ({
  releaseId,
  result: { outcome, summary: `it ended ${outcome}`, artifacts: [], regions: [], timings: [] },
  notify: [],
  ...more,
});

/** How this run ends, as an activity of its own. */
function end(run: ActingRun, input: End): ReturnType<EngineSteps['recordEnd']> {
  const notifierFor = () => ({ notify: () => Promise.reject(new Error('the chat is away')) });
  return run.act(createRecordEnd({ ...authorizing(separated.engine), notifierFor, now: () => 9_000 }), input);
}

const inventoryOf = async ({ lane }: ActingRun) => (await records.inventory.current(lane)).map((row) => row.releaseId);

describe('the end of a run', () => {
  it('is recorded with its result, whoever can be told', async () => {
    const run = await aReleaseThatMayAct(records);
    await end(run, anEnd(run, 'failed', { report: { log: [] } }));
    expect(await records.attempts.find(run.authority.releaseId)).toMatchObject({ outcome: 'failed', endedAt: 9_000 });
    expect(await records.plans.kept(run.authority.releaseId, 'result')).toMatchObject({ outcome: 'failed' });
  });

  it.each([
    ['verified', 'info'],
    ['unproven', 'warning'],
    ['failed', 'problem'],
    ['an outcome of a newer version', 'warning'],
  ])('is told to people as what it is: %s, %s', async (outcome, level) => {
    const onFailure = { ...aPlan().onFailure, onInconclusive: 'go-on' } as const;
    const run = await aReleaseThatMayAct(records, { plan: { onFailure } });
    if (outcome === 'verified')
      await records.inventory.record([aVerified({ ...run.lane, releaseId: run.authority.releaseId })]);
    const told: Notification[] = [];
    const notifierFor = () => ({ notify: async (message: Notification) => void told.push(message) });
    await run.act(
      createRecordEnd({ ...authorizing(separated.engine), notifierFor, now: () => 9_000 }),
      anEnd(run, outcome),
    );
    expect(told.map((message) => message.level)).toEqual([level]);
  });

  it('is the same when it is said again, as after a lost reply', async () => {
    const run = await aReleaseThatMayAct(records);
    await records.inventory.record([aVerified({ ...run.lane, releaseId: run.authority.releaseId })]);
    await goesBackTo(run, { records, image: anImage('core', '0') });
    const input = anEnd(run, 'rolled-back', { revoke: { releaseId: run.authority.releaseId, regions: ['de'] } });
    await end(run, input);
    await end(run, input);
    expect(await inventoryOf(run)).toEqual([]);
  });

  it('cannot be another one afterwards, nor take anything back with it', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    await records.inventory.record([aVerified({ ...run.lane, releaseId })]);
    await end(run, anEnd(run, 'verified'));
    const revoke = { releaseId, regions: ['de'] };
    await expect(end(run, anEnd(run, 'rolled-back', { revoke }))).rejects.toThrow('SLIP-REC');
    await expect(end(run, anEnd(run, 'verified', { revoke }))).rejects.toThrow('SLIP-REL-1');
    const forged = anEnd(run, 'verified');
    const otherPlan = { ...forged, result: { ...forged.result, planHash: 'f'.repeat(64) } };
    await expect(end(run, otherPlan)).rejects.toThrow('SLIP-REC-2');
    expect(await inventoryOf(run)).toEqual([releaseId]);
    expect(await records.plans.kept(releaseId, 'result')).toMatchObject({ outcome: 'verified' });
  });

  it('of a rollback revokes the release that was ordered to be undone, and no other', async () => {
    const release = await aReleaseThatMayAct(records);
    const { releaseId } = release.authority;
    await records.inventory.record([aVerified({ ...release.lane, releaseId })]);
    const rollback = await aRollbackOf(release, { records, regions: ['de'] });
    const revoking = (id: string) => anEnd(rollback, 'rolled-back', { revoke: { releaseId: id, regions: ['de'] } });
    await expect(end(rollback, revoking(releaseId))).rejects.toThrow('SLIP-REL-1');
    await goesBackTo(rollback, { records, image: anImage('core', '0') });
    await expect(end(rollback, revoking('release/another'))).rejects.toThrow('SLIP-REL-1');
    await expect(
      end(rollback, anEnd(rollback, 'rolled-back', { revoke: { releaseId, regions: ['de', 'nl'] } })),
    ).rejects.toThrow('SLIP-REL-1');
    await end(rollback, revoking(releaseId));
    expect(await inventoryOf(release)).toEqual([]);
    await expect(end(rollback, anEnd(rollback, 'failed'))).rejects.toThrow('SLIP-REC-2');
  });

  it('of a rollback that a breach has led to revokes the release that was seen broken, and no other', async () => {
    const release = await aReleaseThatMayAct(records);
    const { releaseId } = release.authority;
    await records.inventory.record([aVerified({ ...release.lane, releaseId })]);
    const rollback = await aRollbackOfBroken(release, { records, regions: ['de'] });
    const revoking = (id: string) => anEnd(rollback, 'rolled-back', { revoke: { releaseId: id, regions: ['de'] } });
    await goesBackTo(rollback, { records, image: anImage('core', '0') });
    await expect(end(rollback, revoking(releaseId))).rejects.toThrow('SLIP-REL-1');
    await records.breaches.record(rollback.breach);
    await expect(end(rollback, revoking('release/another'))).rejects.toThrow('SLIP-REL-1');
    await end(rollback, revoking(releaseId));
    expect(await inventoryOf(release)).toEqual([]);
  });

  it('revokes nothing where the run has changed nothing: an order that no step would carry out is none here either', async () => {
    const release = await aReleaseThatMayAct(records);
    const { releaseId } = release.authority;
    const rollback = await aRollbackOf(release, { records, regions: ['de'] });
    await records.decisions.refuse(orderOfRollback(rollback.authority.releaseId)!, 'nobody took it');
    await goesBackTo(rollback, { records, image: anImage('core', '0'), undoing: release });
    await end(rollback, anEnd(rollback, 'rolled-back', { revoke: { releaseId, regions: ['de'] } }));
    expect(await inventoryOf(release)).toEqual([releaseId]);
  });

  it('is not written for another run', async () => {
    const [run, other] = [await aReleaseThatMayAct(records), await aReleaseThatMayAct(records)];
    await expect(end(run, anEnd(other, 'aborted'))).rejects.toThrow('SLIP-REL-1');
  });
});
