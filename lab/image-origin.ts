import { z } from 'zod';
import { parsePinnedImage } from '../domain/images.ts';
import { shopComponents } from './shop/pipeline-file.ts';
import type { ShopComponent } from './shop/pipeline-file.ts';

/**
 * What an image of the shop was made from: its labels, as the registry has them. Undefined when the registry has no such image; throws
 * when it cannot be asked, which says nothing about the image.
 */
export type OriginOf = (image: string) => Promise<{ component: ShopComponent; commit: string } | undefined>;

const manifest = z.object({ config: z.object({ digest: z.string() }) });
const imageConfig = z.object({ config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }) });
const accept = 'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';

/** Reads from the registry which commit an image was built from: the label that the engine gives every image it builds. */
export const originOf: OriginOf = async (image) => {
  const { repository, digest } = parsePinnedImage(image);
  const slash = repository.indexOf('/');
  const base = `http://${repository.slice(0, slash)}/v2/${repository.slice(slash + 1)}`;
  const found = await read(`${base}/manifests/${digest}`);
  if (found === undefined) return undefined;
  const blob = await read(`${base}/blobs/${manifest.parse(found).config.digest}`);
  if (blob === undefined) return undefined;
  const commit = imageConfig.parse(blob).config.Labels?.['org.opencontainers.image.revision'];
  const component = shopComponents.find((name) => repository.endsWith(`/${name}`));
  return commit && component ? { component, commit } : undefined;
};

async function read(url: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { accept }, signal: AbortSignal.timeout(30_000) });
  if (answer.ok) return answer.json();
  await answer.body?.cancel();
  if (answer.status === 404) return undefined;
  throw new Error(`the registry answered ${answer.status} for ${url}`);
}
