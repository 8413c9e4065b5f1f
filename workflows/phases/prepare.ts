import type { Run } from '../run.ts';
import { buildImages } from './build-images.ts';
import { scanAndTest } from './scan-and-test.ts';

/** Builds the images, then scans and tests these very images. */
export async function prepare(run: Run): Promise<void> {
  await run.once('prepared', async () => {
    await buildImages(run);
    await scanAndTest(run);
  });
}
