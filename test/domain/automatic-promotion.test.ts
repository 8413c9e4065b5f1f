import { describe, expect, it } from '@jest/globals';
import { dueForPromotion } from '../../domain/automatic-promotion.ts';
import type { StandingThere } from '../../domain/automatic-promotion.ts';
import { aCommit, aVerified } from './builders.ts';

const [old, fresh] = [aCommit('a'), aCommit('b')];
const releaseId = `release/shop/staging/${fresh}/1`;
const there = (region: string, changes = {}) =>
  aVerified({ environment: 'staging', region, commit: fresh, releaseId, verifiedAt: 1_000, ...changes });
const standing = (changes: Partial<StandingThere> = {}): StandingThere => ({
  source: [there('de'), there('nl', { verifiedAt: 2_000 })],
  target: [aVerified({ commit: old })],
  now: 62_000,
  ...changes,
});
const due = (changes: Partial<StandingThere> = {}) => dueForPromotion({ afterMs: 60_000 }, standing(changes));

describe('what is promoted by itself', () => {
  it('is the commit that is verified everywhere there, for so long', () => {
    expect(due()).toEqual({ commit: fresh, releaseId, since: 2_000 });
    expect(due({ target: [] })).toEqual({ commit: fresh, releaseId, since: 2_000 });
  });

  it('is what has reached some regions of where it goes, and not all', () => {
    expect(due({ target: [aVerified({ commit: fresh }), aVerified({ commit: old, region: 'nl' })] })).toBeDefined();
  });

  it('does not wait for what was verified in a component that has left the region since', () => {
    const gone = there('de', { component: 'gone', commit: old, releaseId: 'before', verifiedAt: 10 });
    expect(due({ source: [...standing().source, gone] })).toBeDefined();
    const here = aVerified({ component: 'gone', commit: old, releaseId: 'before', verifiedAt: 10 });
    expect(due({ target: [aVerified({ commit: fresh, releaseId: 'now' }), here] })).toBeUndefined();
  });

  it.each<[string, Partial<StandingThere>]>([
    ['has not been there for long enough in its last region', { now: 61_999 }],
    ['is in some regions only', { source: [there('de'), there('nl', { commit: old, releaseId: 'another' })] }],
    ['nobody has seen run', { source: [there('de'), there('nl', { unseen: true })] }],
    ['is all that is verified where it goes', { target: [aVerified({ commit: fresh })] }],
    ['is nothing', { source: [] }],
  ])('is nothing that %s', (_what, changes) => {
    expect(due(changes)).toBeUndefined();
  });
});
