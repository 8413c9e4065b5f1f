import { sha256 } from './sha256.ts';

/** Whose builds are trusted alike: what one of them leaves in a cache, the next believes. */
export interface CacheOwner {
  service: string;
  environment: string;
  branch: string;
}

/**
 * What a cache is called that these share, for one purpose. Not by the repository of images: a branch that nobody has reviewed builds the same
 * image, for an environment that lets it.
 */
export const cacheOf = ({ service, environment, branch }: CacheOwner, purpose: string): string =>
  sha256(JSON.stringify([service, environment, branch, purpose])).slice(0, 16);
