import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { manifestsPut } from '../support/world-counts.ts';
import { points, standInScanner } from '../support/world-points.ts';
import {
  expectApprovalsUsedOnce,
  expectEachEffectOnce,
  expectWholeAudit,
  verifiedDigests,
} from '../support/world-effects.ts';
import { approve, end, namesOf, standAt, toldOf } from '../support/world-stories.ts';
import type { Story } from '../support/world-stories.ts';
import { patience } from '../support/world-until.ts';
import { startWorld } from '../support/world.ts';
import type { World } from '../support/world.ts';

/** One release per point, side by side; then one `kill -9` meets each of them in the middle of its own phase. */

let world: World;
let stories: Story[];

beforeAll(async () => {
  world = await startWorld({ services: namesOf(points), scanners: standInScanner });
  stories = await standAt(world, points);

  const killedAt = Date.now();
  await world.killWorker();
  for (const { stop } of stories) stop?.release();
  await world.engine.supervisor.ready();
  const readyAt = Date.now();
  const early = stories.filter(({ point }) => point.when === 'before approval');
  await Promise.all(early.map(approve));
  await Promise.all(stories.map(end));
  console.info(
    `${stories.length} runs were hit by one kill: the worker was back after ${readyAt - killedAt} ms, the last run ended after ${Date.now() - killedAt} ms`,
  );
}, patience.preparation);

afterAll(async () => {
  await world?.stop();
});

describe('kill -9 of the worker in the middle of', () => {
  it.each(points)('$name: the run goes on and does nothing twice', async (point) => {
    await expectEachEffectOnce(world, toldOf(stories, point));
  });

  it.each(points.filter((p) => p.builds))('$name: all pushes and tags are of one image', async (point) => {
    const { service, view } = toldOf(stories, point);
    const put = new Set((await manifestsPut(world, service)).filter((line) => !line.includes(' build-')));
    const { core } = await verifiedDigests(world, view);
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

  it('leaves an audit that is whole, with one row for each effect', () => expectWholeAudit(world, stories));

  it('uses each approval once', () => expectApprovalsUsedOnce(world, stories));
});

const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
