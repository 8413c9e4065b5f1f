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

/** What a pod runs, for people: each of its images once. Which version that is, is said so of one that is put back as well. */
export function shortDigests(images: Record<string, string>): string {
  return [...new Set(Object.values(images).map(shortDigest))].join(' and ');
}

/**
 * Whether a pinned image lies in one of the places, each `host[:port][/prefix]`, compared by whole path segments: `ghcr.io/acme` holds
 * `ghcr.io/acme/x`, not `ghcr.io/acme-evil/x`. Hosts are compared as they are written. False for what is not pinned, and for names that a
 * URL would read otherwise (`..`).
 */
export function comesFrom(image: PinnedImage, sources: readonly string[]): boolean {
  const name = pinned.exec(image)?.groups?.['repository'] ?? '';
  const plain = name.split('/').every((segment) => /^[A-Za-z0-9][\w.:-]*$/.test(segment));
  return plain && sources.some((source) => source !== '' && name.startsWith(`${source}/`));
}

/** The registry that an image, or where images lie, is named with: `host[:port]`. */
export function registryHost(name: string): string {
  const [host = ''] = name.split('/', 1);
  return host;
}

/** What an image is called, without tag and digest. */
export function withoutVersion(image: string): string {
  const [named = ''] = image.split('@', 1);
  const colon = named.lastIndexOf(':');
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
}
