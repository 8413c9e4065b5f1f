import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createTemporalLanes } from '../../activities/lanes/temporal-lanes.ts';
import { connectClient } from '../../client/connection.ts';
import { createEngine } from '../../client/engine.ts';
import { deploymentName, engineQueue, searchAttributes } from '../../domain/contract/names.ts';
import { cacheDirectory } from '../../lab/kubernetes/cache.ts';
import { startTemporal } from '../../lab/services/temporal.ts';
import { workflowBundle } from '../../workers/bundle.ts';
import { makeCurrent } from '../../workers/make-current.ts';
import { guardedSteps } from '../support/guarded-steps.ts';
import { stepQueues } from '../support/step-queues.ts';
import { eventually } from '../workflows/support/eventually.ts';
import { FakeWorlds } from '../workflows/support/fake-world.ts';
import { LanePlay } from '../support/lane-play.ts';
import { laneScenarios } from './lane-scenarios.ts';
import { recordStates } from './record-states.ts';
import { scenarios } from './scenarios.ts';
import type { Actor } from './scenarios.ts';
import { stateScenarios } from './state-scenarios.ts';

/**
 * Records histories from a real server with worker versioning, into `histories/<version of package.json>/`, with a manifest of what is there:
 *
 *   node test/replay/record.ts                      all of them
 *   node test/replay/record.ts verified lane-queue  these; the others stay
 *   node test/replay/record.ts lanes | releases     all of one kind
 *
 * `states`, or the name of one: what runs carry when they continue as new, into `states/<version>/`.
 *
 * As often as the workflows change before a version is released, and never again for that version.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
/** Where the packages really are: they may be linked to from here. */
const packages = `${dirname(await realpath(join(root, 'node_modules')))}/`;

async function main(asked: string[]): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const target = join(root, 'test/replay/histories', version);
  await mkdir(target, { recursive: true });
  const chosen = <T>(kind: string, all: Record<string, T>): [string, T][] =>
    Object.entries(all).filter(([name]) => asked.length === 0 || asked.includes(kind) || asked.includes(name));

  const releases = chosen('releases', scenarios);
  await onServer({}, releases.length, async (actor, client) => {
    for (const [name, play] of releases) {
      const id = await play(actor);
      await actor.ended(id);
      await keepRuns(client, id, target, name);
    }
  });
  const lanes = chosen('lanes', laneScenarios);
  // A lane would continue as new after thousands of events.
  await onServer({ 'limit.historyCount.suggestContinueAsNew': '60' }, lanes.length, async (actor, client) => {
    await Promise.all(
      lanes.map(async ([name, scenario]) => {
        const play = new LanePlay({ client, engine: actor.engine, lanes: actor.lanes, world: actor.world() });
        await scenario(play);
        await keepRuns(client, play.id, target, name);
      }),
    );
  });
  const states = chosen('states', stateScenarios);
  if (states.length > 0) await recordStates(states, join(root, 'test/replay/states', version));
  const files = (await readdir(target)).filter((file) => file !== 'manifest.json').sort();
  const manifest = Object.fromEntries(files.map((file) => [file, file.startsWith('lane-') ? 'lane' : 'release']));
  await writeFile(join(target, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Keeps the history of each run of this workflow id: `name`, or `name-1`, `name-2`… where there are several, the oldest first. */
async function keepRuns(client: Client, workflowId: string, target: string, name: string): Promise<void> {
  const runs: { runId: string; startTime: Date }[] = [];
  for await (const { runId, startTime } of client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
    runs.push({ runId, startTime });
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  const isOurs = new RegExp(`^${name}(-\\d+)?\\.json$`);
  for (const file of await readdir(target)) if (isOurs.test(file)) await rm(join(target, file));
  for (const [n, { runId }] of runs.entries()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    // Stack traces name the files of this machine: where the checkout stands is nobody's business, and replay does not look at it.
    const text = JSON.stringify(JSON.parse(historyToJSON(history)))
      .replaceAll(`file://${root}`, '')
      .replaceAll(root, '')
      .replaceAll(packages, '');
    const file = runs.length === 1 ? `${name}.json` : `${name}-${n + 1}.json`;
    await writeFile(join(target, file), `${text}\n`);
    console.log(`${file}: ${history.events?.length} events of ${workflowId}`);
  }
}

/** Starts a server and its workers, with fake steps, for as long as `record` takes. */
async function onServer(
  settings: Record<string, string>,
  count: number,
  record: (actor: Actor, client: Client) => Promise<void>,
): Promise<void> {
  if (count === 0) return;
  const directory = await mkdtemp(join(tmpdir(), 'slipway-replay-'));
  const server = await startTemporal({
    directory,
    ui: false,
    searchAttributes: Object.values(searchAttributes),
    settings,
    progress: () => {},
  });
  const client = await connectClient({ address: server.address, namespace: 'default' });
  const connection = await NativeConnection.connect({ address: server.address });
  const lanes = createTemporalLanes({ client });
  const worlds = new FakeWorlds(
    () => lanes,
    () => Promise.resolve(Date.now()),
  );
  const { codePath, buildId } = await workflowBundle(cacheDirectory());
  const named = { deploymentName, buildId };
  const common = { connection, activities: worlds.steps(), interceptors: guardedSteps };
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
    await record(actorOn(client, worlds), client);
  } finally {
    for (const worker of workers) worker.shutdown();
    await Promise.allSettled(runs);
    await connection.close();
    await client.connection.close();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function actorOn(client: Client, worlds: FakeWorlds): Actor {
  const engine = createEngine({ client });
  return {
    engine,
    lanes: createTemporalLanes({ client }),
    world: (spec) => worlds.create(spec),
    eventually,
    ended: (id) =>
      client.workflow
        .getHandle(id)
        .result()
        .then(
          () => undefined,
          () => undefined,
        ),
    until: (id, stage) =>
      eventually(`${id} to be ${stage}`, async () => {
        const seen = await engine.status(id);
        if (seen?.stage === 'done' && stage !== 'done') throw new Error(`${id} ended: ${seen.doing}`);
        return seen?.stage === stage ? { ...(seen.planHash && { planHash: seen.planHash }) } : undefined;
      }),
  };
}

await main(process.argv.slice(2));
