import { z } from 'zod';
import type { PinnedImage } from '../../domain/contract/release.ts';
import { failure } from '../../domain/errors/catalogue.ts';
import { isDigest, type ImageName } from './reference.ts';
import { parsedManifest, type ReadManifest } from './registry-digests.ts';

/*
 * The keys of the OCI and Docker specifications, and no others: what runs images reads keys without regard to their case, so that `Manifests` beside
 * `manifests` would be another image there than here.
 */
const anything = z.unknown().optional();
const ofAny = {
  schemaVersion: anything,
  mediaType: anything,
  artifactType: anything,
  subject: anything,
  annotations: anything,
};
const platform = z.strictObject({
  os: z.string().optional(),
  architecture: z.string().optional(),
  variant: anything,
  'os.version': anything,
  'os.features': anything,
  features: anything,
});
const listed = z.strictObject({
  digest: z.string().refine(isDigest),
  platform: platform.optional(),
  ...ofAny,
  size: anything,
  urls: anything,
  data: anything,
});
const index = z.strictObject({ ...ofAny, manifests: z.array(listed) });
const single = z.strictObject({ ...ofAny, config: z.looseObject({ digest: z.string() }), layers: anything });

/** Each costs a look of minutes. Images of many platforms have a dozen. */
const mostImages = 32;
/** With the indexes among them. */
const mostManifests = 2 * mostImages;

/**
 * See the port. Indexes in indexes are followed. What this registry does not have, though an index names it, counts as an image: whoever looks at
 * that will say that it could not.
 */
export async function imagesIn(read: ReadManifest, image: ImageName): Promise<PinnedImage[] | undefined> {
  const named = (reference: string): PinnedImage => `${image.host}/${image.repository}@${reference}`;
  const refuse = (why: string) => failure('SLIP-IMG-6', `${named(image.reference)} ${why}`);
  const images: PinnedImage[] = [];
  // Grows while it is gone through.
  const references = new Set([image.reference]);
  for (const reference of references) {
    const bytes = await read({ ...image, reference });
    if (!bytes && reference === image.reference) return undefined;
    const inside = bytes && insideOf(bytes);
    if (inside === 'neither') throw refuse(`is, or has in it, neither an image nor an index of images: ${reference}`);
    if (!inside || inside === 'image') images.push(named(reference));
    else for (const digest of inside) references.add(digest);
    if (images.length > mostImages || references.size > mostManifests)
      throw refuse(`has more than ${mostImages} images: give that of one platform, by its digest`);
  }
  if (images.length === 0) throw refuse('is an index that names no image');
  return images;
}

/** The digests that an index names. */
function insideOf(bytes: Uint8Array): string[] | 'image' | 'neither' {
  const content = parsedManifest(bytes);
  if (single.safeParse(content).success) return 'image';
  const read = index.safeParse(content);
  return read.success ? read.data.manifests.filter((one) => !isOfNone(one)).map(({ digest }) => digest) : 'neither';
}

/** Builders put what they attest beside the images so, for a platform that nothing runs on. */
const isOfNone = ({ platform: of }: z.infer<typeof listed>) => of?.os === 'unknown' && of.architecture === 'unknown';
