import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { pipelineJsonSchema, policyJsonSchema, resolveRelease } from '../../pipeline/index.ts';
import { aPipeline, aPolicy, newYear } from './texts.ts';

const example = (file: string): string =>
  readFileSync(new URL(`../../examples/saleor/${file}`, import.meta.url), 'utf8');

function release(branch: string) {
  const pipeline = aPipeline(example('slipway.yaml'));
  const policy = aPolicy(example('policy.yaml'));
  const repository = 'https://github.com/example/saleor-platform';
  const resolved = resolveRelease({ pipeline, policy, branch, repository, now: newYear });
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.problems));
  return resolved.spec;
}

describe('the example pipeline', () => {
  it.each([
    ['feature/basket', 'development', false, ['de']],
    ['develop', 'integration', false, ['de']],
    ['release/3.23', 'staging', true, ['de', 'nl-be']],
    ['main', 'production', true, ['de', 'nl-be']],
  ])('releases %s to %s, approval: %s, regions %j', (branch, environment, approval, regions) => {
    const spec = release(branch);
    expect(spec.environment).toBe(environment);
    expect(spec.approval.required).toBe(approval);
    expect(spec.waves.flatMap((wave) => wave.regions)).toEqual(regions);
    expect(spec.components.map(({ name }) => name)).toEqual(['core', 'dashboard', 'storefront']);
    expect(spec.migrations.map(({ database, region }) => [database, region])).toEqual([['saleor', 'de']]);
  });

  it('deploys production to both clusters and asks all four addresses', () => {
    const { regions, components, tags } = release('main');
    expect(regions.map(({ cluster }) => cluster)).toMatchObject([
      { kind: 'eks', name: 'saleor-cluster', awsRegion: 'eu-central-1' },
      { kind: 'eks', name: 'saleor-cluster-nl-be', awsRegion: 'eu-west-1' },
    ]);
    const asked = regions.flatMap(({ endpoints }) => endpoints.map(({ name }) => name));
    expect(asked).toEqual(expect.arrayContaining(['api', 'nl', 'be', 'de']));
    expect(components[0]?.workloads.map(({ deployment }) => deployment)).toEqual([
      'saleor-api',
      'saleor-worker',
      'saleor-beat',
    ]);
    expect(tags).toEqual(['latest']);
  });
});

describe('the schemas for editors', () => {
  it('know the top-level keys, and refuse others', () => {
    expect(pipelineJsonSchema()).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      additionalProperties: false,
      required: ['service', 'components', 'environments'],
    });
    expect(policyJsonSchema()).toMatchObject({ required: ['clusters', 'services', 'environments'] });
  });
});
