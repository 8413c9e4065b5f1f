import { describe, expect, it } from '@jest/globals';
import type { FailurePolicy } from '../../domain/contract/release.ts';
import { failureDetails } from '../../domain/errors/catalogue.ts';
import type { ErrorCode } from '../../domain/errors/catalogue.ts';
import { afterPatience, canBeMended, courseAfter } from '../../domain/failure-course.ts';
import type { Course } from '../../domain/failure-course.ts';

const policy = (changes: Partial<FailurePolicy> = {}): FailurePolicy => ({
  partial: 'roll-back-all',
  confirm: false,
  holdMs: 1_000,
  ...changes,
});
const failed = (code: ErrorCode) => failureDetails(code, 'it went wrong');
const nobody = { asked: false, gaveUp: false };

describe('what follows a failure once something has been changed', () => {
  it.each<[string, ErrorCode, Partial<FailurePolicy>, Partial<typeof nobody>, Course]>([
    ['a crash loop', 'SLIP-K8S-1', {}, {}, 'roll-back'],
    ['a crash loop of one region', 'SLIP-K8S-1', { partial: 'roll-back-region' }, {}, 'roll-back'],
    ['a crash loop under hold', 'SLIP-K8S-1', { partial: 'hold' }, {}, 'ask'],
    ['a crash loop to be confirmed', 'SLIP-K8S-1', { confirm: true }, {}, 'ask'],
    ['a right that is missing', 'SLIP-K8S-6', {}, {}, 'ask'],
    ['a cluster that is away', 'SLIP-K8S-10', {}, {}, 'ask'],
    ['a quota that is used up', 'SLIP-K8S-8', {}, {}, 'ask'],
    ['a registry that is away', 'SLIP-K8S-18', {}, {}, 'ask'],
    ['nodes that may not pull', 'SLIP-K8S-19', {}, {}, 'ask'],
    ['no node', 'SLIP-K8S-20', {}, {}, 'ask'],
    ['a Deployment that is paused', 'SLIP-K8S-21', {}, {}, 'ask'],
    ['a Secret that is not there', 'SLIP-K8S-22', {}, {}, 'ask'],
    ['settings that leave no time', 'SLIP-K8S-23', {}, {}, 'ask'],
    ['a policy that was never valid', 'SLIP-CFG-2', {}, {}, 'ask'],
    ['somebody who reverts the change', 'SLIP-K8S-16', {}, {}, 'ask'],
    ['a lock on the database', 'SLIP-MIG-10', {}, {}, 'ask'],
    ['a look that told nothing', 'SLIP-VER-3', {}, {}, 'ask'],
    ['a look that told nothing, under roll-back', 'SLIP-VER-3', { onInconclusive: 'roll-back' }, {}, 'roll-back'],
    ['a digest that nobody knows, under roll-back', 'SLIP-K8S-17', { onInconclusive: 'roll-back' }, {}, 'roll-back'],
    ['a run that was held for it already', 'SLIP-K8S-6', {}, { gaveUp: true }, 'stop'],
    ['a run that was reset', 'SLIP-REL-9', {}, {}, 'stop'],
    ['anything, and a person has ordered a rollback', 'SLIP-K8S-6', { partial: 'hold' }, { asked: true }, 'roll-back'],
  ])('of %s', (_what, code, changes, seen, course) => {
    expect(courseAfter(failed(code), policy(changes), { ...nobody, ...seen })).toBe(course);
  });

  it('of a failure recorded before blame was, is what it was then', () => {
    expect(courseAfter({ code: 'SLIP-K8S-1' }, policy(), nobody)).toBe('roll-back');
  });

  it('of one recorded before it was marked, is what the catalogue says of its code', () => {
    const recorded = { code: 'SLIP-VER-3', blame: 'world' } as const;
    expect(courseAfter(recorded, policy({ onInconclusive: 'roll-back' }), nobody)).toBe('roll-back');
    expect(courseAfter({ code: 'SLIP-REL-9', blame: 'operator' }, policy(), nobody)).toBe('stop');
  });

  it('of one that only a newer version has, is what that version says of it', () => {
    const told = { code: 'SLIP-VER-99', blame: 'world' } as const;
    const rollBack = policy({ onInconclusive: 'roll-back' });
    expect(courseAfter({ ...told, inconclusive: true }, rollBack, nobody)).toBe('roll-back');
    expect(courseAfter({ ...told, stops: true }, rollBack, nobody)).toBe('stop');
    expect(courseAfter(told, rollBack, nobody)).toBe('ask');
  });
});

describe('whether a step may succeed later in the same run', () => {
  it.each<[ErrorCode, boolean]>([
    ['SLIP-K8S-6', true],
    ['SLIP-K8S-10', true],
    ['SLIP-VER-3', true],
    ['SLIP-IMG-2', true],
    ['SLIP-K8S-1', false],
    ['SLIP-IMG-1', false],
    ['SLIP-MIG-7', false],
    ['SLIP-MIG-10', false],
    ['SLIP-REL-9', false],
    ['SLIP-REC-2', false],
  ])('%s: %s', (code, expected) => {
    expect(canBeMended(failed(code))).toBe(expected);
  });

  it('is waited for, unless the policy has another answer to what told nothing', () => {
    expect(afterPatience(failed('SLIP-K8S-10'), 'go-on')).toBe('hold');
    expect(afterPatience(failed('SLIP-VER-3'), 'hold')).toBe('hold');
    expect(afterPatience(failed('SLIP-VER-3'), 'go-on')).toBe('throw');
    expect(afterPatience(failed('SLIP-SCAN-2'), 'roll-back')).toBe('throw');
  });
});
