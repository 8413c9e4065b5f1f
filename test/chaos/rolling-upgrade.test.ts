import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listVersions, versionOf } from '../../client/versions.ts';
import { laneId, messages } from '../../domain/contract/names.ts';
import type { EngineVersion } from '../../domain/engine-versions.ts';
import type { Supervisor } from '../../lab/supervisor.ts';
import { startNewerBuild } from '../support/engine-builds.ts';
import type { Service } from '../support/world-service.ts';
import { until } from '../support/world-until.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** Workers of a newer build beside the old ones; then the old ones are asked to go. Nothing is lost, and nothing strands. */

let world: World;
let newer: Supervisor | undefined;
let waiting: Service;
let later: Service;
let old: string;
let current: string;
/** Waits for its approval while the engine is upgraded. */
let early: string;

/** Visibility is told of a change a moment later. */
const untilVersions = (what: string, wanted: (seen: EngineVersion[]) => boolean) =>
  until(what, async () => {
    const seen = await listVersions(world.temporal);
    return wanted(seen) && seen;
  });
const buildOf = async (id: string) => (await versionOf(world.temporal, id))?.buildId;

beforeAll(async () => {
  world = await startWorld({ services: ['waiting', 'later'] });
  [waiting, later] = await Promise.all([world.add({ name: 'waiting' }), world.add({ name: 'later' })]);
  const [first] = await untilVersions('the first version', ([only]) => only?.current === true && only.polled);
  old = first?.buildId ?? '';
  early = await waiting.start({ images: await waiting.images() });
  await waiting.reaches(early, 'awaiting-approval');
  await untilVersions('the run to be counted', ([only]) => only?.pinned === 1);
  newer = await startNewerBuild(world);
  const seen = await untilVersions('the newer build to be current', (all) =>
    all.some((v) => v.current && v.buildId !== old),
  );
  current = seen.find((version) => version.current)?.buildId ?? '';
}, 400_000);

afterAll(async () => {
  await newer?.stop();
  await world?.stop();
}, 60_000);

describe('an upgrade of the engine', () => {
  it('takes a run that waits for its approval to the new build, and leaves the old one free', async () => {
    await until('the run to move', async () => (await buildOf(early)) === current);
    await untilVersions('the old version to be free', (all) => all.every((v) => v.buildId !== old || v.pinned === 0));
    expect((await waiting.status(early)).stage).toBe('awaiting-approval');
    // It keeps its turn among the services in every queue.
    const { priority } = await world.temporal.workflow.getHandle(early).describe();
    expect(priority).toMatchObject({ priorityKey: 3, fairnessKey: 'waiting' });
  });

  it('knows who has gone, some time after it went', async () => {
    expect(await versionOf(world.temporal, early)).toEqual({ buildId: current, polled: true });
    const gone = Date.now() + 120_000;
    expect(await versionOf(world.temporal, early, gone)).toEqual({ buildId: current, polled: false });
  });

  it('goes on without the old workers: what waited is approved and verified, and what is new begins', async () => {
    await world.engine.supervisor.stop();
    const next = await later.start({ images: await later.images() });
    await later.reaches(next, 'awaiting-approval');
    expect(await buildOf(next)).toBe(current);
    await Promise.all([waiting.approve(early), later.approve(next)]);
    expect(await waiting.ends(early)).toMatchObject({ outcome: 'verified' });
    expect(await later.ends(next)).toMatchObject({ outcome: 'verified' });
    // The lane began on the old build, and has moved.
    const lane = world.temporal.workflow.getHandle(laneId(waiting.lane));
    expect(await lane.query(messages.laneStatus)).toMatchObject({ queue: [] });
  });
});
