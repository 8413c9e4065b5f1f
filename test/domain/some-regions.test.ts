import { describe, expect, it } from '@jest/globals';
import { commitTagOf } from '../../domain/commit-tag.ts';
import { componentsIn, hasPlace } from '../../domain/components-in.ts';
import { judgeDrift } from '../../domain/drift.ts';
import { chooseRollback } from '../../domain/rollback.ts';
import { noMoreThere } from '../../domain/still-there.ts';
import { isVerifiedIn } from '../../domain/verified-in.ts';
import { permitted } from '../../domain/way-back.ts';
import { aCommit, aPlan, aPlannedComponent, aRegion, aVerified, anImage } from './builders.ts';

/** `core` goes to both regions; `search` to the first alone. */
const plan = aPlan({
  components: [aPlannedComponent('core'), aPlannedComponent('search', { regions: ['de'], origin: 'unchanged' })],
  regions: [aRegion('de'), aRegion('nl')],
});
const places = [
  ['de', 'core'],
  ['de', 'search'],
  ['nl', 'core'],
] as const;
const inventory = places.map(([region, component]) => {
  const { image } = plan.components.find(({ name }) => name === component)!;
  return aVerified({ region, component, image });
});

describe('a plan that has a component in some regions alone', () => {
  it('has it there', () => {
    expect(componentsIn(plan, 'de').map(({ name }) => name)).toEqual(['core', 'search']);
    expect(componentsIn(plan, 'nl').map(({ name }) => name)).toEqual(['core']);
    expect(hasPlace(plan, { component: 'search', region: 'de' })).toBe(true);
    expect(hasPlace(plan, { component: 'search', region: 'nl' })).toBe(false);
    expect(hasPlace(plan, { component: 'core', region: 'fr' })).toBe(false);
  });

  it('is verified, and there still, without it in the others', () => {
    expect(['de', 'nl'].map((region) => isVerifiedIn(region, plan, inventory))).toEqual([true, true]);
    expect(
      isVerifiedIn(
        'de',
        plan,
        inventory.filter(({ component }) => component === 'core'),
      ),
    ).toBe(false);
    const { releaseId } = aVerified();
    expect(noMoreThere({ releaseId, plan, inventory, left: [] })).toEqual([]);
  });

  it('goes on where it stays unchanged in its own regions', () => {
    const facts = {
      policy: { hash: plan.policyHash, floor: {} },
      migrations: [],
      notAncestors: [],
      gaps: [],
      downgrade: false,
    };
    expect(judgeDrift({ plan, inventory, ...facts })).toEqual({ kind: 'proceed' });
    const gone = inventory.filter(({ component }) => component !== 'search');
    expect(judgeDrift({ plan, inventory: gone, ...facts })).toMatchObject({ kind: 're-approve' });
  });

  it('lets nobody put it elsewhere', () => {
    const [, { image }] = plan.components as [unknown, { image: string }];
    const put = (region: string) => permitted({ plan, region, component: 'search', image, purpose: 'deploy' });
    expect(put('de')).toHaveProperty('artifact');
    expect(put('nl')).toEqual({ refused: 'the plan has no search in nl' });
  });

  it('goes back in each region with what it has there', () => {
    const history = inventory.map((row) => ({
      ...row,
      image: anImage(row.component, '0'),
      releaseId: 'release/shop/production/before/1',
    }));
    const back = (region: string) =>
      chooseRollback({
        plan,
        releaseId: aVerified().releaseId,
        region,
        history: history.filter((row) => row.region === region),
        schema: [],
      });
    expect(back('nl')).toMatchObject({ kind: 'go', targets: [{ component: 'core' }] });
    expect(back('nl')).not.toHaveProperty('newcomers');
    expect(back('de')).toMatchObject({ kind: 'go', targets: [{ component: 'core' }, { component: 'search' }] });
  });
});

describe('the tag of a commit', () => {
  it.each([
    ['the commit', {}, aCommit()],
    ['with the environment, where that builds an image of its own', { builtForHere: true }, `${aCommit()}-production`],
  ] as const)('is %s', (_what, component, tag) => {
    expect(commitTagOf({ commit: aCommit(), environment: 'production' }, component)).toBe(tag);
  });
});
