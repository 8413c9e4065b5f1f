import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseArtifact, verifiedCommit } from '../../domain/artifacts.ts';
import type { ArtifactFacts } from '../../domain/artifacts.ts';
import { aCommit, aComponent, anImage, aVerified } from './builders.ts';

const here = aVerified({ region: 'de' });
const there = aVerified({ region: 'nl' });

function choose(changes: Partial<ArtifactFacts> = {}) {
  return chooseArtifact({
    component: aComponent('core'),
    verified: [here, there],
    regions: 2,
    changed: [],
    ...changes,
  });
}

describe('chooseArtifact', () => {
  it.each<[string, Partial<ArtifactFacts>, string]>([
    ['every region runs the same and nothing changed', {}, 'unchanged'],
    ['only another component changed', { changed: ['storefront/page.ts', 'README.md'] }, 'unchanged'],
    ['a name that only begins alike changed', { changed: ['core-tools/x.ts'] }, 'unchanged'],
    ['somebody gave an image', { given: anImage('core', '9'), changed: ['core/a.ts'] }, 'given'],
  ])('takes an image when %s', (_why, changes, origin) => {
    expect(choose(changes)).toMatchObject({ kind: 'take', artifact: { component: 'core', origin } });
  });

  it.each<[string, Partial<ArtifactFacts>, string]>([
    ['nothing is verified', { verified: [] }, 'no release is verified in every region'],
    ['a region has nothing verified', { verified: [here] }, 'no release is verified in every region'],
    [
      'regions run different digests',
      { verified: [here, { ...there, image: anImage('core', '5') }] },
      'no release is verified in every region',
    ],
    ['one of its files changed', { changed: ['docs/a.md', 'core/models.py'] }, 'core/models.py changed'],
    ['the folder itself changed, as a submodule does', { changed: ['core'] }, 'core changed'],
    ['what changed cannot be told', { component: aComponent('core', { paths: [] }) }, 'what changed cannot be told'],
    [
      'a path means the whole repository',
      { component: aComponent('core', { paths: ['**'] }), changed: ['README.md'] },
      'README.md changed',
    ],
  ])('builds when %s', (_why, changes, why) => {
    expect(choose(changes)).toEqual({ kind: 'build', why });
  });

  it('builds when the commits cannot be compared', () => {
    const { changed: _unknown, ...facts } = {
      component: aComponent('core'),
      verified: [here, there],
      regions: 2,
      changed: [],
    };
    expect(chooseArtifact(facts)).toEqual({ kind: 'build', why: 'what changed cannot be told' });
  });

  it('never calls an image unchanged that some region does not run', () => {
    const rows = fc.array(
      fc
        .record({ region: fc.constantFrom('de', 'nl', 'be'), digit: fc.constantFrom('1', '2') })
        .map(({ region, digit }) => aVerified({ region, image: anImage('core', digit) })),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(rows, { maxLength: 1 }),
        fc.integer({ min: 1, max: 3 }),
        ([verified = []], regions) => {
          const choice = choose({ verified, regions });
          if (choice.kind === 'take') {
            expect(verified).toHaveLength(regions);
            expect(verified.every((row) => row.image === choice.artifact.image)).toBe(true);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('verifiedCommit', () => {
  it('is the commit that all regions run', () => {
    expect(verifiedCommit([here, there])).toBe(aCommit('e'));
  });

  it('is unknown where regions run different commits, or nothing', () => {
    expect(verifiedCommit([here, { ...there, commit: aCommit('f') }])).toBeUndefined();
    expect(verifiedCommit([])).toBeUndefined();
  });
});
