import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { branchMatches, commonBranch, patternWithin } from '../../pipeline/branches.ts';
import { durationMs } from '../../pipeline/duration.ts';
import { editDistance, nearest } from '../../domain/nearest.ts';
import { findCircle, orderByNeeds } from '../../pipeline/order.ts';
import { formatProblems, problemsFailure } from '../../pipeline/index.ts';

describe('a branch pattern', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'maine', false],
    ['main', 'xmain', false],
    ['release/*', 'release/1.2', true],
    ['release/*', 'release/', true],
    ['release/*', 'release', false],
    ['release/*', 'release/1/2', false],
    ['release/*', 'xrelease/1', false],
    ['release/*/fix', 'release/1/fix', true],
    ['*', 'main', true],
    ['*', 'feature/x', false],
    ['*-fix-*', 'a-fix-fix-b', true],
    ['v*.*', 'v1.2', true],
    ['v*.*', 'v12', false],
    ['a.c', 'abc', false],
  ])('%s against %s: %s', (pattern, branch, matches) => {
    expect(branchMatches(pattern, branch)).toBe(matches);
  });

  it('agrees with the regular expression it stands for', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '.'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (pattern, text) => {
        const branch = text.replaceAll('*', '');
        const escaped = pattern.replaceAll('.', '\\.').replaceAll('*', '[^/]*');
        expect(branchMatches(pattern, branch)).toBe(new RegExp(`^${escaped}$`).test(branch));
      }),
    );
  });

  it('does not try every way to fit its stars', () => {
    // 10,000 letters and 100 stars: whoever goes back and forth between them is not done today.
    expect(branchMatches('*a'.repeat(100), `${'a'.repeat(10_000)}b`)).toBe(false);
  });
});

describe('two branch patterns', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 6 });

  it.each([
    ['main', ['main'], true],
    ['main', ['*'], true],
    ['*', ['main'], false],
    ['feature/*', ['*'], false],
    ['feature/*', ['*/*'], true],
    ['feature/a-*', ['main', 'feature/*'], true],
    ['feature/*', ['feature/a-*', 'feature/b-*'], false],
    ['*-fix', ['*'], true],
    ['*', ['*-fix', '*'], true],
  ])('%s is within %j: %s', (narrow, wide, within) => {
    expect(patternWithin(narrow, wide)).toBe(within);
  });

  it('are within one another exactly when every branch of the one fits the other', () => {
    fc.assert(
      fc.property(
        pattern,
        fc.array(pattern, { maxLength: 3 }),
        fc.array(fc.constantFrom('', 'a', 'b', 'ab', 'z')),
        (narrow, wide, parts) => {
          let used = 0;
          const branch = narrow.replaceAll('*', () => parts[used++] ?? 'zz');
          const fits = wide.some((one) => branchMatches(one, branch));
          if (patternWithin(narrow, wide)) expect(fits).toBe(true);
          const strange = narrow.replaceAll('*', 'zz');
          expect(patternWithin(narrow, wide)).toBe(wide.some((one) => branchMatches(one, strange)));
        },
      ),
    );
  });

  it('have a branch in common exactly when one is found that fits both', () => {
    const branch = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, pattern, branch, (one, other, some) => {
        const common = commonBranch(one, other);
        if (common !== undefined) {
          expect([branchMatches(one, common), branchMatches(other, common)]).toEqual([true, true]);
        } else {
          expect(branchMatches(one, some) && branchMatches(other, some)).toBe(false);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('are compared in a time that grows with their length', () => {
    expect(commonBranch('*a'.repeat(100), `${'*b'.repeat(99)}*c`)).toBeUndefined();
  });
});

describe('a duration', () => {
  it.each([
    ['0s', 0],
    ['30s', 30_000],
    ['10m', 600_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['30', Number.NaN],
    ['-5m', Number.NaN],
    ['1.5h', Number.NaN],
    ['05m', Number.NaN],
    ['1h30m', Number.NaN],
    [' 5m', Number.NaN],
  ])('%s is %d ms', (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });
});

describe('near words', () => {
  it.each([
    ['regions', 'regions', 0],
    ['region', 'regions', 1],
    ['regoins', 'regions', 1],
    ['', 'abc', 3],
    ['kitten', 'sitting', 3],
  ])('%s and %s are %d apart', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('are only offered when they are near', () => {
    expect(nearest('brnches', ['branches', 'regions'])).toBe('branches');
    expect(nearest('colour', ['branches', 'regions'])).toBeUndefined();
    expect(nearest('x'.repeat(10_000), ['x'])).toBeUndefined();
  });
});

describe('the order of components', () => {
  const graph = fc
    .integer({ min: 1, max: 8 })
    .chain((size) =>
      fc.tuple(
        ...Array.from({ length: size }, () => fc.array(fc.integer({ min: 0, max: size - 1 }), { maxLength: 4 })),
      ),
    );

  it('never puts one before what it needs, and loses none, unless there is a circle', () => {
    fc.assert(
      fc.property(graph, (needs) => {
        const names = needs.map((_, n) => `c${n}`);
        const needsOf = (name: string): string[] => (needs[Number(name.slice(1))] ?? []).map((n) => `c${n}`);
        const ordered = orderByNeeds(names, needsOf);
        expect([...ordered].sort()).toEqual([...names].sort());
        const early = ordered.some((name, at) => needsOf(name).some((need) => ordered.indexOf(need) >= at));
        expect(early).toBe(findCircle(names, needsOf) !== undefined);
      }),
    );
  });

  it('stays as written where nothing is needed', () => {
    expect(orderByNeeds(['b', 'a', 'c'], () => [])).toEqual(['b', 'a', 'c']);
  });
});

describe('problems', () => {
  const problem = { file: 'slipway.yaml', line: 3, column: 7, path: 'tests', message: 'no' };

  it('are printed as file:line:column, with the hint below', () => {
    expect(formatProblems([problem, { ...problem, line: 4, hint: 'yes' }])).toBe(
      'slipway.yaml:3:7  no\nslipway.yaml:4:7  no\n    yes',
    );
  });

  it('become a failure that keeps the first ones and says how many more there are', () => {
    const many = Array.from({ length: 90 }, (_, n) => ({ ...problem, line: n + 1, message: 'x'.repeat(50) }));
    const { code, detail } = problemsFailure('SLIP-CFG-1', many).details;
    expect(code).toBe('SLIP-CFG-1');
    expect(detail.length).toBeLessThanOrEqual(2_000);
    expect(detail).toMatch(/^slipway\.yaml:1:7 {2}/);
    expect(detail).toMatch(/and \d+ more$/);
  });
});
