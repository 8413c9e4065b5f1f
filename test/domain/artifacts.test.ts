import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chooseArtifact, verifiedCommit } from '../../domain/artifacts.ts';
import type { ArtifactFacts } from '../../domain/artifacts.ts';
import type { BuildInputs } from '../../domain/build-inputs.ts';
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

  const built = { context: 'core', dockerfile: 'build/core.Dockerfile', args: { MODE: 'fast' } };
  const node = 'docker.io/library/node:24';
  const inputs = (changes: Partial<BuildInputs> = {}): BuildInputs => ({
    ...built,
    bases: { [node]: 'sha256:1' },
    untold: [],
    ...changes,
  });
  const component = aComponent('core', { paths: ['shared/'], build: built });

  it.each<[string, string, string[]]>([
    ['a file of its build context', 'core/a.py', []],
    ['its Dockerfile, outside of its paths', 'build/core.Dockerfile', []],
    ['what the build leaves out, by the file beside the context', 'core/.dockerignore', []],
    ['what the build leaves out, by the file beside the Dockerfile', 'build/core.Dockerfile.dockerignore', []],
    ['one of its paths, though the build does not see it', 'shared/a.md', ['**']],
    ['its own .dockerignore, though that leaves it out', 'core/.dockerignore', ['**']],
    ['a file that only one of two ignore files leaves out', 'core/a.md', ['**/*.md', 'docs']],
  ])('builds when this changed: %s', (_what, path, dockerignores) => {
    const facts = { component, changed: ['README.md', path], inputs: { before: [inputs()], now: inputs() } };
    expect(choose({ ...facts, dockerignores })).toEqual({ kind: 'build', why: `${path} changed` });
  });

  it.each<[string, string, string[]]>([
    ['something outside of paths and context', 'README.md', []],
    ['a file of the context that the build does not see', 'core/docs/a.md', ['docs']],
    ['a file that all ignore files leave out', 'core/a.md', ['*.md', '**/*.md']],
  ])('keeps the image when only this changed: %s', (_what, path, dockerignores) => {
    const facts = { component, changed: [path], inputs: { before: [inputs()], now: inputs() } };
    expect(choose({ ...facts, dockerignores })).toMatchObject({ kind: 'take', artifact: { origin: 'unchanged' } });
  });

  it('takes the whole repository for the context where none is named, but for what the build does not see', () => {
    const whole = aComponent('core', { build: { context: '.', dockerfile: 'Dockerfile', args: {} } });
    expect(choose({ component: whole, changed: ['README.md'] })).toEqual({ kind: 'build', why: 'README.md changed' });
    expect(choose({ component: whole, changed: ['README.md'], dockerignores: ['*.md'] })).toMatchObject({
      kind: 'take',
    });
  });

  it('asks of a flood of changed files for none whether the build sees it', () => {
    const changed = Array.from({ length: 2_001 }, (_, n) => `core/docs/${n}.md`);
    expect(choose({ component, changed, dockerignores: ['docs'] })).toMatchObject({ kind: 'build' });
  });

  it.each<[string, BuildInputs | undefined, BuildInputs, string]>([
    ['nothing is on record', undefined, inputs(), 'what its verified image was built from is not on record'],
    ['an argument has another value', inputs(), inputs({ args: { MODE: 'slow' } }), 'the build argument MODE changed'],
    ['an argument is new', inputs(), inputs({ args: { MODE: 'fast', A: '' } }), 'the build argument A changed'],
    ['an argument is gone', inputs(), inputs({ args: {} }), 'the build argument MODE changed'],
    [
      'another Dockerfile is named',
      inputs(),
      inputs({ dockerfile: 'core/Dockerfile' }),
      'its Dockerfile was build/core.Dockerfile, and is core/Dockerfile',
    ],
    ['another context is named', inputs(), inputs({ context: '.' }), 'its build context was core, and is .'],
    [
      'the tag of its base image moved',
      inputs(),
      inputs({ bases: { [node]: 'sha256:2' } }),
      `the base image ${node} is another one now`,
    ],
    [
      'it is built on something else',
      inputs({ bases: {} }),
      inputs(),
      `it is built on ${node}, which it was not before`,
    ],
    [
      'a registry could not be asked',
      inputs(),
      inputs({ bases: {}, untold: [`${node}: the registry cannot be reached`] }),
      `it cannot be told whether its base images are the same: ${node}: the registry cannot be reached`,
    ],
    [
      'a registry could not be asked when it was built',
      inputs({ bases: {}, untold: ['what $BASE stands for'] }),
      inputs(),
      'it cannot be told whether its base images are the same: what $BASE stands for',
    ],
  ])('builds when %s', (_what, before, now, why) => {
    expect(choose({ component, inputs: { before: [inputs(), before], now } })).toEqual({ kind: 'build', why });
  });

  it('does not ask on what an image was built that somebody else has built', () => {
    const { bases: _unknown, ...before } = inputs();
    const now = inputs({ bases: {}, untold: ['a registry that is away'] });
    expect(choose({ component, inputs: { before: [before], now } })).toMatchObject({ kind: 'take' });
    const slow = { ...now, args: { MODE: 'slow' } };
    expect(choose({ component, inputs: { before: [before], now: slow } })).toMatchObject({ kind: 'build' });
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
