import type { Digest, PinnedImage } from '../../domain/contract/release.ts';
import { digestOf, parsePinnedImage } from '../../domain/images.ts';
import { compareDigests, type KnownDigests, type UnknownDigest } from '../../domain/rollout-digests.ts';
import type { Registry } from '../images/port.ts';

/** What the registry says of digests that pods report in the place of the approved one. */
export interface DigestKnowledge {
  readonly known: Record<PinnedImage, KnownDigests>;
  /** Asks about one more. False when there is nothing new: it could not be told, and was not long enough ago to ask again. */
  learn(unknown: UnknownDigest): Promise<boolean>;
}

/** A registry that is away, or has not got the image yet, is not asked with every look. */
const pauseMs = 10_000;

/** For the length of one watch. Nothing is asked while pods report what was approved. */
export function createDigestKnowledge(registry: Pick<Registry, 'digestsOf'>, now: () => number): DigestKnowledge {
  const known: Record<PinnedImage, KnownDigests> = {};
  const askedAt = new Map<string, number>();
  return {
    known,
    async learn({ image, reported }) {
      const digest = digestOf(reported);
      const key = `${image} ${digest}`;
      if (digest === undefined || now() - (askedAt.get(key) ?? -Infinity) < pauseMs) return false;
      askedAt.set(key, now());
      const verdict = await compare(registry, image, digest);
      if (verdict === 'unknown') return false;
      const knowledge = (known[image] ??= { same: [], other: [] });
      knowledge[verdict].push(digest);
      return true;
    },
  };
}

/**
 * Asks in the approved image's own repository alone: which registry is asked, and with which login, is not for a pod's status to say.
 * A registry that cannot be asked proves nothing.
 */
async function compare(
  registry: Pick<Registry, 'digestsOf'>,
  image: PinnedImage,
  reported: Digest,
): Promise<'same' | 'other' | 'unknown'> {
  try {
    const approved = await registry.digestsOf(image);
    if (!approved) return 'unknown';
    const atOnce = compareDigests(reported, approved, undefined);
    if (atOnce !== 'unknown') return atOnce;
    const { repository } = parsePinnedImage(image);
    return compareDigests(reported, approved, await registry.digestsOf(`${repository}@${reported}`));
  } catch {
    return 'unknown';
  }
}
