import { inspect } from 'node:util';
import { afterAll, afterEach, beforeEach } from '@jest/globals';
import { Runtime } from '@temporalio/worker';
import type { DecisionAnswer, Engine } from '../../../client/engine.ts';
import type { SignedDecision } from '../../../domain/contract/decisions.ts';
import { laneId } from '../../../domain/contract/names.ts';
import type { ReleaseRequest, ReleaseSpec } from '../../../domain/contract/release.ts';
import type { LaneStatus, ReleaseStatus, Stage } from '../../../domain/contract/status.ts';
import { secondTryByLeave } from '../../support/second-try.ts';
import { isAtRest } from './at-rest.ts';
import { eventually } from './eventually.ts';
import { startFakeTemporal } from './fake-temporal.ts';
import type { FakeTemporal } from './fake-temporal.ts';
import { idOf } from './fake-world.ts';
import type { FakeWorld } from './fake-world.ts';
import { leftClean } from './left-clean.ts';
import { lostTasks, skippedToTheEnd } from './lost-tasks.ts';
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
  world(spec?: Partial<ReleaseSpec>, service?: string): FakeWorld;
  start(world: FakeWorld, changes?: Partial<ReleaseRequest>): Promise<TestRun>;
  follow(id: string, world: FakeWorld): TestRun;
  /**
   * Ends a workflow by hand, as soon as it rests: Temporal's test server skips no time any more when one was terminated in the middle of a
   * step or a workflow task.
   */
  endByHand(workflowId: string): Promise<void>;
  lane(world: FakeWorld): Promise<LaneStatus>;
  untilLane(world: FakeWorld, wanted: (lane: LaneStatus) => boolean): Promise<LaneStatus>;
}

/**
 * A Temporal server that skips time, and one worker per task queue, with fake steps, for the test file. That server can lose a workflow task for good,
 * where a timer is cancelled just as it fires (temporalio/sdk-java#3088; Temporal's own redelivers it): and it may skip to the end of what is open.
 * A test that fails, and leaves a run that waits for such a task, or a lane that has ended so, is tried once more. Called at the top of a file, once.
 */
export function useTemporal(): TestTemporal {
  const mayBeTriedAgain = secondTryByLeave();
  let here: FakeTemporal | undefined;
  const running = () => {
    if (!here) throw new Error('the server runs inside tests only');
    return here;
  };
  const known = new Set<string>();
  const stop = async () => {
    await here?.stop();
    here = undefined;
  };
  beforeEach(async () => {
    here ??= await startFakeTemporal();
  });
  afterEach(async () => {
    if (!here) return;
    here.worlds.releaseAll();
    const lost = await lostTasks(here.env);
    if (lost.length > 0) mayBeTriedAgain(`Temporal's test server has lost ${lost.join(', ')}`);
    const skipped = await skippedToTheEnd(here.env, known);
    if (skipped.length > 0) mayBeTriedAgain(`Temporal's test server has skipped to the end of ${skipped.join(', ')}`);
    if (lost.length + skipped.length > 0 || !(await leftClean(here.env, known))) await stop();
  });
  afterAll(async () => {
    await stop();
    await Runtime.instance().shutdown();
  });

  const follow = (id: string, world: FakeWorld): TestRun => {
    // A query that meets a worker which is busy has no answer; the next one has.
    const status = () => eventually(`${id} to answer`, () => running().engine.status(id));
    const decide = (signed: SignedDecision) => running().engine.decide(id, signed);
    return {
      id,
      status,
      decide,
      async outcome() {
        const ended: unknown = await running()
          .env.client.workflow.getHandle(id)
          .result()
          .catch((cause: unknown) => cause);
        const recorded = world.outcome(id);
        if (recorded === undefined) throw new Error(`${id} has ended without an outcome: ${inspect(ended)}`);
        return recorded;
      },
      until: (stage, said) =>
        eventually(`${id} to be ${stage}`, async () => {
          const seen = await running().engine.status(id);
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
    return eventually(`${laneId(key(world))} to answer`, () => running().engine.laneStatus(key(world)));
  };
  return {
    env: () => running().env,
    engine: () => running().engine,
    world: (spec, service) => running().worlds.create(spec, service),
    follow,
    async endByHand(workflowId) {
      const handle = running().env.client.workflow.getHandle(workflowId);
      await eventually(`${workflowId} to rest`, async () => isAtRest((await handle.fetchHistory()).events ?? []));
      await handle.terminate('by hand');
    },
    lane,
    async start(world, changes) {
      const request = world.request(changes);
      await running().engine.startRelease(request);
      return follow(idOf(request), world);
    },
    untilLane: (world, wanted) =>
      eventually(`the lane of ${world.service}`, async () => {
        const seen = await lane(world);
        return wanted(seen) ? seen : undefined;
      }),
  };
}
