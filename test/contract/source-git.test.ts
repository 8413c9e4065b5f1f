import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGitSource } from '../../activities/source/git-source.ts';
import { describeSource } from './source.suite.ts';

describeSource('git', async () => {
  const cacheDirectory = await mkdtemp(join(tmpdir(), 'slipway-mirrors-'));
  return {
    source: createGitSource({ cacheDirectory, allowedProtocols: ['file'] }),
    tearDown: () => rm(cacheDirectory, { recursive: true, force: true }),
  };
});
