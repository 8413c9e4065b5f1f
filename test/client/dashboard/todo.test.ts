import { describe, expect, it } from '@jest/globals';
import type { RegionPhase, RegionStatus } from '../../../domain/contract/status.ts';
import { waitsInWords } from '../../../client/dashboard/words/standing.ts';
import { goesBack, imagesIn, runsNow } from '../../../client/dashboard/words/where.ts';

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

  it('have beside them what runs now where something was put back', () => {
    const region = (phase: RegionPhase): RegionStatus => ({ region: 'de', phase, components: [] });
    expect(goesBack([region('verified'), region('rolled-back')])).toBe(true);
    expect(goesBack([region('verified'), region('failed')])).toBe(false);
  });

  const old = { image: image('old') };
  it.each<[RegionPhase, open: object, ended: object]>([
    ['pending', { says: 'as before' }, { says: 'as before' }],
    ['deploying', { says: 'changing' }, { says: 'not known' }],
    ['rolling-back', { says: 'changing' }, { says: 'not known' }],
    ['deployed', old, old],
    ['verified', old, old],
    ['unchanged', old, old],
    ['rolled-back', old, old],
    ['unproven', { says: 'not known' }, { says: 'not known' }],
    ['interrupted', { says: 'not known' }, { says: 'not known' }],
    ['failed', { says: 'not known' }, { says: 'not known' }],
    ['unknown', { says: 'not known' }, { says: 'not known' }],
  ])('have beside them what runs of what is %s, and what was left once the run has ended', (phase, open, ended) => {
    const now = (isOpen: boolean) => runsNow({ phase, image: image('old') }, { own: image('new'), isOpen });
    expect(now(true)).toEqual(open);
    expect(now(false)).toEqual(ended);
  });

  it('have no image of the release beside them where nothing was put back, as nothing was there before', () => {
    const isNew = { phase: 'rolled-back', image: image('new') } as const;
    for (const isOpen of [true, false])
      expect(runsNow(isNew, { own: image('new'), isOpen })).toEqual({ says: 'as before' });
  });

  it('are not turned round where the one before was put back', () => {
    const component = { component: 'core', image: image('old') };
    expect(imagesIn(component, artifacts, undefined)).toEqual({ before: image('old'), own: image('new') });
  });
});
