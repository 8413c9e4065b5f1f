import { describe, expect, it } from '@jest/globals';
import { missingPeople } from '../../domain/people-known.ts';
import type { AskedOf } from '../../domain/people-known.ts';
import { aPolicy } from './builders.ts';

const person = (id: string, ...groups: string[]) => ({ id, groups });
const asks = (quorum: number, groups: string[], more: Partial<AskedOf> = {}): AskedOf => ({
  lane: { service: 'shop', environment: 'production' },
  approval: aPolicy({ required: true, quorum, groups }),
  ...more,
});

describe('people whom the policy asks for', () => {
  it.each<[string, AskedOf[], string[]]>([
    ['all there', [asks(1, ['approvers'], { onCall: ['rota'] })], []],
    ['not asked for', [asks(1, ['nobody'], { approval: aPolicy({ required: false, groups: ['nobody'] }) })], []],
    [
      'a group of approvers',
      [asks(1, ['managers'])],
      ['nobody is in managers, which may approve for shop in production'],
    ],
    [
      'a group beside one that is there',
      [asks(1, ['approvers', 'aprovers'])],
      ['nobody is in aprovers, which may approve for shop in production'],
    ],
    [
      'those on call, of more than one lane',
      [
        asks(1, ['approvers'], { onCall: ['night'] }),
        asks(1, ['approvers'], { onCall: ['night'], lane: { service: 'depot', environment: 'lab' } }),
      ],
      ['nobody is in night, which is on call for shop in production, depot in lab'],
    ],
    ['as many as have to approve', [asks(2, ['approvers', 'rota'])], []],
    [
      'fewer than have to approve',
      [asks(2, ['approvers'])],
      ['2 must approve for shop in production, and 1 is known of approvers'],
    ],
  ])('are told where they are missing: %s', (_, asked, words) => {
    const known = [person('kim', 'approvers'), person('kim', 'approvers'), person('ola', 'rota')];
    expect(missingPeople(asked, { people: known })).toEqual(words);
  });

  it('are not told of groups of which others tell who is in them: whether somebody is there cannot be seen', () => {
    const asked = [asks(2, ['approvers'], { onCall: ['rota'] })];
    const known = { people: [person('kim', 'approvers')], toldOutside: ['approvers', 'rota'] };
    expect(missingPeople(asked, known)).toEqual([]);
  });
});
