import { expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNamespacesBox } from '../../activities/box/namespaces-box.ts';
import { createBuildahBuilder } from '../../activities/images/buildah-builder.ts';
import { createGitSource } from '../../activities/source/git-source.ts';
import { describeImageBuilder } from '../contract/images.suite.ts';
import { aCacheOwner } from '../support/cache-owner.ts';
import { aRepository } from '../support/git-repository.ts';
import { aProgress } from '../support/progress.ts';
import { startRegistry } from '../support/registry.ts';
import { usePrograms } from '../support/cluster-programs.ts';

usePrograms('buildah', 'skopeo', 'docker-registry');

const box = createNamespacesBox();

describeImageBuilder('buildah', async () => {
  return { builder: createBuildahBuilder({ box }), tearDown: async () => {} };
});

it('makes the same digest of the same commit, checked out anew on another worker', async () => {
  const repository = await aRepository();
  const registry = await startRegistry();
  const work = await mkdtemp(join(tmpdir(), 'slipway-reproduce-'));
  try {
    const files = { Dockerfile: 'FROM scratch\nCOPY src /src\nCOPY go /go\n', 'src/a': '1', 'src/deep/b': '2' };
    const commit = await repository.commit({ files, executables: { go: '#!/bin/sh\n' }, links: { 'src/link': 'a' } });
    const images = [];
    for (const worker of ['one', 'two']) {
      const source = createGitSource({ cacheDirectory: join(work, worker, 'mirrors'), allowedProtocols: ['file'] });
      const directory = join(work, worker, 'tree');
      await source.checkOut({ repository: repository.directory, commit, directory });
      const request = {
        directory,
        context: '.',
        dockerfile: 'Dockerfile',
        args: {},
        ownImages: [],
        cachesOf: aCacheOwner(),
        labels: {},
        repository: `${registry.host}/shop/core`,
      };
      images.push(await createBuildahBuilder({ box }).build(request, aProgress()));
    }
    expect(images[1]).toBe(images[0]);
  } finally {
    await registry.stop();
    await repository.remove();
    await rm(work, { recursive: true });
  }
}, 120_000);
