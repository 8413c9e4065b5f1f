import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import { createEngineSteps } from '../../activities/steps/engine-steps.ts';
import type { EngineDependencies } from '../../activities/steps/engine-steps.ts';
import { createRecordEnd } from '../../activities/steps/record-end.ts';
import { refuseOtherThan, touching } from '../../activities/steps/touching.ts';
import { aRunAskedFor } from '../contract/records-builders.ts';
import { aReleaseThatMayAct, authorizing } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** As their owner sees them, and as the steps of an engine worker do. */
const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

const silent = new DefaultLogger('ERROR', () => undefined);

/** A step of one of Temporal's runs of this workflow id. */
function inRun<Answer>(workflowId: string, runId: string, step: () => Promise<Answer>): Promise<Answer> {
  const environment = new MockActivityEnvironment({ workflowExecution: { workflowId, runId } }, { logger: silent });
  return environment.run(step);
}

const touch = (workflowId: string, runId: string, what: string) =>
  inRun(workflowId, runId, () => touching({ records: separated.environment, now: () => 1 }, what));

describe('what a run has begun to change', () => {
  it('is on record once for each thing, in the order in which it was begun', async () => {
    const id = await aRunAskedFor(records);
    for (const what of ['database shop', 'core in de', 'database shop', 'core in nl']) await touch(id, 'first', what);
    expect(await records.touched.find(id)).toMatchObject({
      runId: 'first',
      what: ['database shop', 'core in de', 'core in nl'],
    });
  });

  it('keeps every other run of the same id from changing anything: one that was reset, or started again', async () => {
    const id = await aRunAskedFor(records);
    await touch(id, 'first', 'core in de');
    const refused = { details: { code: 'SLIP-REL-9', detail: expect.stringContaining('core in de') } };
    await expect(touch(id, 'reset', 'core in nl')).rejects.toMatchObject(refused);
    await expect(inRun(id, 'reset', async () => refuseOtherThan(await records.touched.find(id)))).rejects.toMatchObject(
      refused,
    );
    await expect(
      inRun(id, 'first', async () => refuseOtherThan(await records.touched.find(id))),
    ).resolves.toBeUndefined();
    expect((await records.touched.find(id))?.what).toEqual(['core in de']);
  });

  it('goes over to the run that the first one continued as, however often that is said, and to no other', async () => {
    const id = await aRunAskedFor(records);
    await touch(id, 'first', 'core in de');
    await records.touched.handOver(id, { from: 'first', to: 'second' });
    await records.touched.handOver(id, { from: 'first', to: 'second' });
    await touch(id, 'second', 'core in nl');
    await expect(records.touched.handOver(id, { from: 'first', to: 'third' })).rejects.toMatchObject({
      details: { code: 'SLIP-REL-9' },
    });
    await expect(touch(id, 'first', 'core in fr')).rejects.toMatchObject({ details: { code: 'SLIP-REL-9' } });
  });

  it('goes over to no run that only says that it goes on for the first one: which went before it the server knows', async () => {
    const id = await aRunAskedFor(records);
    await touch(id, 'first', 'core in de');
    const continued = new Map([['second', 'first']]);
    const lanes = { before: ({ runId }: { runId: string }) => Promise.resolve(continued.get(runId)) };
    const deps = { ...authorizing(separated.engine), lanes } as unknown as EngineDependencies;
    const { takeOver } = createEngineSteps(deps);
    const goesOn = (runId: string, from: string) => inRun(id, runId, () => takeOver({ releaseId: id, from }));
    await expect(goesOn('started anew', 'first')).rejects.toMatchObject({ details: { code: 'SLIP-REL-9' } });
    await goesOn('second', 'whatever it says');
    await goesOn('second', 'whatever it says');
    expect((await records.touched.find(id))?.runId).toBe('second');
    await expect(goesOn('started anew', 'second')).rejects.toMatchObject({ details: { code: 'SLIP-REL-9' } });
  });

  it('is nothing to hand over where nothing was changed', async () => {
    const id = randomUUID();
    await records.touched.handOver(id, { from: 'first', to: 'second' });
    expect(await records.touched.find(id)).toBeUndefined();
  });

  it('decides how a run has ended that believes that nothing was changed', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    await touch(releaseId, 'first', 'core in de');
    const recordEnd = createRecordEnd({
      ...authorizing(separated.engine),
      notifierFor: () => ({ notify: () => Promise.resolve() }),
      now: () => 9_000,
    });
    const result = { outcome: 'failed', summary: 'no build', artifacts: [], regions: [], timings: [] };
    const end = await run.act(recordEnd, { releaseId, result, notify: [] });
    expect(end).toEqual({
      outcome: 'halted',
      summary: 'no build; but an earlier run under this id had changed something: look at what it left behind',
    });
    expect(await records.attempts.find(releaseId)).toMatchObject({ outcome: 'halted' });
  });
});
