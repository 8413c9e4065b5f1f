import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { forgetUnused, workflowBundle } from '../../workers/bundle.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'slipway-bundles-'));
});
afterEach(() => rm(directory, { recursive: true }));

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);

async function aBundle(file: string, days: number): Promise<void> {
  await writeFile(file, '');
  await utimes(file, daysAgo(days), daysAgo(days));
}

it('keeps workflow bundles that a worker has begun with in the last month, and no others', async () => {
  for (const days of [0, 29, 31, 400]) await aBundle(join(directory, `${days}.js`), days);
  await forgetUnused(directory);
  expect((await readdir(directory)).sort()).toEqual(['0.js', '29.js']);
});

it('tidies when it makes a new one, and takes one that a worker begins with again for used', async () => {
  const kept = join(directory, 'workflow-bundles');
  await mkdir(kept);
  await aBundle(join(kept, 'of-last-year.js'), 400);
  const { codePath, buildId } = await workflowBundle(directory);
  expect(await readdir(kept)).toEqual([basename(codePath)]);
  await utimes(codePath, daysAgo(40), daysAgo(40));
  expect(await workflowBundle(directory)).toEqual({ codePath, buildId });
  expect((await stat(codePath)).mtimeMs).toBeGreaterThan(daysAgo(1).getTime());
});
