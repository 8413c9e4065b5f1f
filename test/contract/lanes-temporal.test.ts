import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createTemporalLanes } from '../../activities/lanes/temporal-lanes.ts';
import type { LaneSteps, LocalSteps } from '../../activities/steps/types.ts';
import type { SignedLaneOrder } from '../../domain/contract/lane.ts';
import { deploymentName, engineQueue, laneId, messages, searchAttributes } from '../../domain/contract/names.ts';
import type { LaneStatus } from '../../domain/contract/status.ts';
import { cacheDirectory } from '../../lab/kubernetes/cache.ts';
import { startTemporal } from '../../lab/services/temporal.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import { makeCurrent } from '../../workers/setup.ts';
import { describeLanes } from './lanes.suite.ts';

/** Records and signatures are not the point here: a lane that begins anew, remembers nothing, and believes everybody. */
const laneSteps: LaneSteps & Pick<LocalSteps, 'verifyOrder'> = {
  beginLane: async () => ({ incarnation: 1, sequence: 0, closures: [], waiting: [] }),
  recordLane: async () => ({ written: true }),
  lookAtHolder: async () => ({ open: true }),
  verifyOrder: async () => true,
};

describeLanes('Temporal', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-lanes-'));
  await chmod(directory, 0o755);
  const temporal = await startTemporal({
    directory,
    ui: false,
    searchAttributes: Object.values(searchAttributes),
    progress: () => undefined,
  });
  const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  const connection = await NativeConnection.connect({ address: temporal.address });
  const { codePath, buildId } = await workflowBundle(cacheDirectory());
  const version = { deploymentName, buildId };
  const worker = await Worker.create({
    connection,
    taskQueue: engineQueue,
    workflowBundle: { codePath },
    activities: { ...laneSteps },
    // The lane asks to move to the current version by itself, which only a versioned worker can promise.
    workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
  });
  const running = worker.run();
  await makeCurrent(client, version);
  return {
    lanes: createTemporalLanes({ client }),
    places: async (lane) => {
      // An Update is answered after everything that came before it; a query may look too early.
      const handle = client.workflow.getHandle(laneId(lane));
      const order = {
        id: randomUUID(),
        lane,
        by: 'test',
        at: 1,
        reason: 'test',
        kind: 'unfreeze',
        lifts: 'none',
      } as const;
      const { queue } = await handle.executeUpdate<LaneStatus, [SignedLaneOrder]>(messages.orderLane, {
        args: [{ order, keyId: 'key-1', signature: 'c2lnbmF0dXJl' }],
      });
      return queue.map((member) => member.releaseId);
    },
    openRun: async (releaseId) => {
      // Nobody works on this queue: the run stays as it is.
      const handle = await client.workflow.start('deployRelease', {
        workflowId: releaseId,
        taskQueue: 'nobody',
        args: [],
      });
      return { end: async () => void (await handle.terminate()) };
    },
    tearDown: async () => {
      worker.shutdown();
      await running;
      await connection.close();
      await client.connection.close();
      await temporal.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
});
