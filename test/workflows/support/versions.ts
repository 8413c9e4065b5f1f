import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createTemporalLanes } from '../../../activities/lanes/temporal-lanes.ts';
import { connectClient } from '../../../client/connection.ts';
import { createEngine } from '../../../client/engine.ts';
import type { Engine } from '../../../client/engine.ts';
import { deploymentName, engineQueue, searchAttributes } from '../../../domain/contract/names.ts';
import { cacheDirectory } from '../../../lab/kubernetes/cache.ts';
import { startTemporal } from '../../../lab/services/temporal.ts';
import { workflowBundle } from '../../../workers/bundle.ts';
import { makeCurrent } from '../../../workers/make-current.ts';
import { guardedSteps } from '../../support/guarded-steps.ts';
import { stepQueues } from '../../support/step-queues.ts';
import { FakeWorlds } from './fake-world.ts';
import { beQuiet } from './quiet.ts';

/** A real server with worker versioning, and fake steps behind it. */
export interface VersionedServer {
  client: Client;
  engine: Engine;
  worlds: FakeWorlds;
  /** Starts an engine worker of this version; resolves to what stops it. */
  start(buildId: string): Promise<() => Promise<void>>;
  /** The same, and it becomes the current one. */
  upgrade(buildId: string): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

/** `settings`: dynamic configuration of the server, by key. */
export async function startVersionedServer(settings: Record<string, string> = {}): Promise<VersionedServer> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-versions-'));
  const attributes = Object.values(searchAttributes);
  const server = await startTemporal({
    directory,
    ui: false,
    searchAttributes: attributes,
    settings,
    progress: () => {},
  });
  beQuiet();
  const client = await connectClient({ address: server.address, namespace: 'default' });
  const connection = await NativeConnection.connect({ address: server.address });
  const lanes = createTemporalLanes({ client });
  const worlds = new FakeWorlds(
    () => lanes,
    () => Promise.resolve(Date.now()),
  );
  const { codePath } = await workflowBundle(cacheDirectory());
  const common = { connection, activities: worlds.steps(), interceptors: guardedSteps };
  const stops: (() => Promise<void>)[] = [];
  const run = (worker: Worker): (() => Promise<void>) => {
    const ended = worker.run();
    const stop = async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await ended;
    };
    stops.push(stop);
    return stop;
  };
  for (const taskQueue of stepQueues) run(await Worker.create({ ...common, taskQueue }));
  const start = async (buildId: string) => {
    const version = { deploymentName, buildId };
    return run(
      await Worker.create({
        ...common,
        taskQueue: engineQueue,
        workflowBundle: { codePath },
        workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
      }),
    );
  };
  return {
    client,
    engine: createEngine({ client }),
    worlds,
    start,
    async upgrade(buildId) {
      const stop = await start(buildId);
      await makeCurrent(client, { buildId });
      return stop;
    },
    async stop() {
      worlds.releaseAll();
      await Promise.all(stops.map((stop) => stop()));
      await connection.close();
      await client.connection.close();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
