import { z } from 'zod';
import { failure } from '../../domain/errors/catalogue.ts';
import { isDigest, type ImageName } from './reference.ts';
import { parsedManifest, type ReadManifest } from './registry-digests.ts';

const listed = z.object({
  digest: z.string().refine(isDigest),
  platform: z.object({ os: z.string().optional(), architecture: z.string().optional() }).optional(),
});
const index = z.object({ manifests: z.array(listed), config: z.never().optional(), layers: z.never().optional() });
const single = z.object({ config: z.object({ digest: z.string().refine(isDigest) }), manifests: z.never().optional() });

/** Each costs a look of minutes. Images of many platforms have a dozen. */
const mostManifests = 32;

/**
 * See the port. Indexes in indexes are followed. What this registry does not have, though an index names it, counts as an image: whoever looks at
 * that will say that it could not.
 */
export async function imagesIn(read: ReadManifest, image: ImageName): Promise<ImageName[] | undefined> {
  const images: ImageName[] = [];
  // Grows while it is gone through.
  const references = new Set([image.reference]);
  for (const reference of references) {
    const bytes = await read({ ...image, reference });
    if (!bytes && reference === image.reference) return undefined;
    const inside = bytes && insideOf({ ...image, reference }, bytes);
    if (!inside) images.push({ ...image, reference });
    for (const digest of inside ?? []) references.add(digest);
    if (references.size > mostManifests)
      throw failure('SLIP-IMG-6', `${nameOf(image)} has more than ${mostManifests} images: give that of one platform`);
  }
  return images;
}

/** The digests that an index names; undefined of an image. */
function insideOf(image: ImageName, bytes: Uint8Array): string[] | undefined {
  const content = parsedManifest(bytes);
  if (single.safeParse(content).success) return undefined;
  const read = index.safeParse(content);
  if (!read.success) throw failure('SLIP-IMG-6', `${nameOf(image)} is neither an image nor an index of images`);
  return read.data.manifests.filter(({ platform }) => !isNone(platform)).map(({ digest }) => digest);
}

/** Builders put what they attest beside the images so, for a platform that nothing runs on. */
const isNone = (platform: { os?: string | undefined; architecture?: string | undefined } | undefined) =>
  platform?.os === 'unknown' && platform.architecture === 'unknown';

const nameOf = ({ host, repository, reference }: ImageName) => `${host}/${repository}@${reference}`;
