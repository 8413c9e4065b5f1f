import { z } from 'zod';
import { parsePinnedImage } from '../domain/images.ts';
import { shopComponents } from './shop/pipeline-file.ts';
import type { ShopComponent } from './shop/pipeline-file.ts';

/** What an image of the shop was made from: its labels, as the registry has them. */
export type OriginOf = (image: string) => Promise<{ component: ShopComponent; commit: string } | undefined>;

const manifest = z.object({ config: z.object({ digest: z.string() }) });
const imageConfig = z.object({ config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }) });
const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

/** Reads from the registry which commit an image was built from: the label that the engine gives every image it builds. */
export const originOf: OriginOf = async (image) => {
  const { repository, digest } = parsePinnedImage(image);
  const slash = repository.indexOf('/');
  const base = `http://${repository.slice(0, slash)}/v2/${repository.slice(slash + 1)}`;
  const found = await fetch(`${base}/manifests/${digest}`, { headers: { accept } });
  if (!found.ok) return undefined;
  const { config } = manifest.parse(await found.json());
  const blob = await fetch(`${base}/blobs/${config.digest}`);
  if (!blob.ok) return undefined;
  const commit = imageConfig.parse(await blob.json()).config.Labels?.['org.opencontainers.image.revision'];
  const component = shopComponents.find((name) => repository.endsWith(`/${name}`));
  return commit && component ? { component, commit } : undefined;
};
