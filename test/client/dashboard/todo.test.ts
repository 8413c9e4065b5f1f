import { describe, expect, it } from '@jest/globals';
import { waitsInWords } from '../../../client/dashboard/words/standing.ts';
import { imagesIn } from '../../../client/dashboard/words/where.ts';

const lane = { service: 'shop', environment: 'production' };

describe('what is told aloud of what waits', () => {
  const nothing = { forMe: [], isAllKnown: true };

  it('is not that nothing does, where a lane on hold is for them to open', () => {
    expect(waitsInWords(nothing, [lane])).toBe('On hold: shop in production.');
    expect(waitsInWords(nothing)).toBe('Nothing waits for you.');
  });
});

describe('images in a place', () => {
  const image = (digest: string) => `registry/shop/core@sha256:${digest}` as const;
  const artifacts = [{ component: 'core', image: image('new') }];

  it('are what was there before, and what this release puts there', () => {
    const component = { component: 'core', image: image('new') };
    expect(imagesIn(component, artifacts, image('old'))).toEqual({ before: image('old'), own: image('new') });
    expect(imagesIn(component, artifacts, undefined)).toEqual({ own: image('new') });
  });

  it('are not turned round where the one before was put back', () => {
    const component = { component: 'core', image: image('old') };
    expect(imagesIn(component, artifacts, undefined)).toEqual({ before: image('old'), own: image('new') });
  });
});
