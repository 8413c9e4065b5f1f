import { describe, expect, it } from '@jest/globals';
import { digestOf, isPinnedImage, parsePinnedImage, shortDigest } from '../../domain/images.ts';
import { anImage } from './builders.ts';

const digest = `sha256:${'1'.repeat(64)}`;

describe('an image', () => {
  it('is taken apart when it is pinned', () => {
    expect(parsePinnedImage(anImage())).toEqual({ repository: 'registry.test/shop/core', digest });
    expect(parsePinnedImage(`127.0.0.1:5000/a@${digest}`)).toEqual({ repository: '127.0.0.1:5000/a', digest });
  });

  it.each([
    'registry.test/shop/core',
    'registry.test/shop/core:latest',
    `registry.test/shop/core@sha256:${'1'.repeat(63)}`,
    `registry.test/shop/core@sha256:${'A'.repeat(64)}`,
    `registry.test/shop/core@${digest}0`,
    `a b@${digest}`,
    `@${digest}`,
    `${anImage()}\n`,
    '',
  ])('is refused when it is %j', (image) => {
    expect(isPinnedImage(image)).toBe(false);
    expect(() => parsePinnedImage(image)).toThrow(TypeError);
  });

  it('shows its digest whatever the runtime writes before it', () => {
    expect(digestOf(`docker-pullable://registry.test/shop/core@${digest}`)).toBe(digest);
    expect(digestOf('registry.test/shop/core:1')).toBeUndefined();
    expect(shortDigest(anImage())).toBe('111111111111');
    expect(shortDigest('busybox')).toBe('busybox');
  });
});
