import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluateApproval, isSignedDecision, refuseDecision } from '../../domain/approval.ts';
import type { ApprovalFacts, DecidableRun } from '../../domain/approval.ts';
import type { Decision, DecisionKind } from '../../domain/contract/decisions.ts';
import { stages } from '../../domain/contract/status.ts';
import { aDecision, aHash, aPerson, aPolicy, aReleaseId, approver, developer } from './builders.ts';

const asked = 1_000;
const day = 86_400_000;

function evaluate(decisions: Decision[], changes: Partial<ApprovalFacts> = {}) {
  return evaluateApproval({
    policy: aPolicy(),
    planHash: aHash(),
    requestedBy: developer,
    decisions,
    askedAt: asked,
    now: asked + 10,
    ...changes,
  });
}

describe('evaluateApproval', () => {
  it.each<[string, Decision[], Partial<ApprovalFacts>, string]>([
    ['one of the group approved', [aDecision('approve')], {}, 'approved'],
    ['nobody said anything', [], {}, 'waiting'],
    ['it was of another plan', [aDecision('approve', { planHash: aHash('9') })], {}, 'waiting'],
    ['it came from outside the groups', [aDecision('approve', { by: aPerson('eve', 'developers') })], {}, 'waiting'],
    [
      'the requester approved it, being an approver too',
      [aDecision('approve', { by: aPerson('dana', 'approvers') })],
      {},
      'waiting',
    ],
    [
      'the requester approved it where that is allowed',
      [aDecision('approve', { by: aPerson('dana', 'approvers') })],
      { policy: aPolicy({ excludeRequester: false }) },
      'approved',
    ],
    [
      'two are wanted and one person said it twice',
      [aDecision('approve'), aDecision('approve')],
      { policy: aPolicy({ quorum: 2 }) },
      'waiting',
    ],
    [
      'two are wanted and two said it',
      [aDecision('approve'), aDecision('approve', { by: aPerson('lea', 'approvers') })],
      { policy: aPolicy({ quorum: 2 }) },
      'approved',
    ],
    [
      'one approved and another rejected',
      [aDecision('approve'), aDecision('reject', { by: aPerson('lea', 'approvers') })],
      {},
      'rejected',
    ],
    ['somebody rejected who may not', [aDecision('reject', { by: aPerson('eve', 'developers') })], {}, 'waiting'],
    ['an earlier plan of it was rejected', [aDecision('reject', { planHash: aHash('9') })], {}, 'rejected'],
    ['the requester took it back', [aDecision('reject', { by: aPerson('dana', 'approvers') })], {}, 'rejected'],
    ['time is over', [], { now: asked + day }, 'expired'],
    [
      'it was decided in time and looked at later',
      [aDecision('approve', { decidedAt: asked + day })],
      { now: asked + 2 * day },
      'approved',
    ],
    [
      'it was decided too late',
      [aDecision('approve', { decidedAt: asked + day + 1 })],
      { now: asked + 2 * day },
      'expired',
    ],
    ['none is wanted', [], { policy: aPolicy({ required: false }) }, 'approved'],
    ['a quorum of none was declared though one is required', [], { policy: aPolicy({ quorum: 0 }) }, 'waiting'],
  ])('when %s', (_when, decisions, changes, kind) => {
    expect(evaluate(decisions, changes).kind).toBe(kind);
  });

  it('says how many are missing, and until when', () => {
    expect(evaluate([aDecision('approve')], { policy: aPolicy({ quorum: 3 }) })).toEqual({
      kind: 'waiting',
      missing: 2,
      until: asked + day,
    });
  });

  it('approves only what enough different people, who may, approved in time and nobody of them rejected', () => {
    const people = ['dana', 'kim', 'lea', 'eve'];
    const decisions = fc.array(
      fc.record({
        kind: fc.constantFrom<DecisionKind>('approve', 'reject', 'abort', 'roll-back', 'accept-failure'),
        planHash: fc.constantFrom(aHash(), aHash('9')),
        by: fc.record({
          id: fc.constantFrom(...people),
          via: fc.constant('token'),
          groups: fc.subarray(['approvers', 'leads', 'developers']),
        }),
        decidedAt: fc.constantFrom(asked, asked + day, asked + day + 1),
      }),
      { maxLength: 8 },
    );
    const policies = fc.record({
      required: fc.boolean(),
      quorum: fc.integer({ min: 0, max: 3 }),
      groups: fc.subarray(['approvers', 'leads'], { minLength: 1 }),
      expiresMs: fc.constant(day),
      excludeRequester: fc.boolean(),
    });
    fc.assert(
      fc.property(decisions, policies, fc.integer({ min: 0, max: 2 * day }), (made, policy, later) => {
        const all = made.map((m) => aDecision(m.kind, m));
        const verdict = evaluate(all, { policy, now: asked + later });
        const counts = (d: Decision) =>
          (d.kind === 'reject' || d.planHash === aHash()) &&
          d.decidedAt <= asked + day &&
          d.by.groups.some((g) => policy.groups.includes(g));
        const yes = new Set(
          all
            .filter((d) => d.kind === 'approve' && counts(d) && !(policy.excludeRequester && d.by.id === 'dana'))
            .map((d) => d.by.id),
        );
        const no = all.some((d) => d.kind === 'reject' && counts(d));
        const wanted = policy.required ? Math.max(1, policy.quorum) : 0;
        expect(verdict.kind === 'rejected').toBe(no);
        expect(verdict.kind === 'approved').toBe(!no && yes.size >= wanted);
        if (verdict.kind === 'waiting') expect(verdict.until).toBeGreaterThan(asked + later);
      }),
      { numRuns: 5_000 },
    );
  });
});

function aRun(changes: Partial<DecidableRun> = {}): DecidableRun {
  return {
    releaseId: aReleaseId(),
    deploys: true,
    stage: 'awaiting-approval',
    planHash: aHash(),
    touched: false,
    isHeld: false,
    decisionIds: [],
    ...changes,
  };
}

describe('refuseDecision', () => {
  it('takes no order for a run of its own for a decision about this one', () => {
    const order = aDecision('roll-back', { run: 'rollback/shop/production/order-1' });
    expect(refuseDecision(aRun({ stage: 'deploying', touched: true }), order)).toBe(
      'it orders a run of its own: rollback/shop/production/order-1',
    );
  });

  it.each<[DecisionKind, Partial<DecidableRun>]>([
    ['approve', {}],
    ['reject', {}],
    ['reject', { stage: 'awaiting-lane' }],
    ['reject', { planHash: aHash('9') }],
    ['abort', { stage: 'building' }],
    ['abort', {}],
    ['roll-back', { stage: 'deploying', touched: true }],
    ['roll-back', { stage: 'held', touched: true }],
    ['accept-failure', { stage: 'held', touched: true }],
  ])('takes %s when %j', (kind, changes) => {
    expect(refuseDecision(aRun(changes), aDecision(kind))).toBeUndefined();
  });

  it.each<[DecisionKind, Partial<DecidableRun>, string]>([
    ['approve', { stage: 'building' }, 'the run is building, not awaiting approval'],
    ['approve', { planHash: aHash('9') }, 'it was made for another plan'],
    ['reject', { stage: 'deploying', touched: true }, 'something has been changed already: ask for a rollback instead'],
    ['reject', { deploys: false, stage: 'awaiting-lane' }, 'the run is awaiting-lane, not awaiting approval'],
    ['abort', { stage: 'deploying', touched: true }, 'something has been changed already: ask for a rollback instead'],
    ['abort', { stage: 'rolling-back', touched: true }, 'a rollback is under way, and is not left half done'],
    ['abort', { deploys: false, stage: 'rolling-back' }, 'a rollback is under way, and is not left half done'],
    ['roll-back', {}, 'nothing has been changed yet: abort instead'],
    ['roll-back', { deploys: false, stage: 'rolling-back', touched: true }, 'this run is a rollback already'],
    ['accept-failure', { stage: 'deploying', touched: true }, 'the run is deploying, not held'],
    ['approve', { stage: 'done' }, 'the run has ended'],
  ])('refuses %s when %j: %s', (kind, changes, reason) => {
    expect(refuseDecision(aRun(changes), aDecision(kind))).toBe(reason);
  });

  it('refuses what is about another release', () => {
    expect(refuseDecision(aRun(), aDecision('approve', { releaseId: aReleaseId(2) }))).toBe(
      `it is about ${aReleaseId(2)}`,
    );
  });

  it('takes a decision that was taken already once more, whatever the run does now', () => {
    const again = aDecision('approve');
    expect(refuseDecision(aRun({ stage: 'deploying', touched: true, decisionIds: [again.id] }), again)).toBeUndefined();
  });

  it('leaves a way out of every stage: somebody can always stop a run, or its rollback is under way', () => {
    for (const stage of stages.filter((s) => s !== 'done')) {
      for (const touched of [false, true]) {
        const ways = (['abort', 'roll-back'] as const).filter(
          (kind) => refuseDecision(aRun({ stage, touched }), aDecision(kind)) === undefined,
        );
        const under = stage === 'rolling-back' && !touched;
        expect({ stage, touched, ways }).toEqual({
          stage,
          touched,
          ways: under ? [] : [touched ? 'roll-back' : 'abort'],
        });
      }
    }
  });
});

describe('isSignedDecision', () => {
  const signed = { decision: aDecision('approve'), keyId: 'k', signature: 's' };

  it('knows one', () => {
    expect(isSignedDecision(signed)).toBe(true);
  });

  it.each([
    ['nested deeper', JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`) as unknown],
    ['of more parts', Array.from({ length: 6_000 }, () => ({}))],
    ['longer', 'x'.repeat(250_000)],
  ])('takes none that is %s than what people sign: a step could not be given it', (_how, more) => {
    expect(isSignedDecision({ ...signed, more })).toBe(false);
  });

  it('is not fooled by, and never throws on, anything else', () => {
    const nearly = fc.constantFrom(...Object.keys(signed.decision)).map((key) => {
      const { [key as keyof Decision]: _left, ...decision } = signed.decision;
      return { ...signed, decision };
    });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          nearly,
          fc.record({ decision: fc.anything(), keyId: fc.string(), signature: fc.string() }),
        ),
        (value) => {
          expect(isSignedDecision(value)).toBe(false);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(isSignedDecision({ ...signed, decision: { ...signed.decision, by: approver.id } })).toBe(false);
  });
});
