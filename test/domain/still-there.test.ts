import { describe, expect, it } from '@jest/globals';
import type { LeftBehind } from '../../domain/contract/gateway.ts';
import { noMoreThere } from '../../domain/still-there.ts';
import { aPlan, aPlannedComponent, aRegion, aReleaseId, aVerified } from './builders.ts';

const releaseId = aReleaseId();
const other = aReleaseId(2);
const plan = aPlan({
  components: [aPlannedComponent('core'), aPlannedComponent('web')],
  regions: [aRegion('de'), aRegion('nl')],
});
const at = (region: string, component: string, by = releaseId) => aVerified({ region, component, releaseId: by });
const all = [at('de', 'core'), at('de', 'web'), at('nl', 'core'), at('nl', 'web')];

describe('a release that was verified', () => {
  it.each<[string, { inventory?: typeof all; left?: LeftBehind[] }, string[]]>([
    ['is there while each component of each of its regions is verified by it', {}, []],
    [
      'is not where another was verified since',
      { inventory: [at('de', 'core'), at('de', 'web'), at('nl', 'core', other), at('nl', 'web', other)] },
      [`nl: ${other} is what is verified there now`],
    ],
    [
      'is not where it was put back and nothing was before it',
      { inventory: [at('nl', 'core'), at('nl', 'web')] },
      ['de: it was put back there since, and nothing is verified in its place'],
    ],
    [
      'is not where another run has left something',
      { left: [{ region: 'nl', component: 'core', releaseId: other, outcome: 'halted' }] },
      [`nl: core may run what ${other} put there, which ended halted`],
    ],
    ['is there, whatever its own run has done', { left: [{ region: 'nl', component: 'core', releaseId }] }, []],
    [
      'is there, whatever happens where it never was',
      { left: [{ region: 'fr', component: 'core', releaseId: other }], inventory: [...all, at('fr', 'core', other)] },
      [],
    ],
  ])('%s', (_what, { inventory = all, left = [] }, lines) => {
    expect(noMoreThere({ releaseId, plan, inventory, left })).toEqual(lines);
  });

  it('tells ten places, and how many more there are', () => {
    const names = Array.from({ length: 30 }, (_, n) => `r${n}`);
    const wide = aPlan({ components: [aPlannedComponent('core')], regions: names.map((name) => aRegion(name)) });
    const lines = noMoreThere({ releaseId, plan: wide, inventory: [], left: [] });
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('and so in 20 more places');
  });
});
