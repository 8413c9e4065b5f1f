import { describe, expect, it } from '@jest/globals';
import { refuseDecider } from '../../domain/approval.ts';
import {
  approversAsked,
  approversInWords,
  decidersAsked,
  decidersInWords,
  mayBeNobody,
  wantedInWords,
} from '../../domain/approvers.ts';
import { aDecision, aPerson, aPolicy, developer } from './builders.ts';

const asking = (quorum: number, ...groups: string[]) => aPolicy({ required: true, quorum, groups });
const nobody = aPolicy({ required: false, quorum: 0, groups: [] });
const both = "those who are both in managers (by this gateway's policy) and in approvers (by the plan)";

describe('who may approve a plan that was made by another policy', () => {
  it.each([
    ['as before', asking(1, 'approvers'), asking(1, 'approvers'), '1 of approvers'],
    [
      'more people, who are asked once it is made anew',
      asking(1, 'approvers'),
      asking(2, 'approvers'),
      '1 of approvers',
    ],
    ['fewer people, where the plan asks for more', asking(3, 'approvers'), asking(1, 'approvers'), '3 of approvers'],
    ['fewer groups', asking(1, 'a', 'b'), asking(1, 'b'), '1 of b'],
    ['more groups, which the plan does not name', asking(1, 'a'), asking(1, 'a', 'b'), '1 of a'],
    ['others', asking(1, 'approvers'), asking(2, 'managers'), `1 of ${both}`],
    ['nobody any more', asking(2, 'approvers'), nobody, '2 of approvers'],
    ['somebody, where nobody was asked', nobody, asking(2, 'approvers'), '1 of approvers'],
  ])('is told of %s', (_, planned, now, words) => {
    expect(wantedInWords({ planned, now })).toBe(words);
    expect(`${words.split(' ')[0]} of ${approversInWords({ planned, now })}`).toBe(words);
  });

  it.each([
    ['in none of the groups of both', asking(1, 'a'), asking(1, 'b'), true],
    ['in one of them', asking(1, 'a', 'b'), asking(1, 'b', 'c'), false],
    ['asked for by the plan alone', asking(1, 'a'), nobody, false],
    ['asked for by the policy alone', nobody, asking(1, 'b'), false],
  ])('may be nobody, or not: %s', (_, planned, now, expected) => {
    expect(mayBeNobody({ planned, now })).toBe(expected);
  });
});

describe('who is looked to about a failure', () => {
  const approvals = { planned: asking(1, 'approvers'), now: asking(1, 'approvers') };

  it.each([
    ['whoever is on call', { ...approvals, onCall: ['rota'] }, 'rota'],
    ['whoever may approve, where nobody is', approvals, 'approvers'],
    ['whoever may approve by both', { ...approvals, now: asking(2, 'managers') }, both],
    [
      'by the plan alone, where the policy asks for no approval',
      { ...approvals, now: { ...asking(1, 'x'), required: false } },
      'approvers',
    ],
  ])('is %s', (_, asked, words) => {
    expect(decidersInWords(asked)).toBe(words);
  });
});

describe('who may approve after a while', () => {
  const escalating = { ...asking(1, 'approvers'), escalate: { afterMs: 60, groups: ['leads'] } };

  it.each([
    ['nobody else before the time', escalating, escalating, 59, '1 of approvers'],
    ['others from then on', escalating, escalating, 60, '1 of approvers, leads'],
    ['nobody else, where the policy lets nobody any more', escalating, asking(1, 'approvers'), 60, '1 of approvers'],
  ])('is told of %s', (_, planned, now, waitedMs, words) => {
    expect(wantedInWords({ planned, now, waitedMs })).toBe(words);
  });
});

describe('who is told to people', () => {
  const lists = [[], ['a'], ['b'], ['a', 'b'], ['b', 'c']];
  const people = [...lists, ['c'], ['a', 'c'], ['a', 'b', 'c']].map((groups) => aPerson('kim', ...groups));
  const policies = [
    ...lists
      .filter(({ length }) => length > 0)
      .flatMap((groups) => [asking(1, ...groups), { ...asking(1, ...groups), required: false }]),
    nobody,
  ];
  const pairs = policies.flatMap((planned) => policies.map((now) => ({ planned, now })));

  it.each([
    ['approve', approversAsked],
    ['accept-failure', decidersAsked],
  ] as const)('is who may %s, person by person, by the rule that judges it', (kind, asked) => {
    for (const approvals of pairs) {
      const told = Object.values(asked(approvals));
      for (const by of people) {
        const isTold = told.every((groups) => groups.some((group) => by.groups.includes(group)));
        const { planned, now } = approvals;
        const refused = refuseDecider({
          decision: aDecision(kind, { by }),
          requestedBy: developer,
          policies: [now, planned],
        });
        expect({ planned, now, by, may: isTold }).toEqual({ planned, now, by, may: refused === undefined });
      }
    }
  });
});
