import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { refuseChange, refuseForward } from '../../domain/authority.ts';
import type { AuthorityFacts, Wish } from '../../domain/authority.ts';
import type { Decision, DecisionKind } from '../../domain/contract/decisions.ts';
import type { Breach } from '../../domain/contract/breach.ts';
import type { ApprovalPolicy, ReleasePlan } from '../../domain/contract/release.ts';
import { runKinds } from '../../domain/run-kinds.ts';
import {
  aCommit,
  aDecision,
  aFloor,
  aHash,
  anImage,
  aPerson,
  aPlan,
  aPlannedComponent,
  aPolicy,
  aRegion,
  aReleaseId,
  aRequest,
  aWave,
  developer,
} from './builders.ts';
import { policyAround } from '../support/policy-around.ts';

const two = aPlan({ regions: [aRegion('de'), aRegion('nl')] });
/** What the worker's own policy asks for: it names what the plan names. */
const under = (approval = aPolicy(), rollBackOnBreach = false) => ({
  floor: aFloor(approval, { ...policyAround(two), rollBackOnBreach }),
});
/** May it put its plan in place in de? */
const deploying: Wish = { purpose: 'deploy', regions: ['de'] };
const goingBack: Wish = { purpose: 'roll-back', regions: ['de'] };

function facts(changes: Partial<AuthorityFacts> = {}): AuthorityFacts {
  return {
    workflowId: aReleaseId(),
    workflowType: 'deployRelease',
    claimed: { releaseId: aReleaseId(), subject: aReleaseId(), planHash: aHash() },
    plan: aPlan(),
    actualHash: aHash(),
    request: aRequest(),
    authors: ['dana@shop.test'],
    decisions: [aDecision('approve')],
    worker: under(),
    now: 3_000,
    ...changes,
  };
}

const day = 86_400_000;
const rollbackId = 'rollback/shop/production/order-1';
/** As the gateway signs it for this very run. */
const anOrder = (changes: Partial<Decision> = {}) =>
  aDecision('roll-back', { id: 'order-1', run: rollbackId, expiresAt: 9_000, ...changes });

function rollback(changes: Partial<AuthorityFacts> = {}): AuthorityFacts {
  return facts({
    workflowId: rollbackId,
    workflowType: 'rollBackRelease',
    claimed: { releaseId: rollbackId, subject: aReleaseId(), planHash: aHash() },
    decisions: [anOrder()],
    ...changes,
  });
}

describe('refuseChange', () => {
  it('lets an approved release change its environment, and an ordered rollback', () => {
    expect(refuseChange(facts(), deploying)).toBeUndefined();
    expect(refuseChange(facts(), goingBack)).toBeUndefined();
    expect(refuseChange(rollback(), goingBack)).toBeUndefined();
  });

  it('lets nobody put in place what is promoted from where it is not on record, and anybody go back from it', () => {
    const unrecorded = 'core is said to be promoted from staging';
    expect(refuseChange(facts({ unrecorded }), deploying)).toBe(unrecorded);
    expect(refuseChange(facts({ unrecorded }), goingBack)).toBeUndefined();
  });

  it.each<[string, AuthorityFacts, Wish, string]>([
    ['a rollback that would deploy', rollback(), deploying, `${rollbackId} may not deploy`],
    [
      'a release in a region that its plan has not',
      facts(),
      { purpose: 'deploy', regions: ['fr'] },
      `${aReleaseId()} may deploy in de, and not in fr`,
    ],
    [
      'a worker of another environment',
      facts({ worker: { ...under(), environment: 'staging' } }),
      deploying,
      'the plan is for production, and this worker serves staging',
    ],
  ])('refuses %s', (_what, given, wish, reason) => {
    expect(refuseChange(given, wish)).toBe(reason);
  });

  const ola = aPerson('ola', 'on-call');
  const onCallFor = (service: string) => ({
    floor: aFloor(aPolicy(), { ...policyAround(two), onCall: { [service]: ['on-call'] } }),
  });
  it('lets a rollback act that somebody on call for the service has ordered, and a release only go back', () => {
    const decisions = [anOrder({ by: ola })];
    const orderedBack = [aDecision('approve'), aDecision('roll-back', { by: ola })];
    const [ofShop, ofDepot] = [onCallFor('shop'), onCallFor('depot')];
    expect(refuseChange(rollback({ decisions, worker: ofShop }), goingBack)).toBeUndefined();
    expect(refuseChange(rollback({ decisions, worker: ofDepot }), goingBack)).toBe('ola may not order a rollback here');
    expect(refuseChange(facts({ decisions: orderedBack, worker: ofShop }), deploying)).toBe('ola has ordered it back');
    const approvedByOla = facts({ decisions: [aDecision('approve', { by: ola })], worker: ofShop });
    expect(refuseChange(approvedByOla, deploying)).toBe('0 of 1 approvals of this plan hold');
  });

  it('goes by a no, and by an order to go back, of whoever might give it: that is not asked again when others are on call', () => {
    const worker = onCallFor('depot');
    for (const [kind, reason] of [
      ['abort', 'ola has called it off: abort'],
      ['reject', 'ola has called it off: reject'],
      ['roll-back', 'ola has ordered it back'],
    ] as const) {
      const decisions = [aDecision('approve'), aDecision(kind, { by: ola })];
      expect(refuseChange(facts({ decisions, worker }), deploying)).toBe(reason);
    }
    const aborted = rollback({
      decisions: [anOrder(), aDecision('abort', { releaseId: rollbackId, by: ola })],
      worker,
    });
    expect(refuseChange(aborted, goingBack)).toBe('ola has called it off: abort');
  });

  it('carries an order out to its end when others are on call by then, and begins none', () => {
    const given = { decisions: [anOrder({ by: ola })], worker: onCallFor('depot') };
    expect(refuseChange(rollback({ ...given, begunAt: 2_000 }), goingBack)).toBeUndefined();
    expect(refuseChange(rollback(given), goingBack)).toBe('ola may not order a rollback here');
  });

  const forDe = [anOrder({ regions: ['de'] })];
  it.each<[string, AuthorityFacts, string[] | undefined]>([
    ['in the region that the order names', rollback({ plan: two, decisions: forDe }), ['de']],
    ['in any region when the order names none', rollback({ plan: two }), ['nl']],
    ['for what it does in no region', rollback({ plan: two, decisions: forDe }), undefined],
  ])('lets an ordered rollback act %s', (_where, given, regions) => {
    expect(refuseChange(given, { purpose: 'roll-back', ...(regions && { regions }) })).toBeUndefined();
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
      facts({ worker: under(aPolicy({ quorum: 2 })) }),
      '1 of 2 approvals of this plan hold',
    ],
    [
      'one of those whom the plan asks for is nobody to the floor by now',
      facts({
        decisions: [aDecision('approve'), aDecision('approve', { by: aPerson('lea', 'approvers', 'leads') })],
        plan: aPlan({ approval: aPolicy({ quorum: 2 }) }),
        worker: under(aPolicy({ groups: ['leads'] })),
      }),
      '1 of 2 approvals of this plan hold',
    ],
    [
      'the plan says that none is wanted, but the floor does',
      facts({ decisions: [], plan: aPlan({ approval: aPolicy({ required: false }) }) }),
      '0 of 1 approvals of this plan hold',
    ],
    [
      'the floor asks for nobody, but the plan does',
      facts({ decisions: [], worker: under(aPolicy({ required: false })) }),
      '0 of 1 approvals of this plan hold',
    ],
    [
      'a quorum of none was declared',
      facts({
        decisions: [],
        worker: under(aPolicy({ quorum: 0 })),
        plan: aPlan({ approval: aPolicy({ quorum: 0 }) }),
      }),
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
      rollback({ decisions: [anOrder({ releaseId: aReleaseId(2) })] }),
      'nobody signed this rollback',
    ],
    [
      'the order came from somebody who may not',
      rollback({ decisions: [anOrder({ by: developer })] }),
      'dana may not order a rollback here',
    ],
    [
      'the order was a decision about the run while it was open',
      rollback({ decisions: [aDecision('roll-back', { id: 'order-1' })] }),
      'nobody signed this rollback',
    ],
    [
      'the order is for another run',
      rollback({ decisions: [anOrder({ run: 'rollback/shop/production/order-2' })] }),
      'nobody signed this rollback',
    ],
    [
      'the order speaks of another plan',
      rollback({ decisions: [anOrder({ planHash: aHash('9') })] }),
      'nobody signed this rollback',
    ],
    [
      'the order has expired',
      rollback({ now: 9_000 }),
      'the order of kim counts no more, it has expired: order it again',
    ],
    [
      'the order says nothing of its end',
      rollback({ decisions: [aDecision('roll-back', { id: 'order-1', run: rollbackId })] }),
      'the order of kim counts no more, it has expired: order it again',
    ],
    ['there is nothing to undo', rollback({ notUndoable: 'it ended rejected' }), 'it ended rejected'],
    [
      'it was rejected after it was approved',
      facts({ decisions: [aDecision('approve'), aDecision('reject')] }),
      'kim has called it off: reject',
    ],
    [
      'another plan of it was rejected',
      facts({ decisions: [aDecision('approve'), aDecision('reject', { planHash: aHash('9') })] }),
      'kim has called it off: reject',
    ],
    ['another plan of it is in force', facts({ planInForce: aHash('9') }), 'another plan of this release is in force'],
    ['something newer was verified since', facts({ overtaken: 'another was verified' }), 'another was verified'],
    [
      'nobody remembers what was approved',
      facts({ now: 2_000 + 31 * 86_400_000 }),
      '0 of 1 approvals of this plan hold',
    ],
    [
      'it was aborted after it was approved',
      facts({ decisions: [aDecision('approve'), aDecision('abort')] }),
      'kim has called it off: abort',
    ],
    [
      'whoever asked for it has called it off',
      facts({ decisions: [aDecision('approve'), aDecision('abort', { by: developer, planHash: '' })] }),
      'dana has called it off: abort',
    ],
  ])('refuses when %s', (_when, given, reason) => {
    expect(refuseChange(given, given.workflowId === rollbackId ? goingBack : deploying)).toBe(reason);
  });

  it.each<[string, AuthorityFacts, string]>([
    [
      'the rollback was ordered for another region',
      rollback({ plan: two, decisions: forDe }),
      `${rollbackId} may roll-back in de, and not in nl`,
    ],
  ])('refuses when %s', (_when, given, reason) => {
    expect(refuseChange(given, { purpose: 'roll-back', regions: ['nl'] })).toBe(reason);
  });

  const noAuthors = under(aPolicy({ excludeAuthors: true }));
  const by = (...emails: string[]) => [aDecision('approve', { by: { ...aPerson('kim', 'approvers'), emails } })];
  it.each<[string, AuthorityFacts, string | undefined]>([
    [
      'who has written it',
      facts({ worker: noAuthors, decisions: by('Dana@shop.test') }),
      '0 of 1 approvals of this plan hold',
    ],
    ['whose address nobody knows', facts({ worker: noAuthors }), '0 of 1 approvals of this plan hold'],
    [
      'when nobody knows who has written it',
      facts({ worker: noAuthors, authors: 'unknown', decisions: by('kim@shop.test') }),
      '0 of 1 approvals of this plan hold',
    ],
    ['who has not written it', facts({ worker: noAuthors, decisions: by('kim@shop.test') }), undefined],
    ['who has written it, where authors may', facts({ decisions: by('dana@shop.test') }), undefined],
  ])('where authors may not approve, hears the approval of somebody %s: %#', (_who, given, reason) => {
    expect(refuseChange(given, deploying)).toBe(reason);
  });

  it('carries an order out to its end, also when it expires under way', () => {
    expect(refuseChange(rollback({ now: 9_000, begunAt: 2_000 }), goingBack)).toBeUndefined();
  });

  it('has thirty days from its first change to its last: whoever once does what changes nothing gains no more', () => {
    const late = 2_000 + 30 * day + 1;
    const release = facts({ begunAt: 2_000, now: late });
    expect(refuseChange(release, deploying)).toContain('more than 30 days ago');
    expect(refuseChange(release, goingBack)).toBeUndefined();
    expect(refuseChange(facts({ begunAt: 2_000, now: late - 1 }), deploying)).toBeUndefined();
    const ordered = rollback({ begunAt: 2_000, now: late });
    expect(refuseChange(ordered, goingBack)).toContain(
      'counts no more, it began to change something more than 30 days',
    );
  });

  it('has what its plan bakes beside those thirty days', () => {
    const bakes = [aWave(['de'], 7 * day), aWave(['nl'], 7 * day)];
    const given = (now: number) => facts({ plan: aPlan({ waves: bakes }), begunAt: 2_000, now });
    expect(refuseChange(given(2_000 + 44 * day), deploying)).toBeUndefined();
    expect(refuseForward(given(2_000 + 44 * day + 1))).toEqual({
      code: 'SLIP-REL-16',
      why: 'it began to change something more than 44 days ago',
    });
  });

  it('says of what is wanted back that it is, and of nothing else', () => {
    const back = facts({ decisions: [aDecision('approve'), aDecision('roll-back')], begunAt: 2_000 });
    expect(refuseForward(back)).toEqual({ code: 'SLIP-REL-15', why: 'kim has ordered it back' });
    expect(refuseForward(facts({ begunAt: 2_000 }))).toBeUndefined();
    expect(refuseForward(rollback({ begunAt: 2_000 }))).toBeUndefined();
  });

  it('is not let in by an approval that was more than thirty days old when it began', () => {
    const given = facts({ begunAt: 2_000 + 30 * day + 1, now: 2_000 + 30 * day + 2 });
    expect(refuseChange(given, deploying)).toBe('0 of 1 approvals of this plan hold');
  });

  it('goes back, and no further, once somebody has ordered it back, whether it hears of it or not', () => {
    const back = aDecision('roll-back');
    const ordered = (by: Decision, changes = {}) =>
      facts({ decisions: [aDecision('approve'), by], begunAt: 2_000, ...changes });
    expect(refuseChange(ordered(back), deploying)).toBe('kim has ordered it back');
    expect(refuseChange(ordered(back), goingBack)).toBeUndefined();
    for (const other of [
      { ...back, releaseId: aReleaseId(2) },
      // Of a run of its own.
      { ...back, run: rollbackId },
    ])
      expect(refuseChange(ordered(other), deploying)).toBeUndefined();
  });

  it.each<DecisionKind>(['reject', 'abort'])('is not stopped by %s of another attempt', (kind) => {
    const no = aDecision(kind, { releaseId: aReleaseId(2) });
    expect(refuseChange(facts({ decisions: [aDecision('approve'), no] }), deploying)).toBeUndefined();
  });

  it.each<[string, Partial<ReleasePlan>, string]>([
    [
      'in a cluster',
      { regions: [aRegion('de', { cluster: { kind: 'kubeconfig', file: '/etc/other' } })] },
      'de is in the cluster of /etc/other',
    ],
    [
      'in a namespace',
      { regions: [aRegion('de', { namespace: 'kube-system' })] },
      'de is in the namespace kube-system',
    ],
    [
      'to a Deployment',
      { components: [aPlannedComponent('core', { workloads: [{ deployment: 'other', containers: ['c'] }] })] },
      'core is deployed to other',
    ],
  ])('acts in nothing that the policy on its own disk does not name: %s', (_what, changes, reason) => {
    const given = facts({ plan: aPlan(changes) });
    expect(refuseChange(given, deploying)).toContain(reason);
    expect(refuseChange(given, goingBack)).toContain(reason);
  });

  it('goes back, and no further, when the policy has taken the image away that it deploys', () => {
    const given = facts({ plan: aPlan({ components: [aPlannedComponent('core', { image: anImage('other') })] }) });
    expect(refuseChange(given, deploying)).toContain('the image of core is registry.test/shop/other@');
    expect(refuseChange(given, goingBack)).toBeUndefined();
  });

  it('goes back, and no further, when a no came in the moment before it began to change something', () => {
    const given = facts({ decisions: [aDecision('approve'), aDecision('abort')], begunAt: 2_000 });
    expect(refuseChange(given, deploying)).toBe('kim has called it off: abort');
    expect(refuseChange(given, goingBack)).toBeUndefined();
  });

  it('goes on when a no came too late, as its run says', () => {
    const late = { ...aDecision('abort'), afterChange: true };
    expect(refuseChange(facts({ decisions: [aDecision('approve'), late], begunAt: 2_000 }), deploying)).toBeUndefined();
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
        const given = facts({ decisions: all, worker: under(floor), plan: aPlan({ approval: planned }), actualHash });
        const refused = refuseChange(given, deploying);
        const enough = approvedUnder([floor, planned], all);
        const off = all.some((decision) => callsOff(decision));
        expect(refused === undefined).toBe(enough && !off && actualHash === aHash());
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
        releaseId: fc.constantFrom(aReleaseId(), aReleaseId(2)),
        by: fc.constantFrom(aPerson('kim', 'approvers'), developer),
        run: fc.constantFrom(rollbackId, 'rollback/shop/production/order-2', `x${rollbackId}`, undefined),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(orders, fc.boolean(), (made, required) => {
        const all = made.map(({ run, ...m }) => aDecision(m.kind, { ...m, ...(run && { run }), expiresAt: 9_000 }));
        const refused = refuseChange(rollback({ decisions: all, worker: under(aPolicy({ required })) }), goingBack);
        if (refused !== undefined) return;
        const isOrder = (d: Decision) =>
          d.kind === 'roll-back' &&
          d.run === rollbackId &&
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
      worker: under(aPolicy(), true),
      ...changes,
    });

  it('goes back where the approved plan says so, the operator allows it, and the release was seen broken', () => {
    expect(refuseChange(seenBroken(), goingBack)).toBeUndefined();
    expect(refuseChange(seenBroken(), { purpose: 'roll-back' })).toBeUndefined();
  });

  it('goes by approvals of any age: they were good when the release began', () => {
    expect(refuseChange(seenBroken({ now: 400 * 86_400_000 }), goingBack)).toBeUndefined();
  });

  it('needs no approval where neither the operator nor the plan asks for one', () => {
    const open = aPolicy({ required: false });
    const plan = aPlan({ onBreach: 'roll-back', approval: open });
    expect(refuseChange(seenBroken({ decisions: [], worker: under(open, true), plan }), goingBack)).toBeUndefined();
  });

  it.each<[string, Partial<AuthorityFacts>, string]>([
    ['the plan does not say so', { plan: aPlan() }, 'the plan does not let anything but a person roll it back'],
    [
      'the operator does not allow it, whatever the plan says',
      { worker: under(aPolicy(), false) },
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
    [
      'the floor asks for more by now',
      { worker: under(aPolicy({ quorum: 2 }), true) },
      '1 of 2 approvals of this plan hold',
    ],
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
    [
      'it was seen in a region that the plan has not',
      { breach: { ...seen, regions: ['nl'] } },
      `${id} may not roll-back`,
    ],
    [
      'the stored plan is another',
      { actualHash: aHash('9') },
      'the stored plan does not have the hash that was approved',
    ],
  ])('is refused when %s', (_when, changes, reason) => {
    expect(refuseChange(seenBroken(changes), goingBack)).toBe(reason);
  });

  it('is refused when nothing was seen: an approval is no order', () => {
    const { breach: _none, ...unseen } = seenBroken();
    expect(refuseChange(unseen, goingBack)).toBe('nobody signed this rollback');
  });

  it('is nothing that a release can borrow: a breach lets it do no more than its approvals', () => {
    expect(refuseChange(facts({ breach: seen, worker: under(aPolicy(), true), decisions: [] }), deploying)).toBe(
      '0 of 1 approvals of this plan hold',
    );
  });

  it('is for kinds of runs that take such orders, and for no other', () => {
    const only = (orderer: 'decider' | 'breach') => {
      return { ...runKinds, rollback: { ...runKinds.rollback, authority: { orderedBy: [orderer] } } };
    };
    const ordered = { decisions: [aDecision('approve'), anOrder({ id: seen.id, run: id })] };
    expect(refuseChange(seenBroken(), goingBack, only('decider'))).toBe('nobody signed this rollback');
    expect(refuseChange(seenBroken(ordered), goingBack, only('decider'))).toBeUndefined();
    expect(refuseChange(seenBroken(), goingBack, only('breach'))).toBeUndefined();
    const { breach: _none, ...unseen } = seenBroken(ordered);
    expect(refuseChange(unseen, goingBack, only('breach'))).toBe('nobody signed this rollback');
  });

  it('does not stand in the way of a person, whose order has the same id', () => {
    const ordered = anOrder({ id: 'breach-1', run: id });
    const plan = aPlan();
    expect(refuseChange(seenBroken({ decisions: [ordered], plan, worker: under() }), goingBack)).toBeUndefined();
  });

  it('never goes through with one of the four missing', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean(), (says, allowed, approved, broken) => {
        const { breach, ...rest } = seenBroken({
          plan: aPlan(says ? { onBreach: 'roll-back' } : {}),
          worker: under(aPolicy(), allowed),
          decisions: approved ? [aDecision('approve')] : [],
        });
        const refused = refuseChange({ ...rest, ...(broken && breach && { breach }) }, goingBack);
        expect(refused === undefined).toBe(says && allowed && approved && broken);
      }),
    );
  });
});

/** Said in another way than the rule says it: a no about it that is signed, or an order to go back. */
function callsOff({ kind, releaseId }: Decision): boolean {
  return releaseId === aReleaseId() && kind !== 'approve';
}

/** Said in another way than the rule says it. */
function approvedUnder(all: ApprovalPolicy[], decisions: Decision[]): boolean {
  const policies = all.filter(({ required }) => required);
  const people = new Set<string>();
  for (const { kind, releaseId, planHash, by } of decisions) {
    if (kind !== 'approve' || releaseId !== aReleaseId() || planHash !== aHash()) continue;
    if (policies.some(({ excludeRequester }) => excludeRequester) && by.id === developer.id) continue;
    if (policies.every(({ groups }) => by.groups.some((group) => groups.includes(group)))) people.add(by.id);
  }
  return policies.length === 0 || (people.size > 0 && policies.every(({ quorum }) => people.size >= quorum));
}
