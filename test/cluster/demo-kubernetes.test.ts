import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readdir } from 'node:fs/promises';
import type { DemoResult } from '../../lab/demo/result.ts';
import { aDemoPlace } from '../support/cluster-demo.ts';
import type { DemoPlace, RunningDemo } from '../support/cluster-demo.ts';

const regions = ['de', 'nl'];
const components = ['core', 'dashboard', 'storefront'];

describe('the demo on real Kubernetes', () => {
  let place: DemoPlace;
  beforeEach(async () => {
    place = await aDemoPlace();
  });
  afterEach(() => place.remove(), 120_000);

  it('releases what it says to both clusters, migrates the database, and leaves nothing behind', async () => {
    const demo = place.start('--yes', '--json', '--keep', '--kubernetes');
    const result = await demo.result();
    expect(result).toMatchObject({ ok: true, outcome: 'verified', kind: 'kubernetes', images: 'built' });
    await demo.told(/Ctrl-C/);
    expect(await imagesOf(demo)).toEqual(digestsOf(result));
    expect(result.migrations).toEqual(['catalog.0001_initial']);
    expect(await migrationsThatTheShopSees(demo)).toEqual(['0001_initial']);
    expect(result.effects.filter(({ times }) => times !== 1)).toEqual([]);
    demo.signal('SIGINT');
    expect(await demo.ended()).toBe(0);
    expect(await place.leftovers()).toEqual([]);
    expect(await readdir(place.directory)).toEqual([]);
  });

  it('tells the reason of a region that fails, and brings both back to what was verified before', async () => {
    const demo = place.start('--yes', '--json', '--keep', '--kubernetes', '--fail', 'nl');
    const result = await demo.result();
    expect(result).toMatchObject({
      ok: true,
      outcome: 'rolled-back',
      kind: 'kubernetes',
      failure: { code: 'SLIP-K8S-1' },
    });
    expect(result.failure?.detail).toMatch(/CrashLoopBackOff|exit code 1/);
    expect(result.failure?.detail).toContain('region nl has no CHECKOUT_URL');
    expect(result.durations.detection).toBeLessThan(45_000);
    const images = await imagesOf(demo);
    expect(images).toEqual(digestsOf(result));
    expect(images['de']).toEqual(images['nl']);
    const rejected = result.components.find(({ component }) => component === 'storefront')?.digest;
    expect(images['nl']?.['storefront']).not.toEqual([rejected]);
    expect(
      result.effects.find(({ where, what }) => where === 'region nl' && what.includes(short(rejected))),
    ).toMatchObject({ times: 1 });
    demo.signal('SIGINT');
    expect(await demo.ended()).toBe(0);
    expect(await place.leftovers()).toEqual([]);
  });

  it('removes, at its next run, what a killed one has left, and everything at a Ctrl-C in the middle', async () => {
    const killed = place.start('--yes', '--json', '--kubernetes');
    await killed.told(/Deployments are up[\s\S]*Deployments are up/);
    killed.signal('SIGKILL');
    await killed.ended();
    expect(await place.leftovers()).not.toEqual([]);
    const next = place.start('--yes', '--json', '--kubernetes');
    await next.told(/Deployments are up[\s\S]*Deployments are up/);
    next.signal('SIGINT');
    expect(await next.ended()).toBe(130);
    expect(await place.leftovers()).toEqual([]);
    expect(await readdir(place.directory)).toEqual([]);
  });
});

type Images = Record<string, Record<string, (string | undefined)[]>>;

interface Pod {
  metadata: { deletionTimestamp?: string };
  status: { containerStatuses?: { imageID: string }[] };
}

/** What the pods of both clusters report as their `imageID`, each digest once. */
async function imagesOf(demo: RunningDemo): Promise<Images> {
  const images: Images = {};
  for (const region of regions) {
    const kubectl = await demo.kubectl(region);
    images[region] = {};
    for (const component of components) {
      const listed = await kubectl(['get', 'pods', '-n', 'shop', '-l', `app=${component}`, '-o', 'json']);
      const { items } = JSON.parse(listed) as { items: Pod[] };
      // A pod of the release before may take its grace period to go; it serves nobody any more.
      const ids = items
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .flatMap(({ status }) => (status.containerStatuses ?? []).map(({ imageID }) => imageID));
      images[region][component] = [...new Set(ids.map((id) => id.split('@')[1]))];
    }
  }
  return images;
}

/** The demo's table in the same form. */
function digestsOf(result: DemoResult): Images {
  return Object.fromEntries(
    result.regions.map(({ region, components: rows }) => [
      region,
      Object.fromEntries(rows.map(({ component, digest }) => [component, [digest]])),
    ]),
  );
}

/** As the running shop in nl reads them from the database: not where the migration ran. */
async function migrationsThatTheShopSees(demo: RunningDemo): Promise<unknown> {
  const kubectl = await demo.kubectl('nl');
  const health = await kubectl(['get', '--raw', '/api/v1/namespaces/shop/services/core:8080/proxy/health/']);
  return (JSON.parse(health) as { migrations: unknown }).migrations;
}

function short(digest: string | undefined): string {
  return digest?.slice('sha256:'.length, 'sha256:'.length + 12) ?? 'no digest';
}
