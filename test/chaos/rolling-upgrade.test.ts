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

beforeAll(async () => {
  world = await startWorld({ services: ['waiting', 'later'] });
  [waiting, later] = await Promise.all([world.add({ name: 'waiting' }), world.add({ name: 'later' })]);
}, 240_000);

afterAll(async () => {
  await newer?.stop();
  await world?.stop();
}, 60_000);

const versions = () => listVersions(world.temporal);
/** Visibility is told of a change a moment later. */
const untilVersions = (what: string, wanted: (seen: EngineVersion[]) => boolean) =>
  until(what, async () => {
    const seen = await versions();
    return wanted(seen) && seen;
  });

describe('an upgrade of the engine', () => {
  it('starts new releases on the new build, while runs of the old one keep their workers until none is left', async () => {
    const [before] = await untilVersions('the first version', ([first]) => first?.current === true && first.polled);
    const old = before?.buildId ?? '';
    const early = await waiting.start({ images: await waiting.images() });
    await waiting.reaches(early, 'awaiting-approval');
    await untilVersions('the run to be counted', ([first]) => first?.pinned === 1);

    newer = await startNewerBuild(world);
    const seen = await untilVersions('the newer build to be current', (all) =>
      all.some((v) => v.current && v.buildId !== old),
    );
    const current = seen.find((version) => version.current)?.buildId ?? '';
    const second = await later.start({ images: await later.images() });
    await later.reaches(second, 'awaiting-approval');
    expect(await versionOf(world.temporal, second)).toEqual({ buildId: current, polled: true });
    await later.approve(second);
    expect(await later.ends(second)).toMatchObject({ outcome: 'verified' });

    // Nothing but its own workers can move a run that is pinned to them; who has gone is known after a while.
    const gone = Date.now() + 120_000;
    const { buildId } = (await versionOf(world.temporal, early)) ?? {};
    expect([old, current]).toContain(buildId);
    expect(await versionOf(world.temporal, early, gone)).toEqual({ buildId, polled: false });

    await waiting.approve(early);
    expect(await waiting.ends(early)).toMatchObject({ outcome: 'verified' });
    await untilVersions('the old version to be free', (all) => all.every((v) => v.buildId !== old || v.pinned === 0));
  }, 240_000);

  it('goes on without the old workers once nothing runs on them', async () => {
    await world.engine.supervisor.stop();
    const third = await later.start({ images: await later.images(), commit: await later.commitNothing() });
    await later.approve(third);
    expect(await later.ends(third)).toMatchObject({ outcome: 'verified' });
    // The lane began on the old build, and has moved.
    const lane = world.temporal.workflow.getHandle(laneId(later.lane));
    expect(await lane.query(messages.laneStatus)).toMatchObject({ queue: [] });
  }, 240_000);
});
