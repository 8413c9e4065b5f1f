import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { permitted, refuseChange } from '../../domain/authority.ts';
import type { AuthorityFacts, ChangeFacts } from '../../domain/authority.ts';
import type { Decision, DecisionKind } from '../../domain/contract/decisions.ts';
import type { Breach } from '../../domain/contract/breach.ts';
import type { DeliveredArtifact, DeliveryKind } from '../../domain/contract/delivery.ts';
import type { ApprovalPolicy } from '../../domain/contract/release.ts';
import { imageArtifact } from '../../domain/delivery.ts';
import { runKinds } from '../../domain/run-kinds.ts';
import {
  aCommit,
  aDecision,
  aHash,
  anImage,
  aPerson,
  aPlan,
  aPlannedComponent,
  aPolicy,
  aReleaseId,
  aRequest,
  aVerified,
  developer,
} from './builders.ts';

function facts(changes: Partial<AuthorityFacts> = {}): AuthorityFacts {
  return {
    workflowId: aReleaseId(),
    workflowType: 'deployRelease',
    claimed: { releaseId: aReleaseId(), subject: aReleaseId(), planHash: aHash() },
    plan: aPlan(),
    actualHash: aHash(),
    request: aRequest(),
    decisions: [aDecision('approve')],
    floor: aPolicy(),
    ...changes,
  };
}

const rollbackId = 'rollback/shop/production/order-1';
function rollback(changes: Partial<AuthorityFacts> = {}): AuthorityFacts {
  return facts({
    workflowId: rollbackId,
    workflowType: 'rollBackRelease',
    claimed: { releaseId: rollbackId, subject: aReleaseId(), planHash: aHash() },
    decisions: [aDecision('roll-back', { id: 'order-1' })],
    ...changes,
  });
}

describe('refuseChange', () => {
  it('lets an approved release change its environment, and an ordered rollback', () => {
    expect(refuseChange(facts())).toBeUndefined();
    expect(refuseChange(rollback())).toBeUndefined();
  });

  const forDe = [aDecision('roll-back', { id: 'order-1', regions: ['de'] })];
  it.each<[string, AuthorityFacts]>([
    ['in the region that the order names', rollback({ decisions: forDe, region: 'de' })],
    ['in any region when the order names none', rollback({ region: 'nl' })],
    ['for what it does in no region', rollback({ decisions: forDe })],
  ])('lets an ordered rollback act %s', (_where, given) => {
    expect(refuseChange(given)).toBeUndefined();
  });

  it.each<[string, AuthorityFacts, string]>([
    ['nobody approved', facts({ decisions: [] }), '0 of 1 approvals of this plan hold'],
    [
      'another attempt of the same commit was approved',
      facts({ decisions: [aDecision('approve', { releaseId: aReleaseId(2) })] }),
      '0 of 1 approvals of this plan hold',
    ],
    [
      'the floor asks for more than the plan',
      facts({ floor: aPolicy({ quorum: 2 }) }),
      '1 of 2 approvals of this plan hold',
    ],
    [
      'the plan says that none is wanted, but the floor does',
      facts({ decisions: [], plan: aPlan({ approval: aPolicy({ required: false }) }) }),
      '0 of 1 approvals of this plan hold',
    ],
    [
      'the floor asks for nobody, but the plan does',
      facts({ decisions: [], floor: aPolicy({ required: false }) }),
      '0 of 1 approvals of this plan hold',
    ],
    [
      'a quorum of none was declared',
      facts({ decisions: [], floor: aPolicy({ quorum: 0 }), plan: aPlan({ approval: aPolicy({ quorum: 0 }) }) }),
      '0 of 1 approvals of this plan hold',
    ],
    [
      'another run claims to be this one',
      facts({ workflowId: aReleaseId(9) }),
      `it was scheduled by ${aReleaseId(9)}, not by ${aReleaseId()}`,
    ],
    [
      'the stored plan is another',
      facts({ actualHash: aHash('9') }),
      'the stored plan does not have the hash that was approved',
    ],
    [
      'the plan is of another environment',
      facts({ plan: aPlan({ environment: 'staging' }) }),
      'the plan is for another lane',
    ],
    [
      'the plan is of another commit than the gateway recorded',
      facts({ request: aRequest({ commit: aCommit('9') }) }),
      'the plan is not of the release that the gateway recorded',
    ],
    ['an unknown kind of workflow asks', facts({ workflowType: 'sideDoor' }), 'sideDoor may not change anything'],
    [
      'a release borrows the rights of another',
      facts({ claimed: { releaseId: aReleaseId(), subject: aReleaseId(2), planHash: aHash() } }),
      'a release can only act for itself',
    ],
    ['nobody ordered the rollback', rollback({ decisions: [aDecision('approve')] }), 'nobody signed this rollback'],
    [
      'the order is about another release',
      rollback({ decisions: [aDecision('roll-back', { id: 'order-1', releaseId: aReleaseId(2) })] }),
      'nobody signed this rollback',
    ],
    [
      'the order came from somebody who may not',
      rollback({ decisions: [aDecision('roll-back', { id: 'order-1', by: developer })] }),
      'dana may not order a rollback here',
    ],
    [
      'the rollback was ordered for another region',
      rollback({ decisions: forDe, region: 'nl' }),
      'the rollback was ordered for de, and not for nl',
    ],
  ])('refuses when %s', (_when, given, reason) => {
    expect(refuseChange(given)).toBe(reason);
  });

  it('never lets a release through without the approvals of this very plan that the policies ask for', () => {
    const people = fc.record({
      id: fc.constantFrom('dana', 'kim', 'lea', 'eve'),
      via: fc.constant('token'),
      groups: fc.subarray(['approvers', 'leads', 'developers']),
    });
    const decisions = fc.array(
      fc.record({
        kind: fc.constantFrom<DecisionKind>('approve', 'approve', 'approve', 'reject', 'roll-back', 'abort'),
        releaseId: fc.constantFrom(aReleaseId(), aReleaseId(), aReleaseId(2)),
        planHash: fc.constantFrom(aHash(), aHash(), aHash('9')),
        by: people,
      }),
      { maxLength: 8 },
    );
    const policies = fc.record({
      required: fc.boolean(),
      quorum: fc.integer({ min: 0, max: 3 }),
      groups: fc.subarray(['approvers', 'leads'], { minLength: 1 }),
      expiresMs: fc.constant(1_000),
      excludeRequester: fc.boolean(),
    });
    const hashes = fc.constantFrom(aHash(), aHash(), aHash(), aHash('9'));
    let through = 0;
    fc.assert(
      fc.property(decisions, policies, policies, hashes, (made, floor, planned, actualHash) => {
        const all = made.map((m) => aDecision(m.kind, m));
        const refused = refuseChange(facts({ decisions: all, floor, plan: aPlan({ approval: planned }), actualHash }));
        const enough = [floor, planned].every((policy) => approvedUnder(policy, all));
        expect(refused === undefined).toBe(enough && actualHash === aHash());
        if (refused === undefined) through += 1;
      }),
      { numRuns: 10_000 },
    );
    expect(through).toBeGreaterThan(100);
  });

  it('lets no rollback run through that is not the very one somebody of the groups signed', () => {
    const orders = fc.array(
      fc.record({
        kind: fc.constantFrom<DecisionKind>('roll-back', 'approve'),
        id: fc.constantFrom('order-1', 'order-2', '1', 'xorder-1'),
        releaseId: fc.constantFrom(aReleaseId(), aReleaseId(2)),
        by: fc.constantFrom(aPerson('kim', 'approvers'), developer),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(orders, fc.boolean(), (made, required) => {
        const all = made.map((m) => aDecision(m.kind, m));
        const refused = refuseChange(rollback({ decisions: all, floor: aPolicy({ required }) }));
        if (refused !== undefined) return;
        const isOrder = (d: Decision) =>
          d.kind === 'roll-back' &&
          d.id === 'order-1' &&
          d.releaseId === aReleaseId() &&
          (!required || d.by.groups.includes('approvers'));
        expect(all.some(isOrder)).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('a rollback that no person has ordered', () => {
  const seen: Breach = {
    id: 'breach-1',
    releaseId: aReleaseId(),
    planHash: aHash(),
    regions: ['de'],
    summary: 'front page: 502',
    seenAt: 5_000,
    seenBy: 'watch/shop/production/1',
  };
  const id = 'rollback/shop/production/breach-1';
  /** As it should be: approved, told so by the plan, allowed by the operator, and seen. */
  const seenBroken = (changes: Partial<AuthorityFacts> = {}) =>
    facts({
      workflowId: id,
      workflowType: 'rollBackRelease',
      claimed: { releaseId: id, subject: aReleaseId(), planHash: aHash() },
      plan: aPlan({ onBreach: 'roll-back' }),
      decisions: [aDecision('approve')],
      breach: seen,
      rollBackOnBreach: true,
      region: 'de',
      ...changes,
    });

  it('goes back where the approved plan says so, the operator allows it, and the release was seen broken', () => {
    expect(refuseChange(seenBroken())).toBeUndefined();
    const { region: _everywhere, ...noRegion } = seenBroken();
    expect(refuseChange(noRegion)).toBeUndefined();
  });

  it('needs no approval where neither the operator nor the plan asks for one', () => {
    const open = aPolicy({ required: false });
    const plan = aPlan({ onBreach: 'roll-back', approval: open });
    expect(refuseChange(seenBroken({ decisions: [], floor: open, plan }))).toBeUndefined();
  });

  it.each<[string, Partial<AuthorityFacts>, string]>([
    ['the plan does not say so', { plan: aPlan() }, 'the plan does not let anything but a person roll it back'],
    [
      'the operator does not allow it, whatever the plan says',
      { rollBackOnBreach: false },
      "the operator's policy does not let anything but a person roll back here",
    ],
    ['the plan was never approved', { decisions: [] }, '0 of 1 approvals of this plan hold'],
    [
      'another attempt of it was approved',
      { decisions: [aDecision('approve', { releaseId: aReleaseId(2) })] },
      '0 of 1 approvals of this plan hold',
    ],
    [
      'who approved may not any more',
      { decisions: [aDecision('approve', { by: developer })] },
      '0 of 1 approvals of this plan hold',
    ],
    ['the floor asks for more by now', { floor: aPolicy({ quorum: 2 }) }, '1 of 2 approvals of this plan hold'],
    [
      'another release was seen broken',
      { breach: { ...seen, releaseId: aReleaseId(2) } },
      'nobody has seen this release broken',
    ],
    [
      'it was seen under another plan',
      { breach: { ...seen, planHash: aHash('9') } },
      'the breach was seen under another plan',
    ],
    ['its id names another breach', { breach: { ...seen, id: 'breach-2' } }, 'nobody has seen this release broken'],
    ['it was seen in another region', { region: 'nl' }, 'the rollback was ordered for de, and not for nl'],
    [
      'the stored plan is another',
      { actualHash: aHash('9') },
      'the stored plan does not have the hash that was approved',
    ],
  ])('is refused when %s', (_when, changes, reason) => {
    expect(refuseChange(seenBroken(changes))).toBe(reason);
  });

  it('is refused when nothing was seen: an approval is no order', () => {
    const { breach: _none, ...unseen } = seenBroken();
    expect(refuseChange(unseen)).toBe('nobody signed this rollback');
  });

  it('is nothing that a release can borrow: a breach lets it do no more than its approvals', () => {
    expect(refuseChange(facts({ breach: seen, rollBackOnBreach: true, decisions: [] }))).toBe(
      '0 of 1 approvals of this plan hold',
    );
  });

  it('is for kinds of runs that take such orders, and for no other', () => {
    const only = (orderer: 'decider' | 'breach') => {
      return { ...runKinds, rollback: { ...runKinds.rollback, authority: { orderedBy: [orderer] } } };
    };
    const ordered = { decisions: [aDecision('approve'), aDecision('roll-back', { id: seen.id })] };
    expect(refuseChange(seenBroken(), only('decider'))).toBe('nobody signed this rollback');
    expect(refuseChange(seenBroken(ordered), only('decider'))).toBeUndefined();
    expect(refuseChange(seenBroken(), only('breach'))).toBeUndefined();
    const { breach: _none, ...unseen } = seenBroken(ordered);
    expect(refuseChange(unseen, only('breach'))).toBe('nobody signed this rollback');
  });

  it('does not stand in the way of a person, whose order has the same id', () => {
    const ordered = aDecision('roll-back', { id: 'breach-1' });
    const plan = aPlan();
    expect(refuseChange(seenBroken({ decisions: [ordered], plan, rollBackOnBreach: false }))).toBeUndefined();
  });

  it('never goes through with one of the four missing', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean(), (says, allowed, approved, broken) => {
        const { breach, ...rest } = seenBroken({
          plan: aPlan(says ? { onBreach: 'roll-back' } : {}),
          rollBackOnBreach: allowed,
          decisions: approved ? [aDecision('approve')] : [],
        });
        const refused = refuseChange({ ...rest, ...(broken && breach && { breach }) });
        expect(refused === undefined).toBe(says && allowed && approved && broken);
      }),
    );
  });
});

/** Said in another way than the rule says it. */
function approvedUnder(policy: ApprovalPolicy, decisions: Decision[]): boolean {
  if (!policy.required) return true;
  const people = new Set<string>();
  for (const { kind, releaseId, planHash, by } of decisions) {
    if (kind !== 'approve' || releaseId !== aReleaseId() || planHash !== aHash()) continue;
    if (policy.excludeRequester && by.id === developer.id) continue;
    if (by.groups.some((group) => policy.groups.includes(group))) people.add(by.id);
  }
  return people.size >= policy.quorum && people.size > 0;
}

describe('permitted', () => {
  function judge(changes: Partial<ChangeFacts> = {}) {
    return permitted({
      plan: aPlan(),
      region: 'de',
      component: 'core',
      image: anImage(),
      purpose: 'deploy',
      history: [],
      workflowId: aReleaseId(),
      ...changes,
    });
  }
  const old = anImage('core', '0');
  const charted = { kind: 'chart' as DeliveryKind, digest: aHash('5') };
  const byChart = aPlan({
    components: [aPlannedComponent('core', { delivery: { kind: charted.kind }, artifact: charted })],
  });

  it.each<[string, Partial<ChangeFacts>, DeliveredArtifact]>([
    ['what the plan has', {}, imageArtifact({}, anImage())],
    ['what the plan has made of its image beforehand', { plan: byChart }, charted],
    [
      'a rollback to what was verified in the region',
      { purpose: 'roll-back', image: old, history: [aVerified()] },
      imageArtifact({}, old),
    ],
    [
      'a rollback to what was made of that image then',
      {
        plan: byChart,
        purpose: 'roll-back',
        image: old,
        history: [aVerified({ artifact: { ...charted, digest: aHash('6') } })],
      },
      { ...charted, digest: aHash('6') },
    ],
  ])('lets through %s', (_what, changes, artifact) => {
    expect(judge(changes)).toEqual({ artifact });
  });

  it.each<[string, Partial<ChangeFacts>, string]>([
    ['a rollback run that would deploy', { workflowId: rollbackId }, `${rollbackId} may not deploy`],
    ['a workflow that is no run', { workflowId: 'mine' }, 'mine may not deploy'],
    ['another image than planned', { image: old }, `the plan has ${anImage()} for core`],
    ['a region that is not in the plan', { region: 'fr' }, 'the plan has no core in fr'],
    ['a component that is not in the plan', { component: 'billing' }, 'the plan has no billing in de'],
    [
      'a rollback to what was verified elsewhere',
      { purpose: 'roll-back', image: old, history: [aVerified({ region: 'nl' })] },
      `${old} was never verified in de`,
    ],
    [
      'a rollback to what was revoked',
      { purpose: 'roll-back', image: old, history: [aVerified({ state: 'revoked' })] },
      `${old} was never verified in de`,
    ],
    [
      'a rollback to what nobody verified',
      { purpose: 'roll-back', image: anImage('core', '9'), history: [aVerified()] },
      `${anImage('core', '9')} was never verified in de`,
    ],
    [
      'a rollback to what was put there in another way',
      { plan: byChart, purpose: 'roll-back', image: old, history: [aVerified()] },
      `${old} was put in de by deployment-image, not by chart`,
    ],
  ])('refuses %s', (_what, changes, refused) => {
    expect(judge(changes)).toEqual({ refused });
  });
});
