import type { Digest, PinnedImage } from './contract/release.ts';

const pinned = /^(?<repository>[^@\s]+)@(?<digest>sha256:[0-9a-f]{64})$/;

/** Takes `host/repository@sha256:…` apart; throws on anything else, because nothing else may be deployed. */
export function parsePinnedImage(image: PinnedImage): { repository: string; digest: Digest } {
  const groups = pinned.exec(image)?.groups;
  if (!groups) throw new TypeError(`${JSON.stringify(image)} is not an image pinned by digest`);
  return { repository: groups['repository']!, digest: groups['digest']! };
}

export function isPinnedImage(image: string): boolean {
  return pinned.test(image);
}

/** The digest of an image or of a pod's `imageID`, which some runtimes write as `docker-pullable://repo@sha256:…`. */
export function digestOf(image: string): Digest | undefined {
  return /sha256:[0-9a-f]{64}$/.exec(image)?.[0];
}

/** Twelve characters are enough for people to compare. */
export function shortDigest(image: string): string {
  return (digestOf(image) ?? image).replace('sha256:', '').slice(0, 12);
}
