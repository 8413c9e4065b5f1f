import type { Digest, PinnedImage } from './contract/release.ts';
import { digestOf } from './images.ts';
import type { PodObservation } from './rollout-observation.ts';

/** All digests by which a registry, and the runtimes that pull from it, know one image. */
export interface ImageDigests {
  /** The image's own, and where it is an index those of the images in it, by platform. */
  manifests: Digest[];
  /** Of their configurations, which name the content of the layers: equal ones are the same image, however it is packed. */
  configs: Digest[];
  /** False where the registry does not have every image of the index, as with a copy of one platform. */
  complete: boolean;
}

/** What has been found out about digests that pods report in the place of an approved image. */
export interface KnownDigests {
  same: Digest[];
  other: Digest[];
}

export interface UnknownDigest {
  /** The approved one. */
  image: PinnedImage;
  /** As the pod reports it: without a digest where the runtime gives none, empty where it says nothing yet. */
  reported: string;
  pod: string;
  container: string;
}

export type DigestVerdict = { kind: 'same' } | { kind: 'other' | 'unknown'; found: UnknownDigest };

/**
 * Whether a digest that a pod reports is the approved image. Runtimes report the index or the image in it, the configuration, or another
 * packing of the same content. `found` is what the registry has under the reported digest in the same repository, if anything.
 */
export function compareDigests(
  reported: Digest,
  approved: ImageDigests,
  found: ImageDigests | undefined,
): 'same' | 'other' | 'unknown' {
  if ([...approved.manifests, ...approved.configs].includes(reported)) return 'same';
  if (!found || found.configs.length === 0) return 'unknown';
  const common = found.configs.filter((config) => approved.configs.includes(config));
  if (found.complete && common.length === found.configs.length) return 'same';
  return approved.complete && found.complete && common.length === 0 ? 'other' : 'unknown';
}

/** Judges what the pods of the new version report. What is nobody's proof of another image is unknown, never a failure. */
export function judgeDigests(
  pods: PodObservation[],
  images: Record<string, PinnedImage>,
  known: Record<PinnedImage, KnownDigests>,
): DigestVerdict {
  let unknown: DigestVerdict | undefined;
  for (const pod of pods.filter((one) => one.phase === 'Running')) {
    for (const [container, image] of Object.entries(images)) {
      const reported = pod.containers.find((one) => one.name === container)?.imageId ?? '';
      const digest = digestOf(reported);
      if (digest !== undefined && digest === digestOf(image)) continue;
      if (digest !== undefined && known[image]?.same.includes(digest)) continue;
      const found = { image, reported, pod: pod.name, container };
      if (digest !== undefined && known[image]?.other.includes(digest)) return { kind: 'other', found };
      unknown ??= { kind: 'unknown', found };
    }
  }
  return unknown ?? { kind: 'same' };
}
