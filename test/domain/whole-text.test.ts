import { describe, expect, it } from '@jest/globals';
import { noTextAt } from '../../domain/whole-text.ts';

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
