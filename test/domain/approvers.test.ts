import { describe, expect, it } from '@jest/globals';
import { approversInWords, decidersInWords, wantedInWords } from '../../domain/approvers.ts';
import { aPolicy } from './builders.ts';

const asking = (quorum: number, ...groups: string[]) => aPolicy({ required: true, quorum, groups });
const nobody = aPolicy({ required: false, quorum: 0, groups: [] });

describe('who may approve a plan, when the policy is another by now', () => {
  it.each([
    ['as before', asking(1, 'approvers'), asking(1, 'approvers'), '1 of approvers'],
    ['more people of the same', asking(1, 'approvers'), asking(2, 'approvers'), '2 of approvers'],
    ['fewer people, which the plan still asks for', asking(3, 'approvers'), asking(1, 'approvers'), '3 of approvers'],
    ['fewer groups', asking(1, 'a', 'b'), asking(1, 'b'), '1 of b'],
    ['more groups, which the plan does not name', asking(1, 'a'), asking(1, 'a', 'b'), '1 of a'],
    [
      'others',
      asking(1, 'approvers'),
      asking(2, 'managers'),
      '2 of managers (by the policy as it is now) who are of approvers (by the plan), too',
    ],
    ['nobody any more', asking(2, 'approvers'), nobody, '2 of approvers'],
    ['somebody, where nobody was asked', nobody, asking(2, 'approvers'), '2 of approvers'],
  ])('is told of %s', (_, planned, now, words) => {
    expect(wantedInWords({ planned, now })).toBe(words);
    expect(`${words.split(' ')[0]} of ${approversInWords({ planned, now })}`).toBe(words);
  });
});

describe('who is looked to about a failure', () => {
  it.each([
    ['whoever is on call by now', ['rota'], 'rota'],
    ['whoever may approve, where nobody is', undefined, 'approvers'],
  ])('is %s', (_, onCall, words) => {
    const approvals = { planned: asking(1, 'approvers'), now: asking(1, 'approvers') };
    expect(decidersInWords({ ...approvals, ...(onCall && { onCall }) })).toBe(words);
  });
});
