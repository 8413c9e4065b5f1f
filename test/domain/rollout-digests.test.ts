import { describe, expect, it } from '@jest/globals';
import { compareDigests, type ImageDigests, type KnownDigests } from '../../domain/rollout-digests.ts';
import { aContainer, aLook, aPod, approved, failureOf, judged, other, target } from './rollout-builders.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

const reporting = (imageId: string) =>
  aLook({ newPods: [aPod(), aPod({ name: 'api-new-2', containers: [aContainer({ imageId })] })] });
const known = (over: Partial<KnownDigests>) => ({ digests: { [approved]: { same: [], other: [], ...over } } });

describe('the digest that a pod reports', () => {
  it.each<[string, string]>([
    ['of another image in the same index', other],
    ['of the configuration, as Docker does', `docker://${digest('b')}`],
    ['as a bare id', digest('b')],
    ['by another name of the repository', `mirror.test/shop/api@${digest('b')}`],
  ])('completes the rollout when it is known to be the approved image: %s', (_name, imageId) => {
    expect(judged(reporting(imageId), known({ same: [digest('b')] })).kind).toBe('complete');
  });

  it.each<[string, string]>([
    ['a digest', other],
    ['an id without a digest', 'docker://shop/api:latest'],
    ['nothing', ''],
  ])('is inconclusive, neither success nor failure, when nobody knows it: %s', (_name, imageId) => {
    const verdict = judged(reporting(imageId));
    expect(verdict).toMatchObject({
      kind: 'inconclusive',
      unknown: { image: approved, reported: imageId, pod: 'api-new-2', container: 'api' },
    });
    expect(judged(reporting(imageId), { deadline: target.appliedAt }).kind).toBe('inconclusive');
  });

  it('fails the rollout only when it is known to be another image', () => {
    expect(failureOf(judged(reporting(other), known({ other: [digest('b')] })))).toMatchObject({
      reason: 'OtherDigest',
      pod: 'api-new-2',
      container: 'api',
      message: expect.stringContaining(other),
    });
  });

  it('of one pod that is another image is not hidden by one that nobody knows', () => {
    const seen = aLook({
      newPods: [
        aPod({ containers: [aContainer({ imageId: digest('c') })] }),
        aPod({ name: 'api-new-2', containers: [aContainer({ imageId: other })] }),
      ],
    });
    expect(failureOf(judged(seen, known({ other: [digest('b')] })))).toMatchObject({ reason: 'OtherDigest' });
  });
});

describe('comparing a digest with the approved image', () => {
  const anIndex: ImageDigests = {
    manifests: [digest('a'), digest('1'), digest('2')],
    configs: [digest('3'), digest('4')],
    complete: true,
  };
  const single = (manifest: string, config: string): ImageDigests => ({
    manifests: [digest(manifest)],
    configs: [digest(config)],
    complete: true,
  });

  it.each<[string, string, ImageDigests, ImageDigests | undefined, string]>([
    ['an image of the index', '2', anIndex, undefined, 'same'],
    ['a configuration of the index', '4', anIndex, undefined, 'same'],
    ['the same content in another packing', '7', anIndex, single('7', '3'), 'same'],
    ['another index of the same images', '7', anIndex, { ...anIndex, manifests: [digest('7')] }, 'same'],
    ['another image', '7', anIndex, single('7', '8'), 'other'],
    ['what the registry does not have', '7', anIndex, undefined, 'unknown'],
    ['what has no configuration', '7', anIndex, { ...single('7', '8'), configs: [] }, 'unknown'],
    [
      'an index that holds the image among others',
      '7',
      anIndex,
      { ...single('7', '8'), configs: [digest('3'), digest('8')] },
      'unknown',
    ],
    [
      'another image, where the approved index is not whole',
      '7',
      { ...anIndex, complete: false },
      single('7', '8'),
      'unknown',
    ],
    ['an index that is not whole', '7', anIndex, { ...single('7', '3'), complete: false }, 'unknown'],
  ])('says of %s', (_name, reported, image, found, verdict) => {
    expect(compareDigests(digest(reported), image, found)).toBe(verdict);
  });
});
