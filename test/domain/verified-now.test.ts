import { describe, expect, it } from '@jest/globals';
import type { VerifiedRelease } from '../../domain/contract/release.ts';
import { judgeDrift } from '../../domain/drift.ts';
import { verifiedNow } from '../../domain/verified-now.ts';
import { verifiedAt } from '../support/rollback-history.ts';
import { aCommit, aPlan } from './builders.ts';

const at = (time: number, digit: string, region: string, component: string): VerifiedRelease => ({
  ...verifiedAt(time, digit),
  region,
  component,
});
/** `search` was in nl once, and is in de alone by now. */
const left = at(100, '1', 'nl', 'search');
const now = [at(300, '2', 'de', 'core'), at(300, '2', 'de', 'search'), at(300, '2', 'nl', 'core')];

describe('what is verified now', () => {
  it.each<[string, VerifiedRelease[], VerifiedRelease[]]>([
    ['nothing, where nothing is', [], []],
    ['what the newest release of each region has there', [...now, left], now],
    ['whatever came first in the list', [left, ...now], now],
    [
      'of regions that stand on different releases each its own',
      [...now.slice(0, 2), left],
      [...now.slice(0, 2), left],
    ],
  ])('is %s', (_what, rows, expected) => {
    expect(verifiedNow(rows)).toEqual(expected);
  });

  it('supersedes no release by the commit of what has left its region', () => {
    const plan = aPlan();
    const drift = (inventory: VerifiedRelease[]) =>
      judgeDrift({
        plan,
        policy: { hash: plan.policyHash, floor: {} },
        migrations: [],
        inventory,
        notAncestors: [aCommit('1')],
        gaps: [],
        downgrade: false,
      });
    expect(drift([...now, left])).toEqual({ kind: 'proceed' });
    expect(drift([...now.slice(0, 2), left])).toMatchObject({ kind: 'superseded', by: left.releaseId });
  });
});
