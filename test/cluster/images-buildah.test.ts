import { createBuildahBuilder } from '../../activities/images/buildah-builder.ts';
import { describeImageBuilder } from '../contract/images.suite.ts';
import { requireProgram } from '../support/registry.ts';

describeImageBuilder('buildah', async () => {
  await requireProgram('buildah');
  await requireProgram('skopeo');
  return { builder: createBuildahBuilder(), tearDown: async () => {} };
});
