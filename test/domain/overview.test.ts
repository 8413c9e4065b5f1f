import { describe, expect, it } from '@jest/globals';
import type { LeftBehind } from '../../domain/contract/gateway.ts';
import { environmentBefore, environmentsInOrder } from '../../domain/environment-order.ts';
import { regionsOf } from '../../domain/overview.ts';
import type { LastVerified } from '../../domain/overview.ts';
import { aCommit, aReleaseId, aVerified } from './builders.ts';

const [older, newer] = [aReleaseId(1), aReleaseId(2)];
const stands = (changes: Parameters<typeof aVerified>[0] = {}): LastVerified => {
  const row = aVerified({ releaseId: newer, ...changes });
  return { last: row, current: row };
};
const takenBack = (current?: LastVerified['current']): LastVerified => ({
  last: aVerified({ releaseId: newer, commit: aCommit('b'), state: 'revoked' }),
  revokedBecause: 'wrong VAT',
  ...(current && { current }),
});
const left = (changes: Partial<LeftBehind> = {}): LeftBehind => ({
  ...{ region: 'de', component: 'core', releaseId: newer, outcome: 'halted' },
  ...changes,
});
const before = aVerified({ releaseId: older });

describe('how a region stands by the records', () => {
  it.each<[string, LastVerified[], LeftBehind[], string]>([
    ['verified: nothing else was begun there', [stands()], [], 'verified'],
    ['verified: what was revoked is known to be gone', [takenBack(before)], [], 'verified'],
    ['revoked: it may run still', [takenBack(before)], [left({ outcome: 'verified' })], 'revoked'],
    ['revoked: nothing else was ever verified', [takenBack()], [], 'revoked'],
    ['unknown: a run has changed it since', [stands({ releaseId: older })], [left()], 'unknown'],
    [
      'unknown: of what was revoked another run has changed something',
      [takenBack()],
      [left({ releaseId: older })],
      'unknown',
    ],
    ['unknown: a run has begun where nothing was verified', [], [left()], 'unknown'],
    [
      'unknown: one component of two',
      [stands(), stands({ component: 'web' })],
      [left({ component: 'web', releaseId: older })],
      'unknown',
    ],
  ])('%s', (_, places, leavings, state) => {
    expect(regionsOf(places, leavings)).toMatchObject([{ region: 'de', state }]);
  });

  it('is told for each region, with the newest release and what is of another commit', () => {
    const places = [
      stands({ commit: aCommit('a'), verifiedAt: 1 }),
      stands({ component: 'web', commit: aCommit('b'), verifiedAt: 2 }),
      stands({ region: 'nl', commit: aCommit('a'), verifiedAt: 1 }),
    ];
    expect(regionsOf(places, [])).toMatchObject([
      {
        region: 'de',
        components: 2,
        release: { commit: aCommit('b') },
        versions: [{ commit: aCommit('b') }, { commit: aCommit('a') }],
      },
      { region: 'nl', components: 1, release: { commit: aCommit('a') } },
    ]);
  });

  it('counts what is verified of another commit beside what is revoked', () => {
    const beside = stands({ component: 'web', commit: aCommit('a'), verifiedAt: 1 });
    expect(regionsOf([takenBack(), beside], [])).toMatchObject([
      {
        ...{ state: 'revoked', components: 2, release: { commit: aCommit('b') } },
        versions: [
          { commit: aCommit('b'), components: ['core'] },
          { commit: aCommit('a'), components: ['web'] },
        ],
      },
    ]);
  });

  it('says why, in the words that the lane has for it', () => {
    expect(regionsOf([takenBack()], [])[0]?.why).toBe('wrong VAT');
    const [region] = regionsOf([], [left({ releaseId: 'release/x' }), left({ component: 'web' })]);
    expect(region?.why).toBe('core may run what release/x put there, which ended halted, and 1 more');
  });
});

describe('environments', () => {
  const lanes = (...of: [string, string[]][]) =>
    of.flatMap(([service, environments]) => environments.map((environment) => ({ service, environment })));

  it.each<[[string, string[]][], string[]]>([
    [[['shop', ['staging', 'production']]], ['staging', 'production']],
    [
      [
        ['a', ['production']],
        ['b', ['staging', 'production']],
      ],
      ['staging', 'production'],
    ],
    [
      [
        ['a', ['dev', 'production']],
        ['b', ['dev', 'staging', 'production']],
      ],
      ['dev', 'staging', 'production'],
    ],
    [
      [
        ['a', ['production']],
        ['b', ['lab']],
      ],
      ['production', 'lab'],
    ],
  ])('of %j stand in the order that the policy has them in', (of, order) => {
    expect(environmentsInOrder(lanes(...of))).toEqual(order);
  });

  it('follow each other as far as a service has them', () => {
    const order = ['dev', 'staging', 'production'];
    expect(environmentBefore(order, order, 'production')).toBe('staging');
    expect(environmentBefore(order, ['production', 'dev'], 'production')).toBe('dev');
    expect(environmentBefore(order, order, 'dev')).toBeUndefined();
    expect(environmentBefore(order, order, 'gone')).toBeUndefined();
  });
});
