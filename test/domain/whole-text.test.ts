import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { head, noTextAt, tail, withoutMiddle } from '../../domain/whole-text.ts';

const half = '\ud83d';

describe('what is no text', () => {
  it.each<[string, unknown, string | undefined]>([
    ['a plain text', 'plain', undefined],
    ['a whole character of two halves', 'fine 😀', undefined],
    ['what stands in its place, once it was read', '\ufffd', undefined],
    ['what is no string', [1, null, true, undefined, {}], undefined],
    ['the first half alone', half, ''],
    ['the second half alone', 'x\ude00', ''],
    ['both halves, the wrong way round', '\ude00\ud83d', ''],
    ['NUL', 'a\0b', ''],
    ['half, somewhere below', { by: { groups: ['fine', half] } }, 'by.groups.1'],
    ['half in a key, which cannot be named', { by: { [half]: 1 } }, 'by'],
    ['NUL in a key', { 'a\0': 1 }, ''],
  ])('is found: %s', (_what, value, at) => {
    expect(noTextAt(value)).toBe(at);
  });

  it('is found however deep it lies', () => {
    let value: unknown = half;
    for (let depth = 0; depth < 100_000; depth += 1) value = [value];
    expect(noTextAt(value)).toHaveLength(100_000 * 2 - 1);
  });
});

describe('a text that is cut', () => {
  const astral = fc.array(fc.constantFrom('a', 'é', '€', '😀', '𝔸'), { maxLength: 30 }).map((all) => all.join(''));
  const cutAt = fc.nat({ max: 70 });
  const cuts = { head, tail, withoutMiddle };

  it.each(Object.entries(cuts))('is text, is as long as it may be and no longer: %s', (_name, cut) => {
    fc.assert(
      fc.property(astral, cutAt, (text, most) => {
        const left = cut(text, most);
        expect(left.isWellFormed()).toBe(true);
        expect(left.length).toBeLessThanOrEqual(most);
        // No more is lost than two halves, and what makes an odd number even.
        expect(left.length).toBeGreaterThanOrEqual(Math.min(text.length, most) - 3);
        if (text.length <= most) expect(left).toBe(text);
      }),
    );
  });

  it('begins and ends as it did', () => {
    fc.assert(
      fc.property(astral, cutAt, (text, most) => {
        expect(text.startsWith(head(text, most))).toBe(true);
        expect(text.endsWith(tail(text, most))).toBe(true);
        const [begins = '', ends = ''] = withoutMiddle(text, most).split(' … ');
        expect(text.startsWith(begins) && text.endsWith(ends)).toBe(true);
      }),
    );
  });

  it.each([-1, 0])('has nothing left where nothing may be: %d', (most) => {
    expect(Object.values(cuts).map((cut) => cut('😀', most))).toEqual(['', '', '']);
  });
});
