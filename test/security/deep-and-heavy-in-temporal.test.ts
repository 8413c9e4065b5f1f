import { describe, expect, it } from '@jest/globals';
import type { WorkflowStartOptions } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { engineQueue, laneId, workflowTypes } from '../../domain/contract/names.ts';
import { dataConverter } from '../../client/whole-characters.ts';
import { ofRun, weigh } from '../../domain/weight.ts';
import { newRunState } from '../../workflows/run-state.ts';
import { useEngineWorkers } from './support/engine-workers.ts';

/** What somebody with access to Temporal, and nothing else, can do to engine workers and gateways by the shape of what they send. */

const { workers, goesOn } = useEngineWorkers();

interface Cause {
  message: string;
  cause?: Cause;
}

/** An error with so many causes, each of the one before. */
function nested(causes: number) {
  let failure: Cause = { message: 'the last' };
  for (let n = 0; n < causes; n += 1) failure = { message: 'x', cause: failure };
  return failure;
}

/** A release in an environment that no worker serves: its step is for whoever takes it. Answers how many causes the step's failure has. */
async function aStepOfNobody(failing: { causes: number; forGood: boolean }): Promise<string> {
  const { client, worlds } = workers();
  const world = worlds.create();
  const request = { ...world.request(), environment: `nowhere-${failing.causes}` };
  const id = `release/${world.service}/${request.environment}/${'a'.repeat(40)}/1`;
  const read = {
    ...{ artifacts: [], toBuild: [], gates: { images: false, secrets: false, tests: false }, databases: ['db'] },
    ...{ queue: 'fifo', notify: [], onInconclusive: 'hold', holdMs: 1e9 },
  };
  const carried = { ...newRunState(id, 1, { request }), joined: true, done: ['read', 'prepared'], read };
  const args = [request, carried];
  await client.workflow.start(workflowTypes.deployRelease, { taskQueue: engineQueue, workflowId: id, args });
  const { workflowService } = client;
  const { namespace } = client.options;
  const by = { namespace, identity: 'a stranger' };
  const taskQueue = { name: `environment-${request.environment}` };
  const { taskToken } = await client.withDeadline(Date.now() + 120_000, () =>
    workflowService.pollActivityTaskQueue({ ...by, taskQueue }),
  );
  const applicationFailureInfo = { type: 'x', nonRetryable: failing.forGood };
  const failure = { ...nested(failing.causes), applicationFailureInfo };
  await workflowService.respondActivityTaskFailed({ ...by, taskToken, failure });
  return id;
}

describe('a failure nested deeper than anybody writes', () => {
  it('ends no engine worker: what others have asked for goes on', async () => {
    // The SDK's core reads up to the 95th cause in a history, and hands Node one level more than it has read itself.
    for (const causes of [93, 94, 95, 96]) await aStepOfNobody({ causes, forGood: true });
    await goesOn();
  });

  it('of a step that is tried again keeps nobody from looking at its run', async () => {
    const id = await aStepOfNobody({ causes: 99, forGood: false });
    expect(await workers().engine.look(id)).toMatchObject({ open: true, pending: [{ lastFailure: 'x' }] });
  });
});

describe('a run that is started with more than any of ours', () => {
  const junk = Array.from({ length: 200_000 }, () => ({}));
  it.each([
    [workflowTypes.deployRelease, 'release/heavy/nowhere/1', [{ junk }]],
    [workflowTypes.rollBackRelease, 'rollback/heavy/nowhere/1', [{ junk }]],
    [workflowTypes.deployRelease, 'release/heavy/nowhere/2', [{}, Array.from({ length: 101_000 }, () => 1)]],
    [workflowTypes.environmentLane, laneId({ service: 'heavy', environment: 'nowhere' }), [{ carried: { junk } }]],
  ])('ends at once, and is kept by no worker: %s %s', async (type, workflowId, args) => {
    const run = await workers().client.workflow.start(type, { taskQueue: engineQueue, workflowId, args });
    await expect(run.result()).rejects.toMatchObject({
      cause: { type: 'SLIP-REL-5', message: expect.stringContaining('what no run is started with') },
    });
  });

  it.each<[string, Partial<WorkflowStartOptions>]>([
    ['a memo', { memo: { x: junk.slice(0, 1_000) } }],
    ['words beside it', { memo: { x: 'x'.repeat(1_001) } }],
  ])('is one with %s: ours have none', async (_what, beside) => {
    const { client, worlds } = workers();
    const world = worlds.create();
    const workflowId = `release/${world.service}/nowhere/${'a'.repeat(40)}/1`;
    const about = { taskQueue: engineQueue, workflowId, args: [world.request()], ...beside };
    const run = await client.workflow.start(workflowTypes.deployRelease, about);
    await expect(run.result()).rejects.toMatchObject({ cause: { type: 'SLIP-REL-5' } });
  });

  it('is not the state of a large shop that goes on in a new run', async () => {
    const request = { service: 'shop', environment: 'production' } as Parameters<typeof newRunState>[2]['request'];
    const state = newRunState('release/shop/production/c/1', 1, { request });
    const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/core@sha256:${'a'.repeat(64)}`;
    const regions = Array.from({ length: 50 }, (_, r) => ({
      ...{ region: `region-${r}`, phase: 'verified', note: 'all of it is well' },
      components: Array.from({ length: 100 }, (_, c) => ({
        component: `component-${c}`,
        phase: 'verified',
        image,
        checks: [],
      })),
    }));
    const carried = { ...state, status: { ...state.status, regions } };
    expect(weigh([request, carried], ofRun)).toBeUndefined();
    const payload = defaultPayloadConverter.toPayload(carried);
    for (const codec of dataConverter.payloadCodecs!) expect(await codec.decode([payload])).toEqual([payload]);
  });
});
