import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { comesFrom, digestOf, isPinnedImage, parsePinnedImage, shortDigest } from '../../domain/images.ts';
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

describe('where an image comes from', () => {
  it.each([
    ['ghcr.io/acme/x', ['ghcr.io/acme'], true],
    ['ghcr.io/acme/x/y', ['ghcr.io/acme'], true],
    ['ghcr.io/acme/x', ['ghcr.io'], true],
    ['ghcr.io/acme/x', ['ghcr.io/acme/x'], false],
    ['ghcr.io/acme-evil/x', ['ghcr.io/acme'], false],
    ['ghcr.io/acme', ['ghcr.io/acme'], false],
    ['ghcr.io/other/acme/x', ['ghcr.io/acme'], false],
    ['ghcr.io.evil.test/acme/x', ['ghcr.io'], false],
    ['evil.test/ghcr.io/acme/x', ['ghcr.io/acme'], false],
    ['registry.test:5000/shop/core', ['registry.test:5000'], true],
    ['registry.test:5000/shop/core', ['registry.test'], false],
    ['registry.test:50001/shop/core', ['registry.test:5000'], false],
    ['registry.test/shop/core', ['registry.test:5000'], false],
    ['quay.io/acme/x', ['ghcr.io', 'quay.io/acme'], true],
    ['169.254.169.254/latest/x', ['ghcr.io', 'registry.test'], false],
    ['ghcr.io/acme/x', [], false],
    ['ghcr.io/acme/x', [''], false],
    ['ghcr.io/acme/../evil/x', ['ghcr.io/acme'], false],
    ['ghcr.io/acme/%2e%2e/evil/x', ['ghcr.io/acme'], false],
    ['ghcr.io/acme/x%2f..', ['ghcr.io/acme'], false],
    ['ghcr.io/acme/x\\..\\evil', ['ghcr.io/acme'], false],
    ['ghcr.io/acme//x', ['ghcr.io/acme'], false],
    ['ghcr.io/acme/', ['ghcr.io/acme'], false],
    ['user:ghcr.io@evil.test/acme/x', ['ghcr.io'], false],
    ['https://ghcr.io/acme/x', ['ghcr.io/acme'], false],
  ])('%s from %j: %s', (name, sources, expected) => {
    expect(comesFrom(`${name}@${digest}`, sources)).toBe(expected);
  });

  const segment = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,6}[a-z0-9])?$/);
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));

  it('is any source that its name goes on from, at a slash and nowhere else', () => {
    fc.assert(
      fc.property(path, path, segment, (source, rest, more) => {
        expect(comesFrom(`${source}/${rest}@${digest}`, [source])).toBe(true);
        expect(comesFrom(`${source}${more}/${rest}@${digest}`, [source])).toBe(false);
        expect(comesFrom(`${more}${source}/${rest}@${digest}`, [source])).toBe(
          `${more}${source}/${rest}`.startsWith(`${source}/`),
        );
      }),
    );
  });

  it('is the place that a URL of its manifest leads to', () => {
    const anything = fc.array(
      fc.constantFrom('a', 'ghcr.io', 'acme', '.', '..', '%2e', '%2E', '/', '\\', '?', '#', ':', '@'),
    );
    fc.assert(
      fc.property(anything, (pieces) => {
        const image = `ghcr.io/acme/${pieces.join('')}@${digest}`;
        fc.pre(comesFrom(image, ['ghcr.io/acme']));
        const url = new URL(`https://ghcr.io/v2/${image.slice('ghcr.io/'.length)}`);
        expect(url.host + url.pathname).toMatch(/^ghcr\.io\/v2\/acme\/./);
      }),
      { numRuns: 1_000 },
    );
  });
});
