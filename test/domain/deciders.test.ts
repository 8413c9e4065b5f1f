import { describe, expect, it } from '@jest/globals';
import { refuseDecider } from '../../domain/approval.ts';
import type { DecisionKind } from '../../domain/contract/decisions.ts';
import type { LaneOrder } from '../../domain/contract/lane.ts';
import { decidersBy, lookedTo, refuseLaneOrder } from '../../domain/deciders.ts';
import { aDecision, aFloor, aPerson, aPolicy, approver, developer } from './builders.ts';

const ola = aPerson('ola', 'on-call');
const eve = aPerson('eve', 'visitors');
const floor = aFloor(aPolicy(), { onCall: { shop: ['on-call'] } });
const shop = decidersBy(floor, 'shop', { approval: aPolicy({ groups: ['approvers', 'leads'] }) });

describe('who decides about a run, where somebody is on call', () => {
  const may = (kind: DecisionKind, by = ola, deciders = shop) =>
    refuseDecider({ decision: aDecision(kind, { by }), requestedBy: developer, ...deciders });

  it.each<[DecisionKind, ...(string | undefined)[]]>([
    // By whom: on call, an approver, nobody.
    ['approve', 'ola is not in the group approvers', undefined, 'eve is not in the group approvers'],
    ['reject', 'ola is not in the group approvers', undefined, 'eve is not in the group approvers'],
    ['roll-back', undefined, undefined, 'eve is in none of the groups approvers, on-call'],
    ['accept-failure', undefined, undefined, 'eve is in none of the groups approvers, on-call'],
    ['retry', undefined, undefined, 'eve is in none of the groups approvers, on-call'],
    ['abort', undefined, undefined, 'eve is in none of the groups approvers, on-call'],
  ])('%s: those on call what follows a failure, and approvals those who approve', (kind, ...expected) => {
    expect([ola, approver, eve].map((by) => may(kind, by))).toEqual(expected);
  });

  it('is by the policy on the disk of whoever asks: what a plan says of who is on call gives nobody a right', () => {
    const plan = { approval: aPolicy(), onCall: ['on-call'] };
    expect(may('roll-back', ola, decidersBy(aFloor(), 'shop', plan))).toMatch(
      /^ola is (not in the group|in none of the groups)/,
    );
    const since = decidersBy(floor, 'shop', { approval: aPolicy({ groups: ['leads'] }) });
    expect(may('roll-back', ola, since)).toBeUndefined();
  });

  it.each(['depot', 'constructor', 'hasOwnProperty'])('is for the services that it names alone: not %s', (service) => {
    expect(may('roll-back', ola, decidersBy(floor, service))).toBe('ola is not in the group approvers');
  });
});

it('a release is approved neither by whoever asked for it nor by whoever made the token by which it was asked for', () => {
  const may = (by: ReturnType<typeof aPerson>) =>
    refuseDecider({
      decision: aDecision('approve', { by }),
      requestedBy: { ...aPerson('robot', 'approvers'), behind: 'kim' },
      ...decidersBy(aFloor(), 'shop'),
    });
  expect(may(aPerson('robot', 'approvers'))).toBe('robot asked for this release and may not approve it');
  expect(may(approver)).toBe('kim made the token by which this release was asked for and may not approve it');
  expect(may(aPerson('lea', 'approvers'))).toBeUndefined();
});

describe('who orders something of a lane, where somebody is on call', () => {
  it.each<[LaneOrder['kind'] | 'tell', string | undefined]>([
    ['clear-hold', undefined],
    ['clear-ticket', undefined],
    ['tell', undefined],
    ['freeze', 'ola is not in the group approvers'],
    ['unfreeze', 'ola is not in the group approvers'],
  ])('%s: those on call what a failure has left, and closing it those who approve', (order, refused) => {
    expect(refuseLaneOrder(decidersBy(floor, 'shop'), order, ola)).toBe(refused);
    expect(refuseLaneOrder(decidersBy(floor, 'shop'), order, approver)).toBeUndefined();
    expect(refuseLaneOrder(decidersBy(floor, 'shop'), order, eve)).toMatch(
      /^eve is (not in the group|in none of the groups)/,
    );
  });

  it('anybody, where nobody need approve', () => {
    const open = decidersBy(aFloor(aPolicy({ required: false }), { onCall: { shop: ['on-call'] } }), 'shop');
    for (const order of ['freeze', 'clear-hold'] as const) expect(refuseLaneOrder(open, order, eve)).toBeUndefined();
  });
});

describe('who is looked to after a failure', () => {
  it.each([
    ['those on call', { onCall: ['on-call'], approval: aPolicy() }, ['on-call']],
    ['those who approve, where nobody is', { approval: aPolicy() }, ['approvers']],
    ['nobody, before there is a plan', {}, []],
  ])('are %s', (_who, run, groups) => {
    expect(lookedTo(run)).toEqual(groups);
  });
});
