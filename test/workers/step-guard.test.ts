import { describe, expect, it } from '@jest/globals';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { rollbackId } from '../../domain/contract/names.ts';
import { stepGuard } from '../../workers/step-guard.ts';
import { aReleaseId } from '../domain/builders.ts';

const rollback = rollbackId({ service: 'shop', environment: 'production' }, 'order-1');

/** Has a workflow call a step that answers `done`. */
async function call(workflowId: string, workflowType: string, activityType: string): Promise<unknown> {
  const info = { workflowExecution: { workflowId, runId: 'run' }, workflowType, activityType };
  const guard = stepGuard({ info } as Context);
  return guard.execute?.({ args: [], headers: {} }, () => Promise.resolve('done'));
}

describe('the guard of steps', () => {
  it('lets a run call the steps of its kind', async () => {
    expect(await call(aReleaseId(), 'deployRelease', 'startMigration')).toBe('done');
    expect(await call(rollback, 'rollBackRelease', 'applyComponent')).toBe('done');
  });

  it.each([
    [rollback, 'rollBackRelease', 'startMigration', 'a rollback may not call startMigration'],
    [aReleaseId(), 'sideDoor', 'announce', 'is no run that may call steps'],
  ])('refuses %s of type %s to call %s, for good', async (id, type, step, reason) => {
    const error: unknown = await call(id, type, step).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApplicationFailure);
    expect(error).toMatchObject({ type: 'SLIP-REL-10', nonRetryable: true, message: expect.stringContaining(reason) });
    expect(error).toMatchObject({
      details: [{ code: 'SLIP-REL-10', blame: 'operator', detail: expect.stringContaining(reason) }],
    });
  });
});
