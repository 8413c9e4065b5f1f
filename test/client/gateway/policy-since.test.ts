import { describe, expect, it } from '@jest/globals';
import type { PolicyFloor } from '../../../domain/contract/policy.ts';
import { policySince } from '../../../client/gateway/policy-since.ts';
import { aPlan } from '../../domain/builders.ts';

const plan = aPlan();
const then = { 'approval.groups': ['approvers'], 'approval.quorum': 1 };
const about = { releaseId: 'release/shop/production/c/1', planHash: 'h', lane: plan };

/** What the gateway says beside a plan that was made under `then`. */
function since(now: { hash: string; floor: PolicyFloor }, read: unknown = { spec: { policyFloor: then } }) {
  const plans = { find: () => Promise.resolve(plan), kept: () => Promise.resolve(read) };
  const parts = { records: { plans }, pipeline: { policyOf: () => Promise.resolve(now) } };
  return policySince(parts as unknown as Parameters<typeof policySince>[0], about);
}

describe('a plan that waits for approval', () => {
  it('has nothing said beside it under the policy that it was made by', async () => {
    expect(await since({ hash: plan.policyHash, floor: then })).toEqual([]);
  });

  it('is said to be of another policy, with what has changed and who may approve now', async () => {
    const floor = { 'approval.groups': ['release-managers'], 'approval.quorum': 2 };
    expect(await since({ hash: 'another', floor })).toEqual([
      "Since this plan was made the operator's policy has changed: approval.groups (approvers, now release-managers), approval.quorum (1, now 2). Who may approve goes by the policy as it is now: 2 of release-managers. A plan that is approved all the same is made anew before anything is changed, and asked about again.",
    ]);
  });

  it.each([[null], [{}]])('is said to be so also where nobody knows what has changed: %j', async (read) => {
    expect(await since({ hash: 'another', floor: {} }, read)).toEqual([
      "Since this plan was made the operator's policy has changed. Who may approve goes by the policy as it is now. A plan that is approved all the same is made anew before anything is changed, and asked about again.",
    ]);
  });
});
