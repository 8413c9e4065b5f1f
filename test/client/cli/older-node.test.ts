import { execa } from 'execa';
import { beforeAll, expect, it } from '@jest/globals';

/** In a process of its own: what other tests do to the same globals is no matter for it. */
const program = `
const native = { groupBy: Map.groupBy, parse: URL.parse };
const gone = [Reflect.deleteProperty(Map, 'groupBy'), Reflect.deleteProperty(URL, 'parse')];
await import(process.argv[1]);
const keyOf = (one, at) => one + (at % 2);
const addresses = JSON.parse(process.argv[2]);
console.log(JSON.stringify({
  gone,
  isOwn: [Map.groupBy !== native.groupBy, URL.parse !== native.parse],
  groups: ['', 'a', 'banana'].map((text) => [[...Map.groupBy(text, keyOf)], [...native.groupBy(text, keyOf)]]),
  parsed: addresses.map((given) => [URL.parse(...given)?.href ?? null, native.parse.call(URL, ...given)?.href ?? null]),
}));
`;
const addresses: [string, string?][] = [
  ['https://example.com/a?b'],
  ['no address'],
  ['/a', 'https://example.com'],
  ['/a', 'no address'],
  [''],
];

interface Seen {
  gone: boolean[];
  isOwn: boolean[];
  groups: [unknown, unknown][];
  parsed: [unknown, unknown][];
}
let seen: Seen;

beforeAll(async () => {
  const module = new URL('../../../client/cli/older-node.ts', import.meta.url).href;
  const options = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  const { stdout } = await execa(process.execPath, [...options, module, JSON.stringify(addresses)]);
  seen = JSON.parse(stdout) as Seen;
});

it('has something in the place of what is missing', () => {
  expect(seen.gone).toEqual([true, true]);
  expect(seen.isOwn).toEqual([true, true]);
});

it('groups as newer ones do', () => {
  for (const [own, native] of seen.groups) expect(own).toEqual(native);
});

it('reads addresses as newer ones do', () => {
  expect(seen.parsed.map(([own]) => own)).toEqual(seen.parsed.map(([, native]) => native));
  expect(seen.parsed).toHaveLength(addresses.length);
});
