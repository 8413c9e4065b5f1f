import { describe, expect, it } from '@jest/globals';
import type { SignedDecision } from '../../domain/contract/decisions.ts';
import { engineQueue, messages } from '../../domain/contract/names.ts';
import { newRunState } from '../../workflows/run-state.ts';
import { idOf } from '../workflows/support/fake-world.ts';
import { useEngineWorkers } from './support/engine-workers.ts';

/** What somebody with access to Temporal, and nothing else, can do to the engine's workers by text that is none. */

const half = '\ud83d';
const mark = '\ufffd';
const { workers, goesOn } = useEngineWorkers();

/** A run that is open for as long as the test is. */
async function anOpenRun() {
  const world = workers().worlds.create();
  world.hold('readRelease');
  const request = world.request();
  await workers().engine.startRelease(request);
  return { world, run: workers().client.workflow.getHandle(idOf(request)) };
}

describe('half of a character', () => {
  it('in what a run is started with ends no engine worker: its lane is told under a name that can be said', async () => {
    const world = workers().worlds.create();
    world.fail('readRelease', 'SLIP-REL-10', 'it is refused');
    const request = { ...world.request(), service: half };
    const id = idOf(world.request());
    await workers().client.workflow.start('deployRelease', {
      taskQueue: engineQueue,
      workflowId: id,
      args: [request, { ...newRunState(id, 1, { request }), joined: true }],
    });
    expect(await workers().outcome(world, id)).toBe('failed');
    const { events } = await workers().client.workflow.getHandle(id).fetchHistory();
    const told = events?.map((one) => one.signalExternalWorkflowExecutionInitiatedEventAttributes?.workflowExecution);
    expect(told?.filter((one) => one).map((one) => one?.workflowId)).toEqual([`lane/${mark}/production`]);
    await goesOn();
  });

  it('in what is sent to a run is refused by it in whole characters', async () => {
    const { world, run } = await anOpenRun();
    const signed = world.sign('abort', { releaseId: half });
    await expect(
      run.executeUpdate<string, [SignedDecision]>(messages.decide, { args: [signed] }),
    ).rejects.toMatchObject({ cause: { message: expect.stringContaining(`it is about ${mark}`) } });
    await goesOn();
  });
});
