import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { githubServices } from '../../pipeline/github.ts';
import { loadPolicy } from '../../pipeline/index.ts';
import type { PolicyFile } from '../../pipeline/policy-schema.ts';
import { floorHash, releaseFloor } from '../../pipeline/release-floor.ts';
import { policyExample } from '../../pipeline/schema-examples.ts';

const { shop } = policyExample.services;

function loaded(github: unknown) {
  const file = { ...policyExample, services: { shop: { ...shop, github } as PolicyFile['services'][string] } };
  return loadPolicy(stringify(JSON.parse(JSON.stringify(file))), 'policy.yaml');
}

function policy(github: unknown) {
  const result = loaded(github);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

describe('jobs of GitHub Actions in the policy', () => {
  it('are none where it says nothing of them', () => {
    expect(githubServices(policy(undefined))).toEqual([]);
  });

  it('are those that a push or a person has started, unless it says otherwise', () => {
    expect(githubServices(policy({ repository: 7 }))).toEqual([
      {
        service: 'shop',
        repository: 7,
        events: ['push', 'workflow_dispatch'],
        environments: [{ name: 'staging' }, { name: 'demo' }, { name: 'production', environment: 'production' }],
      },
    ]);
    const [said] = githubServices(policy({ repository: 7, events: ['schedule'] }));
    expect(said!.events).toEqual(['schedule']);
  });

  it('are no part of what an approval is bound to', () => {
    const hashOf = (github: unknown) =>
      floorHash(releaseFloor(policy(github), { service: 'shop', environment: 'production' }));
    expect(hashOf({ repository: 7 })).toBe(hashOf(undefined));
  });

  it.each([
    ['a name of a repository', { repository: 'example/shop' }],
    ['what strangers start', { repository: 7, events: ['pull_request_target'] }],
    ['no event at all', { repository: 7, events: [] }],
    ['a workflow without its ref', { repository: 7, workflows: ['example/ci/.github/workflows/deploy.yml'] }],
  ])('are refused with %s', (_, github) => {
    expect(loaded(github).ok).toBe(false);
  });
});
