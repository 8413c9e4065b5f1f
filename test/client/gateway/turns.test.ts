import { describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '../../../client/gateway/turns.ts';
import { canonicalJson, canonicalSlices } from '../../../domain/canonical.ts';

const large = { rows: Array.from({ length: 20_000 }, (_, n) => ({ n, text: 'x'.repeat(n % 50), none: undefined })) };

describe('the canonical JSON of something large', () => {
  it.each<[string, unknown]>([
    ['a text', 'té\u2028xt'],
    ['nothing', null],
    ['an empty list', []],
    ['an empty map', {}],
    ['lists in maps in lists', [{ b: [1, [], {}], a: { c: undefined, d: null } }, [[false]], undefined]],
    ['something large', large],
  ])('is the same in parts: %s', (_what, value) => {
    for (const size of [1, 10, 50_000]) expect([...canonicalSlices(value, size)].join('')).toBe(canonicalJson(value));
  });

  it('is made while other things go on', async () => {
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    count();
    const bytes = await canonicalBytes(large);
    isDone = true;
    expect(bytes.toString()).toBe(canonicalJson(large));
    expect(turns).toBeGreaterThan(bytes.length / 200_000);
  });

  it('has no part that is much longer than it should be', () => {
    for (const slice of canonicalSlices(large, 1_000)) expect(slice.length).toBeLessThan(1_200);
  });
});
