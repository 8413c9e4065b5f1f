import { expect } from '@jest/globals';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { digestsOf } from './world-counts.ts';
import { endOf, verified } from './world-end.ts';
import type { Here, Point, PointStop } from './world-points.ts';
import type { Service } from './world-service.ts';
import type { World } from './world.ts';

/** One release per point, side by side: all in the middle of something when something happens to the engine. */
export interface Story {
  point: Point;
  service: Service;
  /** The release that it happens to, and what it brings. */
  releaseId: string;
  brings: Record<string, string>;
  /** Digests verified before. */
  before: Record<string, string>;
  stop?: PointStop;
  view?: ReleaseView;
}

export type ToldStory = Story & { view: ReleaseView };

/** Names of the services, one per point. */
export const namesOf = (points: readonly Point[]): string[] => points.map((_, i) => `p${i}`);

/** Brings a release to each of the points, and no further: until `release` of its stop, or its approval. */
export async function standAt(world: World, points: readonly Point[]): Promise<Story[]> {
  const names = namesOf(points);
  const all = await Promise.all(points.map((point, i) => begin(world, point, names[i]!)));
  // Those that stop late are brought to their approval first, so that all are in the middle of something at the same moment.
  const late = all.filter(({ point }) => point.when === 'after approval');
  const early = all.filter(({ point }) => point.when === 'before approval');
  await Promise.all(late.map(request));
  await Promise.all(late.map(({ service, releaseId }) => service.reaches(releaseId, 'awaiting-approval')));
  await Promise.all(all.map(async (story) => void (story.stop = await story.point.stop(hereOf(world, story)))));
  await Promise.all(early.map(request));
  await Promise.all(late.map(approve));
  await Promise.all(all.map(reached));
  return all;
}

async function begin(world: World, point: Point, name: string): Promise<Story> {
  const service = await world.add({ name, ...point.service });
  const before = point.earlier ? await service.images() : {};
  if (point.earlier) expect(endOf(await service.release({ images: before }))).toEqual(verified);
  const commit = point.earlier || point.follows ? await service.commitNothing() : service.commit;
  const brings = point.builds
    ? {}
    : await service.images(point.breaks ? { storefront: world.shop.commits.broken } : {});
  // The id of a first attempt: known before it is asked for, so that the place to stop at can be prepared.
  const releaseId = `release/${service.name}/production/${commit}/1`;
  return { point, service, releaseId, brings, before: digestsOf(before) };
}

async function request({ service, releaseId, brings }: Story): Promise<void> {
  expect(await service.start({ images: brings, commit: releaseId.split('/')[3]! })).toBe(releaseId);
}

function hereOf(world: World, { service, releaseId, before }: Story): Here {
  return { world, service, releaseId, before };
}

async function reached({ point, stop }: Story): Promise<void> {
  await stop?.reached.catch((cause: unknown) => {
    throw new Error(`${point.name} was not reached`, { cause });
  });
}

export async function approve({ service, releaseId }: Story): Promise<void> {
  await service.approve(releaseId);
}

/** Waits for the end of the run, whatever it is. */
export async function end(story: Story): Promise<void> {
  story.view = await story.service.ends(story.releaseId);
}

/** The story of that point, which has ended. */
export function toldOf(stories: readonly Story[], { name }: Point): ToldStory {
  const story = stories.find(({ point }) => point.name === name);
  if (!story?.view) throw new Error(`${name} did not end`);
  return { ...story, view: story.view };
}
