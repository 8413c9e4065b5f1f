import { afterAll, beforeAll, expect, it } from '@jest/globals';

const native = { groupBy: Map.groupBy, parse: URL.parse };

beforeAll(async () => {
  for (const [of, name] of [
    [Map, 'groupBy'],
    [URL, 'parse'],
  ] as const)
    expect(Reflect.deleteProperty(of, name)).toBe(true);
  await import('../../../client/cli/older-node.ts');
});
afterAll(() => {
  Object.assign(Map, { groupBy: native.groupBy });
  Object.assign(URL, { parse: native.parse });
});

it('has something in the place of what is missing', () => {
  expect(Map.groupBy).not.toBe(native.groupBy);
  expect(URL.parse).not.toBe(native.parse);
});

it.each(['', 'a', 'banana'])('groups %j as newer ones do', (text) => {
  const keyOf = (one: string, at: number) => `${one}${at % 2}`;
  expect([...Map.groupBy(text, keyOf)]).toEqual([...native.groupBy(text, keyOf)]);
});

it.each<[string, string?]>([
  ['https://example.com/a?b'],
  ['no address'],
  ['/a', 'https://example.com'],
  ['/a', 'no address'],
  [''],
])('reads the address %j as newer ones do', (...given) => {
  expect(URL.parse(...given)?.href).toBe(native.parse(...given)?.href);
});
