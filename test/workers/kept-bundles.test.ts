import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { forgetUnused } from '../../workers/bundle.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-bundles-'));
});
afterAll(() => rm(directory, { recursive: true }));

it('keeps workflow bundles that a worker has begun with in the last month, and no others', async () => {
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  for (const days of [0, 29, 31, 400]) {
    const file = join(directory, `${days}.js`);
    await writeFile(file, '');
    await utimes(file, daysAgo(days), daysAgo(days));
  }
  await forgetUnused(directory);
  expect((await readdir(directory)).sort()).toEqual(['0.js', '29.js']);
});
