import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import type { World } from './world.ts';
import type { Service, ServiceOptions } from './world-service.ts';
import type { Passing, Stop, Tap } from './world-tap.ts';
import { until } from './world-until.ts';

/** Where in its story a release is when something happens to the engine. */
export interface Point {
  name: string;
  service: Omit<ServiceOptions, 'name'>;
  /** Whether the run gets there by itself, or only when it is approved. */
  when: 'before approval' | 'after approval';
  /** Built from source instead of given: where the building or tagging is the point. */
  builds?: boolean;
  /** A release is verified before it, to go back to. */
  earlier?: boolean;
  /** Makes the release fail in region nl. */
  breaks?: boolean;
  /** Nothing is under way: from here a run moves to a newer engine at once. */
  waits?: boolean;
  /** Another release of the service, of an older commit, is there before it. */
  follows?: boolean;
  /** Prepares the place to stop at, for this very run. */
  stop(here: Here): PointStop | Promise<PointStop>;
}

export interface PointStop extends Stop {
  /** The images that another release of the service puts into each region, once. */
  others?: Record<string, string>;
}

export interface Here {
  world: World;
  service: Service;
  releaseId: string;
  /** Digests verified before, by component; empty without an earlier release. */
  before: Record<string, string>;
}

const migrates = { migration: 'create table weights (grams integer)' };

/** Every phase of the story, in its order. */
export const points: Point[] = [
  {
    name: 'reading the pipeline',
    service: {},
    when: 'before approval',
    stop: ({ world, service }) =>
      world.registry.stop(
        'before',
        ({ method, path }) => method === 'HEAD' && path.startsWith(`/v2/${service.name}/core/manifests/sha256`),
      ),
  },
  {
    name: 'building, before the image is pushed',
    service: {},
    when: 'before approval',
    builds: true,
    stop: ({ world, service }) => world.registry.stop('before', puts(service, /sha256:/)),
  },
  {
    name: 'building, after the image was pushed',
    service: {},
    when: 'before approval',
    builds: true,
    stop: ({ world, service }) => world.registry.stop('after', puts(service, /sha256:/)),
  },
  {
    name: 'scanning',
    service: { pipeline: (file) => (file['scan'] = { images: true, secrets: false }) },
    when: 'before approval',
    stop: ({ world }) => world.registry.stop('before', ({ path }) => path === scanPath),
  },
  {
    name: 'planning',
    service: migrates,
    when: 'before approval',
    stop: ({ world, service }) => world.regions.de.tap.stop('after', createsJob(service, 'plan'), anything(service)),
  },
  {
    name: 'awaiting approval',
    service: {},
    when: 'before approval',
    waits: true,
    stop: ({ service, releaseId }) => ({
      reached: service.reaches(releaseId, 'awaiting-approval').then(() => {}),
      release: () => {},
    }),
  },
  {
    name: 'awaiting the lane',
    service: {},
    when: 'after approval',
    waits: true,
    async stop({ world, service, releaseId }) {
      await world.approver.changeLane(service.lane, 'freeze', 'nobody deploys today');
      const reached = until('the run to hear of the freeze', async () => {
        const { stage, doing } = await service.status(releaseId);
        return stage === 'awaiting-lane' && doing.includes('frozen');
      });
      return {
        reached: reached.then(() => {}),
        release: () =>
          void until('the lane to open', () =>
            world.approver.changeLane(service.lane, 'unfreeze', 'it is tomorrow').then(
              () => true,
              () => false,
            ),
          ),
      };
    },
  },
  {
    name: 'tagging',
    service: {},
    when: 'after approval',
    builds: true,
    stop: ({ world, service }) => world.registry.stop('after', puts(service, /[0-9a-f]{40}$/)),
  },
  {
    name: 'migrating, before the Job is there',
    service: migrates,
    when: 'after approval',
    stop: ({ world, service }) => world.regions.de.tap.stop('before', createsJob(service, 'apply')),
  },
  {
    name: 'migrating, the Job there and its answer lost',
    service: migrates,
    when: 'after approval',
    stop: ({ world, service }) => world.regions.de.tap.stop('after', createsJob(service, 'apply'), anything(service)),
  },
  {
    name: 'migrating, while the Job runs',
    // The migration itself waits for a lock that the test holds: it is half done when the worker dies.
    service: {
      migration: 'set local lock_timeout = 0; create table weights (grams integer); select pg_advisory_xact_lock(4711)',
    },
    when: 'after approval',
    stop: ({ world, service }) =>
      blocked(
        world.services.postgres.url(service.database),
        'select pg_advisory_lock(4711)',
        [],
        'select pg_advisory_unlock(4711)',
      ),
  },
  {
    name: 'migrating, before it is verified',
    service: migrates,
    when: 'after approval',
    stop: ({ world, service }) => world.regions.de.tap.stop('before', createsJob(service, 'verify')),
  },
  {
    name: 'deploying to de, before the change',
    service: {},
    when: 'after approval',
    stop: ({ world, service }) => world.regions.de.tap.stop('before', changes(service)),
  },
  {
    name: 'deploying to de, the change made and its answer lost',
    service: {},
    when: 'after approval',
    stop: ({ world, service }) => world.regions.de.tap.stop('after', changes(service), anything(service)),
  },
  {
    name: 'deploying to nl, the change made and its answer lost',
    service: {},
    when: 'after approval',
    stop: ({ world, service }) => world.regions.nl.tap.stop('after', changes(service), anything(service)),
  },
  {
    name: 'watching a rollout',
    service: {},
    when: 'after approval',
    stop: ({ world, service }) =>
      world.regions.de.tap.stop(
        'before',
        ({ method, path }) => method === 'GET' && path.startsWith(`/api/v1/namespaces/${service.name}/pods`),
      ),
  },
  {
    name: 'verifying',
    service: {},
    when: 'after approval',
    stop: ({ world, service }) =>
      world.regions.nl.tap.stop('before', ({ path }) => path.startsWith(`/apps/${service.name}/`)),
  },
  {
    name: 'recording what is verified',
    service: {},
    when: 'after approval',
    stop: ({ world, service, releaseId }) =>
      blocked(
        world.services.postgres.url('slipway'),
        `insert into slipway.inventory (service, environment, region, component, release_id, image, commit, plan_hash, verified_at, state)
         values ($1, 'production', 'de', 'core', $2, '', '', '', 0, 'verified')`,
        [service.name, releaseId],
      ),
  },
  {
    name: 'recording the end',
    service: {},
    when: 'after approval',
    stop: ({ world, releaseId }) =>
      blocked(world.services.postgres.url('slipway'), 'select from slipway.attempts where release_id = $1 for update', [
        releaseId,
      ]),
  },
  {
    name: 'leaving the lane',
    service: {},
    when: 'after approval',
    stop({ world, service }) {
      // Its row is there once the run holds the lane: stopped in nl until that row is held.
      const inNl = world.regions.nl.tap.stop('before', changes(service));
      const row = inNl.reached.then(() =>
        blocked(world.services.postgres.url('slipway'), 'select from slipway.lanes where service = $1 for update', [
          service.name,
        ]),
      );
      const reached = row.then((stop) => {
        inNl.release();
        return stop.reached;
      });
      return { reached, release: () => void row.then((stop) => stop.release()) };
    },
  },
  {
    name: 'rolling back nl',
    service: { components: ['core', 'storefront'] },
    when: 'after approval',
    earlier: true,
    breaks: true,
    stop: ({ world, service, before }) =>
      world.regions.nl.tap.stop(
        'after',
        (passing) => changes(service)(passing) && passing.body.includes(before['core'] ?? 'nothing'),
        anything(service),
      ),
  },
  {
    name: 'rolling back de',
    service: { components: ['core', 'storefront'] },
    when: 'after approval',
    earlier: true,
    breaks: true,
    stop: ({ world, service, before }) =>
      world.regions.de.tap.stop(
        'before',
        (passing) => changes(service)(passing) && passing.body.includes(before['core'] ?? 'nothing'),
      ),
  },
];

function puts({ name }: Service, reference: RegExp) {
  return ({ method, path }: Passing) =>
    method === 'PUT' && path.startsWith(`/v2/${name}/core/manifests/`) && reference.test(path);
}

function createsJob({ name }: Service, purpose: string) {
  return ({ method, path, body }: Passing) =>
    method === 'POST' &&
    path.startsWith(`/apis/batch/v1/namespaces/${name}/jobs`) &&
    body.includes(`slipway-${purpose}-`) &&
    !path.includes('dryRun');
}

/** The write in earnest, not the dry run before it. */
export function changes({ name }: Service) {
  return ({ method, path }: Passing) =>
    method === 'PATCH' && path.startsWith(`/apis/apps/v1/namespaces/${name}/deployments/`) && !path.includes('dryRun');
}

function anything({ name }: Service) {
  return ({ path }: Passing) => path.includes(`/namespaces/${name}/`);
}

/** Takes a lock in a transaction of its own, and is reached when somebody waits for it. */
async function blocked(url: string, lock: string, values: unknown[], unlock = 'rollback'): Promise<Stop> {
  const client = new pg.Client({ connectionString: url });
  const observer = new pg.Client({ connectionString: url });
  await Promise.all([client.connect(), observer.connect()]);
  await client.query('begin');
  await client.query(lock, values);
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const waits = 'select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))';
  const reached = until(
    `somebody to wait for ${lock}`,
    async () => (await observer.query(waits, [rows[0]?.pid])).rowCount !== 0,
  );
  const release = async () => {
    await client.query(unlock);
    await Promise.all([client.end(), observer.end()]);
  };
  return { reached: reached.then(() => {}), release: () => void release() };
}

const scanPath = '/v2/?scan';

/** Stands in for Trivy: it finds nothing, once the tap has let it fetch its databases. In the box, where it looks, there is no tap. */
export async function standInScanner(registry: Tap, directory: string): Promise<{ trivy: string }> {
  const trivy = join(directory, 'trivy');
  const clean = JSON.stringify({ SchemaVersion: 2, Results: [{ Target: 'image', Vulnerabilities: [] }] });
  const script = `#!/bin/sh
case "$*" in
  *--version*) echo 'Version: 0.60.0' ;;
  *--download-java-db-only*) ;;
  *--download-db-only*) exec '${process.execPath}' -e 'fetch(process.argv[1])' '${registry.url}${scanPath}' ;;
  *)
    while [ "$1" != --output ]; do shift; done
    printf %s '${clean}' > "$2" ;;
esac
`;
  await writeFile(trivy, script);
  await chmod(trivy, 0o755);
  return { trivy };
}
