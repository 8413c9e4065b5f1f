import type { Delivery, DeliveryTarget } from '../../../activities/delivery/port.ts';
import type { Registry } from '../../../activities/images/port.ts';
import type { MigrationJob, MigrationJobs } from '../../../activities/migrations/port.ts';
import { imageArtifact } from '../../../domain/delivery.ts';
import { together } from '../../../domain/place-look.ts';
import type { Deed, Place, Seen } from './events.ts';
import { allImages, commits, lanes, migrationOf, nameOf } from './ground.ts';
import type { Lane } from './ground.ts';

export interface Noting {
  /** Something was done, to be judged. */
  happened(deed: Deed): void;
  tell(seen: Seen): void;
  /** The run that asks. */
  by(): string;
  /** An image stands in a place from now on. */
  puts(place: string, image: string): void;
}

/** Regions, databases and a registry that only note what is done to them. */
export function createModelEnvironment({ happened, tell, by, puts }: Noting) {
  const places = new Map<string, string>();
  /** Regions in which nothing is found well, by lane. */
  const sick = new Set<string>();
  /** Jobs that change a schema, and lanes whose schema has it. */
  const begun = new Map<string, Lane>();
  const migrated = new Set<string>();

  /** The namespace names the lane, and the cluster where it is. */
  const laneOf = (namespace: string): Lane =>
    lanes.find(({ service, environment }) => `${service}-${environment}` === namespace)!;
  const placeOf = ({ region, component }: DeliveryTarget): Place => ({
    lane: laneOf(region.namespace),
    region: region.name,
    component: component.name,
  });
  const keyOf = ({ lane, region, component }: Place) => `${nameOf(lane)} ${region} ${component}`;
  const imageOf = (digest: string, { lane, component }: Place) =>
    allImages.find((image) => image.endsWith(digest) && image.includes(`/${lane.service}/${component}@`)) ?? digest;

  function put(what: 'deployed' | 'put-back', target: DeliveryTarget, image: string) {
    const place = placeOf(target);
    const moved = places.get(keyOf(place)) !== image;
    places.set(keyOf(place), image);
    puts(keyOf(place), image);
    happened({ what, image, moved, ...place });
    return Promise.resolve({ it: { inPlace: !moved } });
  }

  const delivery: Delivery = {
    kind: 'deployment-image',
    look: () => Promise.resolve(together([])),
    plan: (target) => Promise.resolve(imageArtifact({}, target.image)),
    apply: (target) => put('deployed', target, target.image),
    revert: (target, to) => put('put-back', target, imageOf(to.digest, placeOf(target))),
    watch: () => Promise.resolve('it runs'),
    verify(target, wanted) {
      const place = placeOf(target);
      const image = imageOf(wanted.digest, place);
      const stands = places.get(keyOf(place));
      const well = stands === image && !sick.has(`${nameOf(place.lane)} ${place.region}`);
      tell({ kind: 'looked', by: by(), image, well, ...place });
      return Promise.resolve({ verdict: well ? 'pass' : 'fail', summary: `${stands}` });
    },
  };

  /** A Job that changes a schema goes on by itself: whoever looks at one finds it done. */
  function finish(name: string): void {
    const lane = begun.get(name);
    if (!lane || migrated.has(nameOf(lane))) return;
    migrated.add(nameOf(lane));
    tell({ kind: 'schema', lane });
  }
  function pendingFor({ image, namespace }: MigrationJob) {
    const lane = laneOf(namespace);
    const wants = image.endsWith(commits[1]!.slice(0, 1).repeat(64)) && !migrated.has(nameOf(lane));
    const { pending, contracting } = wants ? migrationOf(lane) : { pending: [], contracting: [] };
    return JSON.stringify({ pending, contracting });
  }
  const isChanging = ({ may }: MigrationJob) => may.for === 'changing';
  const jobs: MigrationJobs = {
    look: () => Promise.resolve(together([])),
    start(job) {
      if (!isChanging(job)) {
        happened({ what: 'looked-by-job', lane: laneOf(job.namespace) });
        return Promise.resolve({ adopted: false });
      }
      const adopted = begun.has(job.name);
      if (!adopted) {
        const lane = laneOf(job.namespace);
        begun.set(job.name, lane);
        happened({ what: 'migrated', lane, image: job.image, contracting: migrationOf(lane).contracting.length > 0 });
      }
      return Promise.resolve({ adopted });
    },
    observe(job) {
      if (!isChanging(job)) return Promise.resolve({ state: 'succeeded', log: pendingFor(job), uid: '' });
      if (!begun.has(job.name)) return Promise.resolve({ state: 'missing', version: '' });
      finish(job.name);
      return Promise.resolve({ state: 'succeeded', log: '', uid: '' });
    },
    remove: () => Promise.resolve(),
    mayHaveBegunSince: ({ name }) => Promise.resolve(begun.has(name)),
  };

  const registry: Registry = {
    resolve: (image) => Promise.resolve(image.slice(image.indexOf('@') + 1)),
    digestsOf: () => Promise.resolve(undefined),
    imagesIn: (image) => Promise.resolve([image]),
    tag(image, tag) {
      happened({ what: 'tagged', image, tag });
      return Promise.resolve();
    },
  };

  return {
    delivery,
    jobs,
    registry,
    /** As if it had been put there. */
    stands: (place: string, image: string) => void places.set(place, image),
    /** Whether regions are well is nobody's doing. */
    turn(lane: Lane, region: string): void {
      const key = `${nameOf(lane)} ${region}`;
      if (!sick.delete(key)) sick.add(key);
    },
    /** Time passes for Jobs that nobody looks at. */
    finishAll: () => [...begun.keys()].forEach(finish),
  };
}
