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

  it('have beside them what runs now, where something was put back, and say where nobody knows', () => {
    const region = (phase: RegionPhase): RegionStatus => ({ region: 'de', phase, components: [] });
    expect(goesBack([region('verified'), region('rolled-back')])).toBe(true);
    expect(goesBack([region('verified'), region('failed')])).toBe(false);
    const now = (phase: RegionPhase) => runsNow({ phase, image: image('old') });
    expect(now('rolled-back')).toEqual({ image: image('old') });
    expect(now('rolling-back')).toEqual({ says: 'changing' });
    expect(now('pending')).toEqual({ says: 'as before' });
    for (const phase of ['failed', 'unknown', 'partly-back'] as const)
      expect(now(phase)).toEqual({ says: 'not known' });
  });

  it('are not turned round where the one before was put back', () => {
    const component = { component: 'core', image: image('old') };
    expect(imagesIn(component, artifacts, undefined)).toEqual({ before: image('old'), own: image('new') });
  });
});
