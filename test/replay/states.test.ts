import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { engineQueue } from '../../domain/contract/names.ts';
import type { FakeWorld } from '../workflows/support/fake-world.ts';
import { useTemporal } from '../workflows/support/temporal.ts';
import type { TestRun } from '../workflows/support/temporal.ts';
import type { RecordedState } from './recorded-state.ts';

/**
 * What a run of an older version hands over when it goes on in this one. Unlike a history it is not replayed: the workflow begins anew, and
 * knows from the state alone what is over. States of all versions are read, because a release may have waited since any of them.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const states = join(root, 'test/replay/states');
const temporal = useTemporal();
const versions = readdirSync(states);
const { version: current } = read<{ version: string }>(join(root, 'package.json'));

function read<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

interface Story {
  /** What a person does. */
  then?: (run: TestRun, world: FakeWorld) => Promise<unknown>;
  outcome: string;
  /** Steps that are still to be done, each once. */
  does: string[];
  /** What is over, and not done again. */
  isOver: string[];
}

const agreed = ['readRelease', 'buildImage', 'planRelease', 'announce'];
const deploying = ['startMigration main', 'applyComponent deploy core de', 'applyComponent deploy core nl'];
const goingBack = ['applyComponent roll-back core de', 'applyComponent roll-back core nl'];

/** By the place at which the run was when it went on: one for each of `state-scenarios.ts`. */
const stories: Record<string, Story> = {
  joined: {
    then: (run) => run.approve(),
    outcome: 'verified',
    does: ['buildImage core', 'planRelease', 'announce attention', 'consumeApproval 1', ...deploying],
    isOver: ['readRelease'],
  },
  'awaiting-approval': {
    then: (run) => run.approve(),
    outcome: 'verified',
    does: ['consumeApproval 1', 'tagImages commit', ...deploying],
    isOver: agreed,
  },
  'awaiting-lane': {
    outcome: 'verified',
    does: ['judgePlanDrift', 'consumeApproval 1', 'tagImages commit', ...deploying],
    isOver: agreed,
  },
  'between-waves': {
    outcome: 'verified',
    does: ['applyComponent deploy core nl', 'recordVerified de nl', 'tagImages moving'],
    isOver: [
      ...agreed,
      'judgePlanDrift',
      'consumeApproval',
      'tagImages commit',
      'startMigration',
      'observeRegion de',
    ].concat('applyComponent deploy core de'),
  },
  'held-after-failure': {
    then: (run, world) => run.decide(world.sign('roll-back', { releaseId: run.id })),
    outcome: 'rolled-back',
    does: ['chooseRollbacks de nl', ...goingBack],
    isOver: [...agreed, 'startMigration', 'applyComponent deploy', 'recordVerified'],
  },
  'held-at-a-step': {
    outcome: 'verified',
    does: ['applyComponent deploy core nl', 'recordVerified de nl'],
    isOver: [...agreed, 'startMigration', 'applyComponent deploy core de'],
  },
  // It stands again: nothing is written over whoever had undone it.
  'undone-by-others': {
    outcome: 'verified',
    does: ['watchRollout deploy core nl', 'recordVerified de nl'],
    isOver: [...agreed, 'startMigration', 'applyComponent'],
  },
  'rollback-awaiting-lane': {
    outcome: 'rolled-back',
    does: ['chooseRollbacks de nl', ...goingBack],
    isOver: ['findRelease', 'applyComponent deploy'],
  },
};

describe.each(versions)('a run that was moved by version %s', (version) => {
  const names = readdirSync(join(states, version)).map((file) => file.replace(/\.json$/, ''));

  it.each(names)('goes on from where it was, and does nothing twice: %s', async (name) => {
    const state = read<RecordedState>(join(states, version, `${name}.json`));
    const story = stories[name]!;
    const { world, run } = await goOn(state);
    await story.then?.(run, world);
    expect(await run.outcome()).toBe(story.outcome);
    expect(story.does.map((call) => [call, world.calls.filter((c) => c === call).length])).toEqual(
      story.does.map((call) => [call, 1]),
    );
    expect(world.calls.filter((call) => story.isOver.some((over) => call.startsWith(over)))).toEqual([]);
    // It tells the whole story, not only its own part of it.
    expect(world.ends[0]?.result.timings[0]).toEqual(
      expect.objectContaining({ stage: 'joining', startedAt: state.carried.status.timings[0]?.startedAt }),
    );
  });
});

/** Starts the run that goes on from this state. */
async function goOn(state: RecordedState, prepare?: (world: FakeWorld) => void) {
  const world = temporal.world(state.spec, state.service);
  if (state.plan && state.carried.plan) world.plans.set(state.carried.plan.hash, state.plan);
  prepare?.(world);
  await temporal.env().client.workflow.start(state.workflowType, {
    workflowId: state.workflowId,
    taskQueue: engineQueue,
    args: [state.input, state.carried],
  });
  return { world, run: temporal.follow(state.workflowId, world) };
}

describe('a run that was held, by another version, at a step that this one does not have', () => {
  it('is held no more once its story has gone on, and takes no `retry` then', async () => {
    const state = read<RecordedState>(join(states, current, 'held-at-a-step.json'));
    state.carried.held['look at the stars'] = { why: 'it is cloudy', since: state.carried.askedAt };
    let recording: ReturnType<FakeWorld['hold']>;
    const { world, run } = await goOn(state, (around) => (recording = around.hold('recordVerified')));
    await recording!.reached;
    expect(await run.status()).toMatchObject({ stage: 'recording' });
    expect(await run.decide(world.sign('retry', { releaseId: run.id }))).toMatchObject({ kind: 'refused' });
    recording!.go();
    expect(await run.outcome()).toBe('verified');
  });
});

it('every place at which a run can go on is recorded of the current version', () => {
  const files = readdirSync(join(states, current)).sort();
  expect(files).toEqual(
    Object.keys(stories)
      .map((name) => `${name}.json`)
      .sort(),
  );
});
