import { join } from 'node:path';
import type { Progress } from './command.ts';
import { ensurePause } from './images.ts';
import { bridgeOwner, IndexTaken, MOST_REGIONS, networkOf } from './network.ts';
import { cleanUpAbandonedRegions, isAbandoned } from './clean-up.ts';
import { ensureKubernetesBinaries } from './binaries.ts';
import { ensureCniPlugins, ensurePrograms } from './packages.ts';
import { checkName, startRegion } from './region.ts';
import type { RealRegion } from './region.ts';

export interface RegionsOptions {
  /** Each region gets a folder of its name in here. */
  directory: string;
  /** host:port of a registry on loopback. */
  registry: string;
  progress: Progress;
}

/** Starts regions of our own side by side. When one fails, all that started are stopped before the error is thrown. */
export async function startRegions(names: readonly string[], options: RegionsOptions): Promise<RealRegion[]> {
  for (const name of names) checkName(name);
  if (new Set(names).size < names.length) throw new Error(`two regions have the same name: ${names.join(', ')}`);
  // once for all, before anything starts: two installations or builds at the same time would only wait for each other
  await ensurePrograms(['containerd', 'runc', 'ip', 'openssl'], options.progress);
  await ensureCniPlugins(options.progress);
  await ensureKubernetesBinaries(options.progress);
  await ensurePause(options.registry, options.progress);
  await cleanUpAbandonedRegions(options.progress);
  const taken = new Set<number>();
  const started = await Promise.allSettled(names.map((name) => startOnFreeIndex(name, options, taken)));
  const regions = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failures = started.flatMap((result) => (result.status === 'rejected' ? [result.reason as Error] : []));
  if (failures.length === 0) return regions;
  await Promise.allSettled(regions.map((region) => region.stop()));
  const [first] = failures;
  if (first && failures.length === 1) throw first;
  throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
}

/** Another set of regions may run on this machine, and may take an index between the look and the claim. */
async function startOnFreeIndex(name: string, options: RegionsOptions, taken: Set<number>): Promise<RealRegion> {
  for (let index = 0; index < MOST_REGIONS; index += 1) {
    if (taken.has(index)) continue;
    taken.add(index);
    const owner = await bridgeOwner(networkOf(index).bridge);
    if (owner !== undefined && !(owner && (await isAbandoned(owner)))) continue;
    try {
      return await startRegion({ ...options, name, index, directory: join(options.directory, name) });
    } catch (error) {
      if (!(error instanceof IndexTaken)) throw error;
    }
  }
  throw new Error(`all ${MOST_REGIONS} places for a region on this machine are taken`);
}
