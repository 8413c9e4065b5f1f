import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { contradictions, loadPipeline, loadPolicy, pipelineJsonSchema, pipelineWarnings, policyJsonSchema, policyWarnings, sharedWarnings } from '../../pipeline/index.ts'; // prettier-ignore
import { pipelineExample, policyExample } from '../../pipeline/schema-examples.ts';

const annotated = (file: string) => readFileSync(new URL(`../../examples/annotated/${file}`, import.meta.url), 'utf8');

interface Key {
  path: string;
  key: string;
  shape: { description?: string; examples?: unknown[] };
}

/** Every key that a schema knows, at any depth, with its way there. */
function keysOf(schema: unknown, path = ''): Key[] {
  if (Array.isArray(schema)) return schema.flatMap((inner) => keysOf(inner, path));
  if (schema === null || typeof schema !== 'object') return [];
  const { properties = {}, ...rest } = schema as { properties?: Record<string, Key['shape']>; examples?: unknown };
  const here = Object.entries(properties).map(([key, shape]) => ({ path: `${path}.${key}`, key, shape }));
  const deeper = Object.entries(properties).flatMap(([key, shape]) => keysOf(shape, `${path}.${key}`));
  const { examples: _, ...others } = rest;
  return [...here, ...deeper, ...Object.values(others).flatMap((inner) => keysOf(inner, path))];
}

describe.each([
  ['slipway.yaml', keysOf(pipelineJsonSchema()), pipelineExample],
  ['policy.yaml', keysOf(policyJsonSchema()), policyExample],
])('the schema of %s, and its annotated example', (file, keys, example) => {
  it('say of every key what it means, with an example', () => {
    expect(keys.length).toBeGreaterThan(40);
    const without = keys.filter(({ shape }) => !shape.description?.trim() || shape.examples?.length !== 1);
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it('are of one content', () => {
    expect(parse(annotated(file))).toEqual(example);
  });

  it('have a comment for every key, where it stands or above it', () => {
    const lines = annotated(file).split('\n');
    const uncommented = [...new Set(keys.map(({ key }) => key))].filter(
      (key) =>
        !lines.some((line, index) => {
          const named = new RegExp(`(^|[\\s{-])${key}:( |$)`).test(line.replace(/ #.*/, ''));
          return named && (/ # \S/.test(line) || /^\s*# \S/.test(lines[index - 1] ?? ''));
        }),
    );
    expect(uncommented).toEqual([]);
  });
});

/** Every pattern of a schema. */
function patternsOf(schema: unknown): string[] {
  if (schema === null || typeof schema !== 'object') return [];
  const { pattern } = schema as { pattern?: unknown };
  return [...(typeof pattern === 'string' ? [pattern] : []), ...Object.values(schema).flatMap(patternsOf)];
}

/** What is written otherwise in ECMA, in Python's `re` and with the flags that validators set; each with a pattern that has it. */
const unportable: [what: string, looks: RegExp, like: string][] = [
  ['a class of anything', /\[\^\]/, '^[^]*$'],
  ['an empty class', /(?<!\\)\[\]/, 'a[]'],
  ['a named group', /\(\?<[A-Za-z]/, '(?<name>a)'],
  ['a reference to a named group', /\\k</, '\\k<name>'],
  ['a property of characters', /\\[pP]\{/, '\\p{L}'],
  ['flags in the pattern', /\(\?[a-z-]+[):]/, '(?i)a'],
  ['an atomic group', /\(\?>/, '(?>a)'],
  ['a possessive quantifier', /[*+?}]\+/, 'a++'],
  ['a control character by its letter', /\\c[A-Za-z]/, '\\cA'],
  ['a code point in braces', /\\u\{/, '\\u{1F600}'],
  ['an operation on classes', /&&|--|~~|\|\||(?<!\\)\[\[/, '[a&&b]'],
  ['an anchor that ECMA has not', /\\[AZzG]/, '\\Aa'],
];

describe('patterns of the published schemas', () => {
  const patterns = [...new Set([pipelineJsonSchema(), policyJsonSchema()].flatMap(patternsOf))];

  it.each(unportable)('have no %s, which not every validator takes', (_, looks, like) => {
    expect(like).toMatch(looks);
    expect(patterns.filter((pattern) => looks.test(pattern))).toEqual([]);
  });

  it('are taken with the flag `u` as well, which some validators set', () => {
    expect(patterns.length).toBeGreaterThan(20);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
  });
});

it('the annotated examples fit together: no problems, and no warnings', () => {
  const pipeline = loadPipeline(annotated('slipway.yaml'), 'slipway.yaml');
  const policy = loadPolicy(annotated('policy.yaml'), 'policy.yaml');
  if (!pipeline.ok || !policy.ok) throw new Error(JSON.stringify([pipeline, policy]));
  const both = { pipeline: pipeline.pipeline, policy: policy.policy };
  const now = Date.UTC(2026, 10, 1);
  expect(contradictions({ ...both, repository: 'https://github.com/example/shop', now })).toEqual([]);
  expect(pipelineWarnings(both.pipeline, now)).toEqual([]);
  expect(policyWarnings(both.policy)).toEqual([]);
  expect(sharedWarnings(both.pipeline, both.policy)).toEqual([]);
});
