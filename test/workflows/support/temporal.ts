import { inspect } from 'node:util';
import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import { createTemporalLanes } from '../../../activities/lanes/temporal-lanes.ts';
import { createEngine } from '../../../client/engine.ts';
import type { DecisionAnswer, Engine } from '../../../client/engine.ts';
import type { SignedDecision } from '../../../domain/contract/decisions.ts';
import { engineQueue, laneId, searchAttributes } from '../../../domain/contract/names.ts';
import type { ReleaseRequest, ReleaseSpec } from '../../../domain/contract/release.ts';
import type { LaneStatus, ReleaseStatus, Stage } from '../../../domain/contract/status.ts';
import { cacheDirectory } from '../../../lab/kubernetes/cache.ts';
import { workflowBundle } from '../../../workers/bundle.ts';
import { stepQueues } from '../../support/step-queues.ts';
import { eventually } from './eventually.ts';
import { FakeWorlds, idOf } from './fake-world.ts';
import type { FakeWorld } from './fake-world.ts';
import { startTimeSkipping } from './time-skipping.ts';
import type { TimeSkipping } from './time-skipping.ts';

/** One release of a test, as its user sees it. */
export interface TestRun {
  id: string;
  /** The outcome; skips time until the run has ended. */
  outcome(): Promise<string>;
  status(): Promise<ReleaseStatus>;
  /** Resolves once the run is at this stage and, where asked, has said this. */
  until(stage: Stage, said?: RegExp): Promise<ReleaseStatus>;
  approve(): Promise<DecisionAnswer>;
  decide(signed: SignedDecision): Promise<DecisionAnswer>;
}

export interface TestTemporal {
  env(): TimeSkipping;
  engine(): Engine;
  world(spec?: Partial<ReleaseSpec>): FakeWorld;
  start(world: FakeWorld, changes?: Partial<ReleaseRequest>): Promise<TestRun>;
  follow(id: string, world: FakeWorld): TestRun;
  lane(world: FakeWorld): Promise<LaneStatus>;
  untilLane(world: FakeWorld, wanted: (lane: LaneStatus) => boolean): Promise<LaneStatus>;
}

/** `IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD` in Temporal's API. */
const keyword = 2;

/** A Temporal server that skips time, and one worker per task queue, with fake steps, for the test file. */
export function useTemporal(): TestTemporal {
  let env: TimeSkipping | undefined;
  let engine: Engine | undefined;
  let stop: (() => Promise<void>) | undefined;
  const running = () => {
    if (!env) throw new Error('the server runs inside tests only');
    return env;
  };
  const worlds = new FakeWorlds(
    () => createTemporalLanes({ client: running().client }),
    () => running().currentTimeMs(),
  );
  // One for each test: after a workflow was ended whose step was under way, this server may skip no more time.
  beforeEach(async () => {
    try {
      const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
      Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter } } });
    } catch {
      // Another file of this process has done so.
    }
    env = await startTimeSkipping();
    await env.connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: Object.fromEntries(Object.values(searchAttributes).map((name) => [name, keyword])),
    });
    engine = createEngine({ client: env.client });
    const { codePath } = await workflowBundle(cacheDirectory());
    const common = { connection: env.nativeConnection, activities: worlds.steps(), shutdownGraceTime: 0 };
    const workers = await Promise.all([
      Worker.create({ ...common, taskQueue: engineQueue, workflowBundle: { codePath } }),
      ...stepQueues.map((taskQueue) => Worker.create({ ...common, taskQueue })),
    ]);
    const runs = workers.map((worker) => worker.run());
    stop = async () => {
      for (const worker of workers) worker.shutdown();
      await Promise.all(runs);
    };
  });
  afterEach(() => worlds.releaseAll());
  afterEach(async () => {
    await stop?.();
    await env?.stop();
  });
  afterAll(() => Runtime.instance().shutdown());

  const theEngine = () => {
    if (!engine) throw new Error('the server runs inside tests only');
    return engine;
  };
  const follow = (id: string, world: FakeWorld): TestRun => {
    // A query that meets a worker which is busy has no answer; the next one has.
    const status = () => eventually(`${id} to answer`, () => theEngine().status(id));
    const decide = (signed: SignedDecision) => theEngine().decide(id, signed);
    return {
      id,
      status,
      decide,
      async outcome() {
        const ended: unknown = await running()
          .client.workflow.getHandle(id)
          .result()
          .catch((cause: unknown) => cause);
        const recorded = world.outcome(id);
        if (recorded === undefined) throw new Error(`${id} has ended without an outcome: ${inspect(ended)}`);
        return recorded;
      },
      until: (stage, said) =>
        eventually(`${id} to be ${stage}`, async () => {
          const seen = await theEngine().status(id);
          return seen?.stage === stage && (!said || said.test(seen.doing)) ? seen : undefined;
        }),
      async approve() {
        const { planHash = '' } = await this.until('awaiting-approval');
        return decide(world.sign('approve', { releaseId: id, planHash }));
      },
    };
  };
  const key = (world: FakeWorld) => ({ service: world.service, environment: 'production' });
  const lane = (world: FakeWorld) => {
    return eventually(`${laneId(key(world))} to answer`, () => theEngine().laneStatus(key(world)));
  };
  return {
    env: running,
    engine: theEngine,
    world: (spec) => worlds.create(spec),
    follow,
    lane,
    async start(world, changes) {
      const request = world.request(changes);
      await theEngine().startRelease(request);
      return follow(idOf(request), world);
    },
    untilLane: (world, wanted) =>
      eventually(`the lane of ${world.service}`, async () => {
        const seen = await lane(world);
        return wanted(seen) ? seen : undefined;
      }),
  };
}
