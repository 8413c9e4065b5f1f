import { Worker } from '@temporalio/worker';
import { createTemporalLanes } from '../../../activities/lanes/temporal-lanes.ts';
import { createEngine } from '../../../client/engine.ts';
import type { Engine } from '../../../client/engine.ts';
import { engineQueue, searchAttributes } from '../../../domain/contract/names.ts';
import { cacheDirectory } from '../../../lab/kubernetes/cache.ts';
import { workflowBundle } from '../../../workers/bundle.ts';
import { guardedSteps } from '../../support/guarded-steps.ts';
import { stepQueues } from '../../support/step-queues.ts';
import { beQuiet } from './quiet.ts';
import { FakeWorlds } from './fake-world.ts';
import { startTimeSkipping } from './time-skipping.ts';
import type { TimeSkipping } from './time-skipping.ts';

/** The real workflows on a server that skips time; what their steps do is fake. */
export interface FakeTemporal {
  env: TimeSkipping;
  engine: Engine;
  worlds: FakeWorlds;
  /** The workflows as they are executed. */
  codePath: string;
  stop(): Promise<void>;
}

/** `IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD` in Temporal's API. */
const keyword = 2;

/** Starts the server, and one worker per task queue. The caller shuts down the SDK's `Runtime` when it is done with all of them. */
export async function startFakeTemporal(): Promise<FakeTemporal> {
  beQuiet();
  const env = await startTimeSkipping();
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(Object.values(searchAttributes).map((name) => [name, keyword])),
  });
  const worlds = new FakeWorlds(
    () => createTemporalLanes({ client: env.client }),
    () => env.currentTimeMs(),
  );
  const { codePath } = await workflowBundle(cacheDirectory());
  const common = {
    connection: env.nativeConnection,
    activities: worlds.steps(),
    interceptors: guardedSteps,
    shutdownGraceTime: 0,
  };
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: engineQueue, workflowBundle: { codePath } }),
    ...stepQueues.map((taskQueue) => Worker.create({ ...common, taskQueue })),
  ]);
  const runs = workers.map((worker) => worker.run());
  return {
    env,
    engine: createEngine({ client: env.client }),
    worlds,
    codePath,
    async stop() {
      worlds.releaseAll();
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
      await env.stop();
    },
  };
}
