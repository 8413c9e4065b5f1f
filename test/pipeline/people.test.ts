import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { loadPolicy } from '../../pipeline/index.ts';
import { operatorFloor } from '../../pipeline/operator-floor.ts';
import { policyExample } from '../../pipeline/schema-examples.ts';

const environments = {
  production: {
    clusters: [],
    registry: 'registry.test',
    approval: { required: true, groups: ['managers'] },
  },
};

function problemsOf(people: object | undefined, groups: object | undefined): string[] {
  const clusters = { blue: { kind: 'kubeconfig', file: '/etc/blue' } };
  const production = { ...environments.production, clusters: ['blue'] };
  const file = {
    clusters,
    ...(people && { people }),
    ...(groups && { groups }),
    services: {},
    environments: { production },
  };
  const loaded = loadPolicy(stringify(file), 'policy.yaml');
  return loaded.ok
    ? []
    : loaded.problems.map(({ message, hint }) => (hint === undefined ? message : `${message} | ${hint}`));
}

describe('people and groups of a policy', () => {
  it('are what every worker judges by', () => {
    const loaded = loadPolicy(stringify(policyExample), 'policy.yaml');
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(operatorFloor(loaded.policy, 'production')?.people).toEqual({
      people: policyExample.people,
      groups: {
        'release-managers': { members: ['anna', 'bert'], oidc: 'release-managers' },
        'on-call': { members: [], slack: 'S012ABCDEF' },
        'shop-on-call': { members: ['anna'], github: 'example/shop-on-call' },
      },
    });
  });

  it('are left to the file of tokens where there are none', () => {
    expect(problemsOf(undefined, undefined)).toEqual([]);
  });

  it.each<[string, object | undefined, object | undefined, string[]]>([
    [
      'groups without people',
      undefined,
      { managers: { members: ['anna'] } },
      ['who is in a group is said here only where the policy has `people`'],
    ],
    [
      'a member whom nobody knows',
      { anna: { github: 1 } },
      { managers: { members: ['ana'] } },
      ['there is no person `ana` | did you mean `anna`?'],
    ],
    [
      'a group that is named and not there',
      { anna: { github: 1 } },
      { manager: { members: ['anna'] } },
      ['there is no group `managers` | did you mean `manager`?'],
    ],
    [
      'a group that is named, and no groups at all',
      { anna: { github: 1 } },
      undefined,
      [
        'there is no group `managers` | with `people` this file says who is in which group, too: `groups: { managers: { members: […] } }`',
      ],
    ],
    [
      'a group of nobody',
      { anna: { github: 1 } },
      { managers: {} },
      ['has nobody in it: name its `members`, or where they are told'],
    ],
    [
      'one account of two people',
      { anna: { slack: 'U012ABCDEF' }, bert: { slack: 'U012ABCDEF' } },
      { managers: { members: ['anna'] } },
      ["is `anna`'s already: each is one person's"],
    ],
    [
      'a name with a letter that looks like another',
      { аnna: { github: 1 } },
      { managers: { oidc: 'managers' } },
      ['`аnna` must be the name of a person: lower-case letters, digits and `._@-`, at most 100 characters'],
    ],
    [
      'a name of an account instead of its number',
      { anna: { github: 'octocat' } },
      { managers: { members: ['anna'] } },
      ['`github` must be a whole number'],
    ],
  ])('tell %s', (_, people, groups, told) => {
    expect(problemsOf(people, groups)).toEqual(told);
  });
});
