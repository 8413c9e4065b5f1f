import type { ReadRelease } from '../../activities/steps/types.ts';
import type { Artifact } from '../../domain/contract/release.ts';
import type { Run } from '../run.ts';
import { buildImages } from './build-images.ts';
import { scanAndTest } from './scan-and-test.ts';

/** Everything a plan is made from. */
export interface Prepared {
  pipeline: ReadRelease;
  artifacts: Artifact[];
}

/** Builds the images, then scans and tests these very images. */
export async function prepare(run: Run, pipeline: ReadRelease): Promise<Prepared> {
  const artifacts = await buildImages(run, pipeline);
  await scanAndTest(run, pipeline);
  return { pipeline, artifacts };
}
