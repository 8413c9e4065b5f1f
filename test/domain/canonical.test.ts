import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../../domain/canonical.ts';

describe('canonicalJson', () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
    [{ a: undefined, b: { d: 1, c: undefined } }, '{"b":{"d":1}}'],
    [['ü', '"', '\n'], '["ü","\\"","\\n"]'],
    [-0, '0'],
    [undefined, 'null'],
    [{ 10: 'a', 9: 'b' }, '{"10":"a","9":"b"}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('is the same whatever the order of the keys, survives a trip through JSON, and tells different values apart', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, inner]) => [key, reversed(inner)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (a, b) => {
        const text = canonicalJson(a);
        expect(canonicalJson(reversed(a))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(a)));
        expect(canonicalJson(b) === text).toBe(canonicalJson(JSON.parse(JSON.stringify(b))) === text);
      }),
      { numRuns: 3_000 },
    );
  });

  it('refuses numbers that have no JSON form', () => {
    for (const number of [NaN, Infinity, -Infinity]) expect(() => canonicalJson({ a: [number] })).toThrow(RangeError);
  });
});
