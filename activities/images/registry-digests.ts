import { z } from 'zod';
import type { ImageDigests } from '../../domain/rollout-digests.ts';
import type { ImageName } from './reference.ts';

/** Reads one manifest; undefined when the registry does not have it. */
export type ReadManifest = (image: ImageName) => Promise<Uint8Array | undefined>;

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const indexManifest = z.object({ manifests: z.array(z.object({ digest })).max(200) });
const imageManifest = z.object({ config: z.object({ digest }) });

/** Indexes in indexes are allowed, and nobody makes more of them than this. */
const deepest = 3;

/** See the port. Follows an index to the images in it, and each to its configuration. */
export async function digestsOf(read: ReadManifest, image: ImageName): Promise<ImageDigests | undefined> {
  const found: ImageDigests = { manifests: [], configs: [], complete: true };
  const isThere = await collect(read, image, found, 0);
  return isThere ? found : undefined;
}

async function collect(read: ReadManifest, image: ImageName, found: ImageDigests, depth: number): Promise<boolean> {
  if (found.manifests.includes(image.reference)) return true;
  const bytes = depth > deepest ? undefined : await read(image);
  if (!bytes) return false;
  found.manifests.push(image.reference);
  const content = parsedManifest(bytes);
  const index = indexManifest.safeParse(content);
  if (!index.success) {
    const single = imageManifest.safeParse(content);
    if (single.success) found.configs.push(single.data.config.digest);
    else found.complete = false;
    return true;
  }
  for (const { digest: reference } of index.data.manifests) {
    if (await collect(read, { ...image, reference }, found, depth + 1)) continue;
    // The index names it, so it is the same image, though this registry may hold only some of the platforms.
    if (!found.manifests.includes(reference)) found.manifests.push(reference);
    found.complete = false;
  }
  return true;
}

/** Undefined where it is not JSON. */
export function parsedManifest(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
