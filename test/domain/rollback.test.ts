import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { VerifiedRelease } from '../../domain/contract/release.ts';
import { chooseRollback, regionsToRollBack } from '../../domain/rollback.ts';
import type { RollbackFacts } from '../../domain/rollback.ts';
import { aCommit, anImage, aPlan, aPlannedComponent, aPlannedMigration, aReleaseId, aVerified } from './builders.ts';

function choose(changes: Partial<RollbackFacts> = {}) {
  return chooseRollback({
    plan: aPlan(),
    releaseId: aReleaseId(),
    region: 'de',
    history: [aVerified()],
    applied: [],
    ...changes,
  });
}

describe('chooseRollback', () => {
  it('goes back to the last release verified in the region', () => {
    const older = aVerified({ releaseId: aReleaseId(1, aCommit('1')), image: anImage('core', '8'), verifiedAt: 100 });
    expect(choose({ history: [older, aVerified()] })).toEqual({
      kind: 'go',
      region: 'de',
      targets: [
        { component: 'core', image: anImage('core', '0'), releaseId: aVerified().releaseId, commit: aCommit('e') },
      ],
    });
  });

  it('prefers one that has proven itself to a newer one that is only verified', () => {
    const proven = aVerified({
      releaseId: aReleaseId(1, aCommit('1')),
      image: anImage('core', '8'),
      verifiedAt: 100,
      state: 'proven',
    });
    expect(choose({ history: [aVerified(), proven] })).toMatchObject({ targets: [{ image: anImage('core', '8') }] });
  });

  it.each<[string, Partial<RollbackFacts>, string]>([
    ['nothing was verified there', { history: [] }, 'core has never been verified in de'],
    [
      'only this release itself was',
      { history: [aVerified({ releaseId: aReleaseId() })] },
      'core has never been verified in de',
    ],
    [
      'what was verified is revoked',
      { history: [aVerified({ state: 'revoked' })] },
      'core has never been verified in de',
    ],
    [
      'it was verified in another region',
      { history: [aVerified({ region: 'nl' })] },
      'core has never been verified in de',
    ],
    [
      'one of two components has nothing to go back to',
      { plan: aPlan({ components: [aPlannedComponent('core'), aPlannedComponent('dashboard')] }) },
      'dashboard has never been verified in de',
    ],
    [
      'the schema would not carry it',
      { applied: [aPlannedMigration({ contracting: ['0002_weight'] })] },
      'the schema no longer carries the earlier release (main: 0002_weight)',
    ],
    [
      'nobody knows what was applied',
      { applied: [aPlannedMigration({ pending: ['*'] })] },
      'it is not known what was applied to main, nor whether the earlier release can live with it',
    ],
  ])('refuses, and names the way forward, when %s', (_when, changes, why) => {
    expect(choose(changes)).toMatchObject({
      kind: 'refused',
      region: 'de',
      why,
      next: expect.stringMatching(/^Fix forward/),
    });
  });

  it('goes back over migrations that took nothing away', () => {
    expect(choose({ applied: [aPlannedMigration()] }).kind).toBe('go');
  });

  it('only ever goes to a row of that region that is neither revoked nor the release itself', () => {
    const rows = fc.array(
      fc.record({
        region: fc.constantFrom('de', 'nl'),
        component: fc.constantFrom('core', 'dashboard'),
        releaseId: fc.constantFrom(
          aReleaseId(),
          aReleaseId(1, aCommit('1')),
          aReleaseId(1, aCommit('2')),
          aReleaseId(1, aCommit('3')),
        ),
        digit: fc.constantFrom('1', '2', '3'),
        verifiedAt: fc.integer({ min: 0, max: 5 }),
        state: fc.constantFrom<VerifiedRelease['state']>('verified', 'proven', 'revoked'),
      }),
      { maxLength: 12 },
    );
    const contracting = fc.subarray(['0002']);
    const plan = aPlan({ components: [aPlannedComponent('core'), aPlannedComponent('dashboard')] });
    let gone = 0;
    fc.assert(
      fc.property(rows, contracting, (made, names) => {
        const history = made.map(({ digit, ...row }) => aVerified({ ...row, image: anImage(row.component, digit) }));
        const choice = choose({ plan, history, applied: [aPlannedMigration({ contracting: names })] });
        const usable = (component: string) =>
          history.filter(
            (r) =>
              r.region === 'de' && r.component === component && r.state !== 'revoked' && r.releaseId !== aReleaseId(),
          );
        const possible = names.length === 0 && usable('core').length > 0 && usable('dashboard').length > 0;
        expect(choice.kind === 'go').toBe(possible);
        if (choice.kind !== 'go') return;
        gone += 1;
        expect(choice.targets.map((t) => t.component)).toEqual(['core', 'dashboard']);
        for (const target of choice.targets) {
          expect(usable(target.component)).toContainEqual(expect.objectContaining(target));
        }
      }),
      { numRuns: 5_000 },
    );
    expect(gone).toBeGreaterThan(200);
  });
});

describe('regionsToRollBack', () => {
  it.each([
    ['roll-back-all', ['de', 'nl'], ['nl'], ['de', 'nl']],
    ['roll-back-region', ['de', 'nl'], ['nl'], ['nl']],
    ['hold', ['de', 'nl'], ['nl'], ['nl']],
    ['roll-back-region', ['de', 'nl'], [], ['de', 'nl']],
    ['roll-back-region', ['de', 'nl'], ['fr'], ['de', 'nl']],
    ['roll-back-all', [], [], []],
  ] as const)('%s: of %j, where %j failed, %j go back', (partial, touched, failed, going) => {
    expect(regionsToRollBack(partial, [...touched], [...failed])).toEqual(going);
  });
});
