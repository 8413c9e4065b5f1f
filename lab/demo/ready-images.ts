import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Commit, PinnedImage } from '../../domain/contract/release.ts';
import { run } from '../kubernetes/command.ts';
import { pushImage } from '../kubernetes/registry.ts';
import type { ShopComponent } from '../shop/pipeline-file.ts';

/**
 * Images of the shop for a machine that cannot build any: one layer with the component's files, and the labels that the engine would
 * have given them. Simulated pods run them as well as built ones.
 */
export async function pushReadyImages(options: {
  directory: string;
  registry: string;
  repository: string;
  commit: Commit;
  components: readonly ShopComponent[];
}): Promise<Record<string, PinnedImage>> {
  const { directory, registry, repository, commit, components } = options;
  const place = join(directory, 'ready-images');
  await mkdir(place, { recursive: true });
  const labels = { 'org.opencontainers.image.revision': commit, 'org.opencontainers.image.source': repository };
  const images: Record<string, PinnedImage> = {};
  for (const component of components) {
    const layer = join(place, `${component}-${commit}.tar.gz`);
    await run('git', ['-C', repository, 'archive', '--format=tar.gz', `--output=${layer}`, `${commit}:${component}`]);
    const name = `shop/${component}`;
    const digest = await pushImage({
      registry,
      repository: name,
      tag: 'ready-made',
      layer,
      config: { Labels: labels },
    });
    images[component] = `${registry}/${name}@${digest}`;
  }
  return images;
}
