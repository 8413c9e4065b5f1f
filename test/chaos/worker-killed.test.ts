import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { endOf, verified } from '../support/world-end.ts';
import { ask } from '../support/world-service.ts';
import type { Service } from '../support/world-service.ts';
import { countsOf, manifestsPut, runningIn } from '../support/world-counts.ts';
import { points, standInScanner } from '../support/world-points.ts';
import type { Here, Point } from '../support/world-points.ts';
import type { Stop } from '../support/world-tap.ts';
import { patience } from '../support/world-until.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** One release per point, side by side; then one `kill -9` meets each of them in the middle of its own phase. */
interface Story {
  point: Point;
  service: Service;
  /** The release that the kill meets, and what it brings. */
  releaseId: string;
  brings: Record<string, string>;
  before: Record<string, string>;
  view?: ReleaseView;
}

const digestOf = (image = '') => image.replace(/^.*@/, '');
const digests = (images: Record<string, string>) =>
  Object.fromEntries(Object.entries(images).map(([component, image]) => [component, digestOf(image)]));

let world: World;
const stories = new Map<Point, Story>();
const nameOf = (point: Point) => `p${points.indexOf(point)}`;

beforeAll(async () => {
  world = await startWorld({ services: points.map(nameOf), scanners: standInScanner });
  for (const story of await Promise.all(points.map(begin))) stories.set(story.point, story);
  const all = [...stories.values()];
  const stops = new Map<Point, Stop>();
  const arm = async (story: Story) => void stops.set(story.point, await story.point.stop(hereOf(story)));

  // Those that stop late are brought to their approval first, so that all are in the middle of something at the same moment.
  const late = all.filter(({ point }) => point.when === 'after approval');
  const early = all.filter(({ point }) => point.when === 'before approval');
  await Promise.all(late.map(async (story) => request(story)));
  await Promise.all(late.map(({ service, releaseId }) => service.reaches(releaseId, 'awaiting-approval')));
  await Promise.all(all.map(arm));
  await Promise.all(early.map(async (story) => request(story)));
  await Promise.all(late.map(({ service, releaseId }) => service.approve(releaseId)));
  await Promise.all(all.map(({ point }) => reached(point, stops.get(point))));

  const killedAt = Date.now();
  await world.killWorker();
  for (const stop of stops.values()) stop.release();
  await world.engine.supervisor.ready();
  const readyAt = Date.now();
  await Promise.all(early.map(({ service, releaseId }) => service.approve(releaseId)));
  await Promise.all(all.map(async (story) => (story.view = await story.service.ends(story.releaseId))));
  console.info(
    `${all.length} runs were hit by one kill: the worker was back after ${readyAt - killedAt} ms, the last run ended after ${Date.now() - killedAt} ms`,
  );
}, patience.preparation);

afterAll(async () => {
  await world?.stop();
});

async function begin(point: Point): Promise<Story> {
  const service = await world.add({ name: nameOf(point), ...point.service });
  const before = point.earlier ? await service.images() : {};
  if (point.earlier) expect(endOf(await service.release({ images: before }))).toEqual(verified);
  const commit = point.earlier ? await service.commitNothing() : service.commit;
  const brings = point.builds
    ? {}
    : await service.images(point.breaks ? { storefront: world.shop.commits.broken } : {});
  // The id of a first attempt: known before it is asked for, so that the place to stop at can be prepared.
  const releaseId = `release/${service.name}/production/${commit}/1`;
  return { point, service, releaseId, brings, before: digests(before) };
}

async function request({ service, releaseId, brings }: Story): Promise<void> {
  expect(await service.start({ images: brings, commit: releaseId.split('/')[3]! })).toBe(releaseId);
}

function hereOf({ service, releaseId, before }: Story): Here {
  return { world, service, releaseId, before };
}

async function reached(point: Point, stop: Stop | undefined): Promise<void> {
  await stop?.reached.catch((cause: unknown) => {
    throw new Error(`${point.name} was not reached`, { cause });
  });
}

function storyOf(point: Point): Story & { view: ReleaseView } {
  const story = stories.get(point);
  if (!story?.view) throw new Error(`${point.name} did not end`);
  return { ...story, view: story.view };
}

describe('kill -9 of the worker in the middle of', () => {
  it.each(points)('$name: the run goes on and does nothing twice', async (point) => {
    const { service, view, before, brings } = storyOf(point);
    expect(endOf(view)).toEqual(point.breaks ? { outcome: 'rolled-back', because: expect.any(String) } : verified);

    const counts = await countsOf(world, service);
    // Each image once into each Deployment of each region; a rollback puts the earlier one there a second time.
    const brought = point.builds ? await verifiedDigests(view) : digests(brings);
    const wanted: Record<string, number> = {};
    for (const region of ['de', 'nl']) {
      for (const component of service.components) {
        if (before[component]) wanted[`${region} ${component} ${before[component]}`] = 2;
        wanted[`${region} ${component} ${brought[component] ?? ''}`] = 1;
      }
    }
    expect(counts.images).toEqual(wanted);

    const end = point.breaks ? before : brought;
    const running = Object.fromEntries(
      ['de', 'nl'].flatMap((region) => service.components.map((c) => [`${region} ${c}`, [end[c]]])),
    );
    expect(await runningIn(world, service)).toEqual(running);

    const migrates = point.service.migration !== undefined;
    expect(counts.migrations).toEqual(migrates ? ['0001_change'] : []);
    expect(counts.migrationStatements).toBe(migrates ? 1 : 0);
    expect(counts.applyJobs).toHaveLength(migrates ? 1 : 0);
  });

  it.each(points.filter((p) => p.builds))('$name: all pushes and tags are of one image', async (point) => {
    const { service, view } = storyOf(point);
    const put = new Set((await manifestsPut(world, service)).filter((line) => !line.includes(' build-')));
    const { core } = await verifiedDigests(view);
    expect([...put].filter((line) => line.includes('sha256:'))).toEqual([`${service.name}/core ${core}`]);
    const tags = [...put].filter((line) => !line.includes('sha256:')).map((line) => line.split(' ')[1] ?? '');
    for (const tag of tags) {
      const answer = await fetch(`http://${world.services.registry.host}/v2/${service.name}/core/manifests/${tag}`, {
        method: 'HEAD',
        headers: { accept },
      });
      expect(answer.headers.get('docker-content-digest')).toBe(core);
    }
    expect(tags).toContain(service.commit);
  });

  it('leaves an audit that is whole, with one row for each effect', async () => {
    const records = await createPostgresRecords({ url: world.services.postgres.url('slipway'), maxConnections: 1 });
    for (const { service } of stories.values()) {
      const lane = `${service.name}/production`;
      const rows = await ask<{ key: string; what: string }>(
        world.services.postgres.url('slipway'),
        "select key, entry->>'what' as what from slipway.audit where lane = $1",
        [lane],
      );
      expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
      const applied = rows.filter((row) => row.what === 'applyComponent done').length;
      const changes = Object.values((await countsOf(world, service)).images).reduce((sum, n) => sum + n, 0);
      expect({ lane, applied, broken: await records.audit.firstBroken(lane) }).toEqual({
        lane,
        applied: changes,
        broken: undefined,
      });
    }
    await records.close();
  });

  it('uses each approval once', async () => {
    for (const { releaseId } of stories.values()) {
      const used = await ask(
        world.services.postgres.url('slipway'),
        'select from slipway.used_approvals where release_id = $1',
        [releaseId],
      );
      expect(used).toHaveLength(1);
    }
  });
});

const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

/** The images of a release that was verified, as the inventory has them. */
async function verifiedDigests({ releaseId }: ReleaseView): Promise<Record<string, string>> {
  const rows = await ask<{ component: string; image: string }>(
    world.services.postgres.url('slipway'),
    'select component, image from slipway.inventory where release_id = $1',
    [releaseId],
  );
  return Object.fromEntries(rows.map(({ component, image }) => [component, digestOf(image)]));
}
