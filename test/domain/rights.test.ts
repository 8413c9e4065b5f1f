import { describe, expect, it } from '@jest/globals';
import { rights } from '../../domain/contract/rights.ts';
import type { Access, Grant, LaneAccess, Right } from '../../domain/contract/rights.ts';
import { isInSight, refuseRight, rightsIn, sightOf } from '../../domain/rights.ts';

const shop = { service: 'shop', environment: 'production' };
const pay = { service: 'pay', environment: 'production' };
const access: Access = { look: ['developers', 'managers'], start: ['developers'], operate: ['managers'] };
const commit = 'a'.repeat(40);

function caller(groups: string[], grants?: Grant[]) {
  return { who: { id: 'dana', via: 'token', groups }, ...(grants && { grants }) };
}

describe('whether somebody may do something about a lane', () => {
  it.each<[Right, string[], string | undefined]>([
    ['look', ['developers'], undefined],
    ['look', ['managers'], undefined],
    ['look', ['others'], 'dana is in none of the groups that may look shop in production: developers, managers'],
    ['look', [], 'dana is in none of the groups that may look shop in production: developers, managers'],
    ['start', ['developers'], undefined],
    ['start', ['managers'], 'dana is in none of the groups that may start shop in production: developers'],
    ['operate', ['managers'], undefined],
    ['operate', ['developers'], 'dana is in none of the groups that may operate shop in production: managers'],
    ['decide', [], undefined],
  ])('to %s: as one of %j', (right, groups, refused) => {
    expect(refuseRight(caller(groups), right, { ...shop, access })).toBe(refused);
  });

  it.each<Right>(['look', 'start', 'decide', 'operate'])(
    'to %s is everybody’s who is known where the policy says nothing of it',
    (right) => {
      expect(refuseRight(caller([]), right, shop)).toBeUndefined();
    },
  );

  it.each<[string, Grant[], Right, LaneAccess, boolean]>([
    ['another right', [{ rights: ['look'] }], 'start', shop, false],
    ['another service', [{ rights: ['start'], services: ['pay'] }], 'start', shop, false],
    ['another environment', [{ rights: ['start'], environments: ['staging'] }], 'start', shop, false],
    ['nothing', [], 'look', shop, false],
    ['that, among others', [{ rights: ['look'] }, { rights: ['start'], services: ['shop'] }], 'start', shop, true],
    ['that, of whoever has not got the right', [{ rights: ['start'] }], 'start', { ...shop, access }, false],
  ])('by a credential that is good for %s', (_, grants, right, lane, may) => {
    expect(refuseRight(caller([], grants), right, lane) === undefined).toBe(may);
  });

  it.each<[string, Grant, string | undefined]>([
    ['that commit of that branch', { rights: ['start'], branch: 'main', commit }, undefined],
    [
      'another commit',
      { rights: ['start'], branch: 'main', commit: 'b'.repeat(40) },
      `this credential of dana is good for ${'b'.repeat(40)} of main alone, and not for ${commit} of main`,
    ],
    [
      'another branch',
      { rights: ['start'], branch: 'next', commit },
      `this credential of dana is good for ${commit} of next alone, and not for ${commit} of main`,
    ],
  ])('by a credential that starts %s alone', (_, grant, refused) => {
    expect(refuseRight(caller([], [grant]), 'start', shop, { branch: 'main', commit })).toBe(refused);
  });
});

describe('what somebody may look at', () => {
  const lanes: LaneAccess[] = [{ ...shop, access }, pay];

  it('is everything for whoever may look at every lane, also what the policy has no more', () => {
    expect(sightOf(caller(['developers']), lanes)).toBe('everything');
    expect(isInSight('everything', { service: 'gone', environment: 'production' })).toBe(true);
  });

  it('is what the policy lets them look at, and nothing that it has no more', () => {
    const sight = sightOf(caller([]), lanes);
    expect(sight).toEqual([pay]);
    expect(isInSight(sight, pay)).toBe(true);
    expect(isInSight(sight, shop)).toBe(false);
    expect(isInSight(sight, { service: 'gone', environment: 'production' })).toBe(false);
  });

  it.each<[string, Grant, 'everything' | object[]]>([
    ['one service', { rights: ['look'], services: ['pay'] }, [pay]],
    ['all of the services there are, by name', { rights: ['look'], services: ['pay', 'shop'] }, lanes],
    ['anything', { rights: ['look'] }, 'everything'],
    ['starting alone', { rights: ['start'] }, []],
  ])('is by a credential for %s no more than that', (_, grant, sight) => {
    expect(sightOf(caller(['managers'], [grant]), lanes)).toEqual(sight);
  });
});

describe('what somebody may do, as they are told', () => {
  const callers = [[], ['developers'], ['managers'], ['developers', 'managers'], ['others']].flatMap((groups) =>
    [
      undefined,
      [],
      [{ rights: ['look', 'start'] }] satisfies Grant[],
      [{ rights: ['start'], services: ['shop'] }] satisfies Grant[],
      [{ rights: ['look'] }, { rights: ['decide'], environments: ['staging'] }] satisfies Grant[],
    ].map((grants) => caller(groups, grants)),
  );

  it('is what they would not be refused, in each lane that they may look at, and of others nothing', () => {
    const lanes = [
      { ...shop, access },
      pay,
      { service: 'pay', environment: 'staging', access: { look: ['managers'] } },
    ];
    for (const who of callers)
      for (const lane of lanes) {
        const [told, ...others] = rightsIn(who, [lane]);
        const may = rights.filter((right) => refuseRight(who, right, lane) === undefined);
        const isSeen = isInSight(sightOf(who, [lane]), lane);
        const { service, environment } = lane;
        expect([told, others]).toEqual([isSeen ? { service, environment, may } : undefined, []]);
      }
  });
});
