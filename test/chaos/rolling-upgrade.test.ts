import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { listVersions, versionOf } from '../../client/versions.ts';
import { laneId, messages } from '../../domain/contract/names.ts';
import { judgeVersions } from '../../domain/engine-versions.ts';
import type { Supervisor } from '../../lab/supervisor.ts';
import { makeNewerBuild, startBeside } from '../support/engine-builds.ts';
import type { Beside } from '../support/engine-builds.ts';
import { setCurrentVersion, setUp, untilVersions } from '../support/engine-upgrade.ts';
import { endOf, verified } from '../support/world-end.ts';
import { standInScanner } from '../support/world-points.ts';
import { upgradePoints } from '../support/world-points-upgrade.ts';
import type { Service } from '../support/world-service.ts';
import { expectApprovalsUsedOnce, expectEachEffectOnce, expectWholeAudit } from '../support/world-effects.ts';
import { approve, end, namesOf, standAt, toldOf } from '../support/world-stories.ts';
import type { Story } from '../support/world-stories.ts';
import { patience, until } from '../support/world-until.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/**
 * One release per stage, side by side, and an upgrade of the engine as docs/operations.md tells it. But the old engine workers are asked to
 * go while runs still need them, as by an orchestrator that knows nothing of versions, and are started again.
 */

const hands = 'build,environment:production';
const behindAnother = 'waiting in the lane behind another';

let world: World;
let stories: Story[];
let later: Service;
const beside: Supervisor[] = [];
let old: string;
let current: string;

/** What was seen at three moments: both versions there, the old one gone too early, the old one not needed any more. */
interface Seen {
  /** Points whose runs only workers of the old version can move. */
  onTheOld: string[];
  /** What `slipway doctor` says of the versions. */
  doctor: string[];
}
let both: Seen;
let tooEarly: Seen;
let over: Seen;

const waiting = () => stories.filter(({ point }) => point.waits);
const working = () => stories.filter(({ point }) => !point.waits);
const unapproved = (some: Story[]) => some.filter(({ point }) => point.when === 'before approval');

beforeAll(async () => {
  world = await startWorld({
    services: [...namesOf(upgradePoints), 'later'],
    scanners: standInScanner,
    roles: 'engine',
  });
  const oldHands = await start({ roles: hands });
  let entry: string;
  [entry, later, stories] = await Promise.all([
    makeNewerBuild(world),
    world.add({ name: 'later' }),
    standAt(world, upgradePoints),
  ]);
  const [first] = await untilVersions(world, 'the first version', ([only]) => only?.current === true && only.polled);
  old = first!.buildId;
  await rollHands(oldHands, entry);
  await bringIn(entry);
  const runs = (await look()).onTheOld.length + 1;
  await untilVersions(world, 'the runs to be counted', (all) =>
    all.some((v) => v.buildId === old && v.pinned === runs),
  );
  both = await look();

  await world.engine.supervisor.stop();
  for (const { stop } of stories) stop?.release();
  await goOnWithoutTheOld();
  tooEarly = await look(Date.now() + 120_000);

  // What the doctor says to do then.
  const again = await start({ roles: 'engine' });
  await untilVersions(world, 'the old version to be free', (all) => all.every((v) => v.buildId !== old || !v.pinned));
  over = await look();
  await again.stop();
  await Promise.all(unapproved(working()).map(approve));
  await Promise.all(stories.map(end));
}, patience.preparation);

afterAll(async () => {
  await Promise.all(beside.map((workers) => workers.stop()));
  await world?.stop();
}, patience.event);

async function start(options: Beside): Promise<Supervisor> {
  const started = await startBeside(world, options);
  beside.push(started);
  return started;
}

/** The first steps: workers that do steps go in the middle of them, and newer ones do steps of old runs. */
async function rollHands(oldHands: Supervisor, entry: string): Promise<void> {
  await setUp(world);
  await start({ roles: hands, entry });
  await oldHands.stop();
}

/** The next steps: a newer engine beside the old one, then current; what waits moves to it. */
async function bringIn(entry: string): Promise<void> {
  await start({ roles: 'engine', entry });
  const isNewer = ({ buildId }: { buildId: string }) => buildId !== old;
  const all = await untilVersions(world, 'the newer version', (some) => some.some((v) => isNewer(v) && v.polled));
  current = all.find(isNewer)!.buildId;
  await setCurrentVersion(world, current);
  await setUp(world);
  for (const { point, releaseId } of waiting())
    await until(`${point.name} to move`, async () => (await versionOf(world.temporal, releaseId))?.buildId === current);
}

/** What has moved ends, and what is new begins and ends. The one in the queue waits for a release that stands still. */
async function goOnWithoutTheOld(): Promise<void> {
  const free = waiting().filter(({ point }) => point.name !== behindAnother);
  await Promise.all(unapproved(free).map(approve));
  await Promise.all(free.map(end));
  expect(endOf(await later.release())).toEqual(verified);
}

async function look(now?: number): Promise<Seen> {
  const looks = stories.map(async ({ point, releaseId }) => {
    const { status } = await world.temporal.workflow.getHandle(releaseId).describe();
    const version = status.name === 'RUNNING' ? await versionOf(world.temporal, releaseId) : undefined;
    return version?.buildId === old ? [point.name] : [];
  });
  const doctor = judgeVersions(await listVersions(world.temporal, now)).map(({ says }) => says);
  return { onTheOld: (await Promise.all(looks)).flat(), doctor };
}

describe('an upgrade of the engine that meets a release in the middle of', () => {
  it.each(upgradePoints)('$name: it ends as it should, and does nothing twice', async (point) => {
    await expectEachEffectOnce(world, toldOf(stories, point));
  });

  it('leaves an audit that is whole, with one row for each effect', () => expectWholeAudit(world, stories));

  it('uses each approval once', () => expectApprovalsUsedOnce(world, stories));
});

describe('an upgrade of the engine', () => {
  it('takes at once what waits, which keeps its turn among the services in every queue', async () => {
    const still = waiting().filter(({ point }) => both.onTheOld.includes(point.name));
    expect(still).toEqual([]);
    for (const { service, releaseId } of waiting()) {
      const { priority } = await world.temporal.workflow.getHandle(releaseId).describe();
      expect(priority).toMatchObject({ priorityKey: 3, fairnessKey: service.name });
    }
  });

  it('says what still needs the old workers, while it does', () => {
    expect(both.onTheOld).toEqual(expect.arrayContaining(inTheMiddle));
    // The release that another waits behind is on it too.
    const runs = both.onTheOld.length + 1;
    expect(both.doctor).toContain(`${old} is old: ${runs} runs are still on it. Keep its workers until there are none`);
  });

  it('says what stands still when they went too early, and that is nothing else', () => {
    expect(tooEarly.onTheOld).toEqual(both.onTheOld);
    const runs = both.onTheOld.length + 1;
    const says = `${runs} runs are on the old version ${old}, and none of its workers polls: they stand still`;
    expect(tooEarly.doctor).toContain(says);
  });

  it('leaves nothing on the old version once its workers had their time', () => {
    expect(over.onTheOld).toEqual([]);
    expect(over.doctor).toContain(`${old} is old and nothing runs on it: its workers may be stopped`);
  });

  it('takes the lanes with it', async () => {
    for (const { service } of stories) {
      const lane = world.temporal.workflow.getHandle(laneId(service.lane));
      expect(await lane.query(messages.laneStatus)).toMatchObject({ queue: [] });
    }
  });
});

/** Held where they are until the old workers have gone, so that they cannot have moved before. */
const inTheMiddle = [
  'building, before the image is pushed',
  'migrating, while the Job runs',
  'deploying to de, the change made and its answer lost',
  'baking',
  'verifying',
  'recording the end',
  'rolling back nl',
];
