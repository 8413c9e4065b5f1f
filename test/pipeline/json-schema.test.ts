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
