import { expect } from '@jest/globals';
import { createPostgresRecords } from '../../activities/records/postgres-records.ts';
import type { ReleaseView } from '../../domain/contract/gateway.ts';
import { countsOf, digestsOf, runningIn } from './world-counts.ts';
import { endOf, verified } from './world-end.ts';
import { regionNames } from './world-parts.ts';
import { ask } from './world-service.ts';
import type { Story, ToldStory } from './world-stories.ts';
import type { World } from './world.ts';

/** It ended as it should, and each effect is there once: nothing the engine says about itself counts. */
export async function expectEachEffectOnce(world: World, story: ToldStory): Promise<void> {
  const { point, service, view, before, brings, stop } = story;
  expect(endOf(view)).toEqual(point.breaks ? { outcome: 'rolled-back', because: expect.any(String) } : verified);

  const counts = await countsOf(world, service);
  // Each image once into each Deployment of each region; a rollback puts the earlier one there a second time.
  const brought = point.builds ? await verifiedDigests(world, view) : digestsOf(brings);
  const others = digestsOf(stop?.others ?? {});
  const wanted: Record<string, number> = {};
  for (const region of regionNames) {
    for (const component of service.components) {
      if (before[component]) wanted[`${region} ${component} ${before[component]}`] = 2;
      if (others[component]) wanted[`${region} ${component} ${others[component]}`] = 1;
      wanted[`${region} ${component} ${brought[component] ?? ''}`] = 1;
    }
  }
  expect(counts.images).toEqual(wanted);

  const ends = point.breaks ? before : brought;
  const running = regionNames.flatMap((region) => service.components.map((c) => [`${region} ${c}`, [ends[c]]]));
  expect(await runningIn(world, service)).toEqual(Object.fromEntries(running));

  const migrates = point.service.migration !== undefined;
  expect(counts.migrations).toEqual(migrates ? ['0001_change'] : []);
  expect(counts.migrationStatements).toBe(migrates ? 1 : 0);
  expect(counts.applyJobs).toHaveLength(migrates ? 1 : 0);
}

export async function expectWholeAudit(world: World, stories: readonly Story[]): Promise<void> {
  const records = await createPostgresRecords({ url: world.services.postgres.url('slipway'), maxConnections: 1 });
  try {
    for (const { service } of stories) {
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
  } finally {
    await records.close();
  }
}

export async function expectApprovalsUsedOnce(world: World, stories: readonly Story[]): Promise<void> {
  for (const { releaseId } of stories) {
    const used = await ask(
      world.services.postgres.url('slipway'),
      'select from slipway.used_approvals where release_id = $1',
      [releaseId],
    );
    expect(used).toHaveLength(1);
  }
}

/** The images of a release that was verified, as the inventory has them. */
export async function verifiedDigests(world: World, { releaseId }: ReleaseView): Promise<Record<string, string>> {
  const rows = await ask<{ component: string; image: string }>(
    world.services.postgres.url('slipway'),
    'select component, image from slipway.inventory where release_id = $1',
    [releaseId],
  );
  return digestsOf(Object.fromEntries(rows.map(({ component, image }) => [component, image])));
}
