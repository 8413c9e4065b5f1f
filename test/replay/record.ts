import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createTemporalLanes } from '../../activities/lanes/temporal-lanes.ts';
import { connectClient } from '../../client/connection.ts';
import { createEngine } from '../../client/engine.ts';
import {
  deploymentName,
  engineQueue,
  laneId,
  laneOfRun,
  searchAttributes,
} from '../../domain/contract/names.ts';
import { cacheDirectory } from '../../lab/kubernetes/cache.ts';
import { startTemporal } from '../../lab/services/temporal.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import { makeCurrent } from '../../workers/setup.ts';
import { stepQueues } from '../support/step-queues.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { FakeWorlds } from '../workflows/support/fake-world.ts';
import { scenarios } from './scenarios.ts';
import type { Actor } from './scenarios.ts';

/**
 * Records one history per outcome, and a lane's, from a real server with worker versioning: `node test/replay/record.ts`.
 * Run it once for each released version, and commit what it writes to `histories/<version>/`; never again for that version.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const target = join(root, 'test/replay/histories', process.argv[2] ?? version);
  const directory = await mkdtemp(join(tmpdir(), 'slipway-replay-'));
  const server = await startTemporal({
    directory,
    ui: false,
    searchAttributes: Object.values(searchAttributes),
    progress: () => {},
  });
  const settings = { address: server.address, namespace: 'default' };
  const client = await connectClient(settings);
  const connection = await NativeConnection.connect({ address: server.address });
  const worlds = new FakeWorlds(
    () => createTemporalLanes({ client }),
    () => Promise.resolve(Date.now()),
  );
  const { codePath, buildId } = await workflowBundle(cacheDirectory());
  const named = { deploymentName, buildId };
  const common = { connection, activities: worlds.steps() };
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: engineQueue,
      workflowBundle: { codePath },
      workerDeploymentOptions: { version: named, useWorkerVersioning: true, defaultVersioningBehavior: 'PINNED' },
    }),
    ...stepQueues.map((taskQueue) => Worker.create({ ...common, taskQueue })),
  ]);
  const runs = workers.map((worker) => worker.run());
  try {
    await makeCurrent(client, named);
    const engine = createEngine({ client });
    const ended = (id: string) =>
      client.workflow
        .getHandle(id)
        .result()
        .then(
          () => undefined,
          () => undefined,
        );
    const actor: Actor = {
      engine,
      world: (spec) => worlds.create(spec),
      ended,
      eventually,
      until: (id, stage) =>
        eventually(`${id} to be ${stage}`, async () => {
          const seen = await engine.status(id);
          if (seen?.stage === 'done' && stage !== 'done') throw new Error(`${id} ended: ${seen.doing}`);
          return seen?.stage === stage ? { ...(seen.planHash && { planHash: seen.planHash }) } : undefined;
        }),
    };
    await mkdir(target, { recursive: true });
    const keep = async (id: string, name: string) => {
      const history = await client.workflow.getHandle(id).fetchHistory();
      // Stack traces name the files of this machine: where the checkout stands is nobody's business, and replay does not look at it.
      const text = JSON.stringify(JSON.parse(historyToJSON(history)))
        .replaceAll(`file://${root}`, '')
        .replaceAll(root, '');
      await writeFile(join(target, `${name}.json`), `${text}\n`);
      console.log(`${name}: ${history.events?.length} events of ${id}`);
    };
    for (const [name, play] of Object.entries(scenarios)) {
      const id = await play(actor);
      await ended(id);
      await keep(id, name);
      const lane = laneOfRun(id);
      if (name === 'rollback' && lane) await keep(laneId(lane), 'lane');
    }
  } finally {
    for (const worker of workers) worker.shutdown();
    await Promise.allSettled(runs);
    await connection.close();
    await client.connection.close();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

await main();
