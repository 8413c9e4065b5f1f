import { describe, expect, it } from '@jest/globals';
import { refuseDecider } from '../../domain/approval.ts';
import type { Decision } from '../../domain/contract/decisions.ts';
import type { ApprovalPolicy } from '../../domain/contract/release.ts';
import { aDecision, aPerson, aPolicy, developer } from './builders.ts';

describe('refuseDecider', () => {
  const stranger = aPerson('eve', 'visitors');
  const lead = aPerson('lea', 'leads');
  const askingNobody = aPolicy({ required: false, quorum: 0, groups: [] });
  const leadsToo = [aPolicy(), aPolicy({ groups: ['leads'] })];
  const refuse = (decision: Decision, policies: ApprovalPolicy[]) =>
    refuseDecider({ decision, requestedBy: developer, policies });

  it.each<[string, Decision, ApprovalPolicy[]]>([
    ['an approver approves', aDecision('approve'), [aPolicy()]],
    [
      'an approver approves by the plan, and the policy asks for nobody by now',
      aDecision('approve'),
      [askingNobody, aPolicy()],
    ],
    ['the requester calls it off', aDecision('abort', { by: developer }), [aPolicy()]],
    ['the requester, in no group at all, calls it off', aDecision('abort', { by: aPerson('dana') }), leadsToo],
    ['an approver calls it off', aDecision('abort'), [aPolicy()]],
    ['an approver orders a rollback', aDecision('roll-back'), [aPolicy()]],
    ['anybody calls it off where nobody need approve', aDecision('abort', { by: stranger }), [unguarded()]],
    [
      'somebody in the groups of both policies approves',
      aDecision('approve', { by: aPerson('ada', 'leads', 'approvers') }),
      leadsToo,
    ],
    [
      'somebody in the groups of both policies orders a rollback',
      aDecision('roll-back', { by: aPerson('ada', 'leads', 'approvers') }),
      leadsToo,
    ],
  ])('lets it be when %s', (_when, decision, policies) => {
    expect(refuse(decision, policies)).toBeUndefined();
  });

  it.each<[string, Decision, ApprovalPolicy[], RegExp]>([
    [
      'a stranger approves',
      aDecision('approve', { by: stranger }),
      [aPolicy()],
      /^eve is (not in the group|in none of the groups)/,
    ],
    [
      'a stranger approves, and the policy asks for nobody by now',
      aDecision('approve', { by: stranger }),
      [askingNobody, aPolicy()],
      /^eve is not in the group approvers/,
    ],
    [
      'a stranger rejects',
      aDecision('reject', { by: stranger }),
      [aPolicy()],
      /^eve is (not in the group|in none of the groups)/,
    ],
    [
      'a stranger calls it off',
      aDecision('abort', { by: stranger }),
      [aPolicy()],
      /^eve is (not in the group|in none of the groups)/,
    ],
    [
      'a stranger orders a rollback',
      aDecision('roll-back', { by: stranger }),
      [aPolicy()],
      /^eve is (not in the group|in none of the groups)/,
    ],
    [
      'a stranger accepts a failure',
      aDecision('accept-failure', { by: stranger }),
      [aPolicy()],
      /^eve is (not in the group|in none of the groups)/,
    ],
    [
      'the requester orders a rollback',
      aDecision('roll-back', { by: developer }),
      [aPolicy()],
      /^dana is not in the group/,
    ],
    [
      'the requester, being an approver too, approves',
      aDecision('approve', { by: aPerson('dana', 'approvers') }),
      [aPolicy()],
      /asked for this release and may not approve it$/,
    ],
    [
      'the plan asks for others to approve',
      aDecision('approve'),
      leadsToo,
      /^kim is (not in the group|in none of the groups) leads$/,
    ],
    [
      'the operator asks for others to approve',
      aDecision('approve', { by: lead }),
      leadsToo,
      /^lea is not in the group approvers$/,
    ],
    [
      'the plan asks for others to roll back',
      aDecision('roll-back'),
      leadsToo,
      /^kim is (not in the group|in none of the groups)/,
    ],
    [
      'the operator asks for others to roll back',
      aDecision('roll-back', { by: lead }),
      leadsToo,
      /^lea is (not in the group|in none of the groups)/,
    ],
    [
      'only the plan is guarded',
      aDecision('abort', { by: stranger }),
      [unguarded(), aPolicy()],
      /^eve is (not in the group|in none of the groups)/,
    ],
  ])('refuses when %s', (_when, decision, policies, reason) => {
    expect(refuse(decision, policies)).toMatch(reason);
  });

  function unguarded() {
    return aPolicy({ required: false });
  }
});
