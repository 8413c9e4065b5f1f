import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { accessOf } from '../../pipeline/access.ts';
import { loadPolicy } from '../../pipeline/index.ts';
import type { PolicyFile } from '../../pipeline/policy-schema.ts';
import { floorHash, releaseFloor } from '../../pipeline/release-floor.ts';
import { policyExample } from '../../pipeline/schema-examples.ts';

type Access = PolicyFile['environments'][string]['access'];

const lane = { service: 'shop', environment: 'production' };

function fileWith({
  there,
  here,
  required = false,
}: {
  there?: Access;
  here?: Access;
  required?: boolean;
}): PolicyFile {
  const { production } = policyExample.environments;
  const { shop } = policyExample.services;
  const { onCall: _called, ...reach } = shop!.environments['production']!;
  const approval = { required, groups: ['release-managers'] };
  const { onCall: _there, access: _who, ...environment } = production!;
  return {
    ...policyExample,
    services: { shop: { ...shop!, environments: { production: { ...reach, access: here } } } },
    environments: { production: { ...environment, approval, access: there } },
  };
}

function loaded(file: PolicyFile) {
  return loadPolicy(stringify(JSON.parse(JSON.stringify(file))), 'policy.yaml');
}

function policy(said: Parameters<typeof fileWith>[0]) {
  const result = loaded(fileWith(said));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

describe('who may do what in a lane, by the policy', () => {
  it.each<[string, Parameters<typeof fileWith>[0], object]>([
    ['everybody who is known, where nothing is said', {}, {}],
    ['as the environment says', { there: { start: ['on-call'] } }, { start: ['on-call'] }],
    [
      'each right as the service says instead',
      { there: { start: ['on-call'], operate: ['on-call'] }, here: { start: ['shop-on-call'] } },
      { start: ['shop-on-call'], operate: ['on-call'] },
    ],
    [
      'to look: whoever may do anything else there by name',
      { there: { look: ['on-call'], start: ['shop-on-call'] }, required: true },
      { look: ['on-call', 'shop-on-call', 'release-managers'], start: ['shop-on-call'] },
    ],
    ['to look: nobody who may approve where nobody need', { there: { look: ['on-call'] } }, { look: ['on-call'] }],
  ])('is %s', (_, said, access) => {
    expect(accessOf(policy(said), lane)).toEqual(access);
  });

  it('is as its environment says for a service that the policy has no more', () => {
    expect(accessOf(policy({ there: { look: ['on-call'] } }), { ...lane, service: 'gone' })).toEqual({
      look: ['on-call'],
    });
  });

  it('is no part of what an approval is bound to', () => {
    const hashOf = (said: Parameters<typeof fileWith>[0]) => floorHash(releaseFloor(policy(said), lane));
    expect(hashOf({ there: { look: ['on-call'] }, here: { start: ['on-call'] } })).toBe(hashOf({}));
  });

  it.each<[string, Parameters<typeof fileWith>[0], string]>([
    ['a group that is not there', { there: { look: ['on-cal'] } }, 'there is no group `on-cal`'],
    ['one of a service that is not there', { here: { start: ['on-cal'] } }, 'there is no group `on-cal`'],
    ['a list of nobody', { there: { look: [] } }, '`look` must name at least one group'],
  ])('is refused with %s', (_, said, message) => {
    const result = loaded(fileWith(said));
    expect(result.ok ? [] : result.problems.map((problem) => problem.message)).toEqual([message]);
  });
});
