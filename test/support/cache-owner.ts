import type { CacheOwner } from '../../activities/shared/build-cache.ts';

export const aCacheOwner = (changes: Partial<CacheOwner> = {}): CacheOwner => ({
  ...{ service: 'shop', environment: 'production', branch: 'main' },
  ...changes,
});
