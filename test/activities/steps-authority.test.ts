import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import { createKeyPair, createSigner } from '../../activities/shared/signatures.ts';
import { authorize } from '../../activities/steps/authorize.ts';
import { touching } from '../../activities/steps/touching.ts';
import { lookAtUndoing, refuseUndoing } from '../../activities/steps/undoable.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { ReleasePlan, VerifiedRelease } from '../../domain/contract/release.ts';
import type { Wish } from '../../domain/authority.ts';
import {
  aCommit,
  aDecision,
  aHash,
  aPerson,
  aPolicy,
  aRegion,
  aReleaseId,
  aVerified,
  approver,
} from '../domain/builders.ts';
import { aMomentLater } from '../contract/records-builders.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing, theSigner } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { useSeparatedRecords } from '../support/postgres-roles.ts';

/** What a step asks of the records before it acts: the rules themselves are tables in the tests of the domain. */

const separated = useSeparatedRecords();
let records: Records;
beforeAll(() => {
  records = separated.owner;
});

/** Asks as a step of an environment's worker does. */
function may(run: ActingRun, wish: Wish, floor: Partial<EnvironmentFloor> = {}): Promise<unknown> {
  return run.act(() => authorize(run.authority, authorizing(separated.environment, floor), wish), undefined);
}

const refusedWith = (code: string, detail: string) => ({
  details: { code, detail: expect.stringContaining(detail) },
});

describe('where authors may not approve what they have written', () => {
  const approval = aPolicy({ excludeAuthors: true });
  const deploying = { purpose: 'deploy', regions: ['de'] } as const;
  const by = { ...approver, emails: ['Kim@example.test'] };
  type Asking = [string, Partial<EnvironmentFloor>, Partial<ReleasePlan>];
  const asking: Asking[] = [
    ['the policy on the worker’s disk', { approval }, {}],
    ['the approved plan', {}, { approval }],
  ];

  it.each(asking)('a step goes by those that were found when the release was read: %s', async (_who, floor, plan) => {
    const own = await aReleaseThatMayAct(records, { plan, by, authors: ['kim@example.test'] });
    await expect(may(own, deploying, floor)).rejects.toMatchObject(refusedWith('SLIP-REL-1', '0 of 1 approvals'));
    const another = await aReleaseThatMayAct(records, { plan, by, authors: ['dana@example.test'] });
    await may(another, deploying, floor);
  });

  it.each(asking)('a step is refused where none are on record: %s', async (_who, floor, plan) => {
    const run = await aReleaseThatMayAct(records, { plan, by });
    await expect(may(run, deploying, floor)).rejects.toMatchObject(refusedWith('SLIP-REL-1', '0 of 1 approvals'));
  });
});

describe('what a step believes of its approvals', () => {
  const deploying = { purpose: 'deploy' } as const;
  const stranger = createSigner(createKeyPair().privateKeyPem);

  it.each([
    ['is signed and was taken', 'counts', theSigner, false],
    ['was signed by a key that nobody knows', 'does not count', stranger, false],
    ['was refused by the run', 'does not count', theSigner, true],
  ])('the second of two, which %s, %s', async (_what, expected, signer, refused) => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId, planHash } = run.authority;
    const by = aPerson('lee', 'approvers');
    const signed = signer.sign(aDecision('approve', { id: randomUUID(), releaseId, planHash, by }));
    await records.decisions.store(signed);
    if (refused) await records.decisions.refuse(signed.decision.id, 'not now');
    const asked = may(run, deploying, { approval: aPolicy({ quorum: 2 }) });
    if (expected === 'counts') await asked;
    else await expect(asked).rejects.toMatchObject(refusedWith('SLIP-REL-1', '1 of 2 approvals'));
  });

  const people = { kim: { token: 'kim' }, lee: { token: 'lee' } };
  it.each<[string, NonNullable<EnvironmentFloor['people']>]>([
    ['is in the group no more', { people, groups: { approvers: { members: ['lee'] } } }],
    ['is known no more', { people: { lee: people.lee }, groups: { approvers: { members: ['kim', 'lee'] } } }],
    [
      'has given their name to one that looks like it',
      { people: { кim: people.kim }, groups: { approvers: { members: ['кim'] } } },
    ],
  ])(
    'is judged where it is used, by the policy on the worker’s disk: nothing goes by whoever %s',
    async (_what, now) => {
      const run = await aReleaseThatMayAct(records);
      await may(run, deploying, { people: { people, groups: { approvers: { members: ['kim', 'lee'] } } } });
      await expect(may(run, deploying, { people: now })).rejects.toMatchObject(
        refusedWith('SLIP-REL-1', '0 of 1 approvals'),
      );
    },
  );

  it('is one no that outweighs a yes of the same moment', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId, planHash } = run.authority;
    await may(run, deploying);
    const by = aPerson('lee', 'approvers');
    await records.decisions.store(theSigner.sign(aDecision('reject', { id: randomUUID(), releaseId, planHash, by })));
    await expect(may(run, deploying)).rejects.toMatchObject(
      refusedWith('SLIP-REL-13', 'lee has called it off: reject'),
    );
  });

  it('is of the plan that has the approved hash, and of none that was stored under it', async () => {
    const run = await aReleaseThatMayAct(records);
    const { releaseId } = run.authority;
    const planHash = aHash('8');
    await records.plans.store(planHash, run.plan);
    await records.decisions.store(theSigner.sign(aDecision('approve', { id: randomUUID(), releaseId, planHash })));
    const forged = { ...run, authority: { ...run.authority, planHash } };
    await expect(may(forged, deploying)).rejects.toMatchObject(refusedWith('SLIP-REL-1', 'does not have the hash'));
  });
});

describe('a step of a rollback', () => {
  const back = (region: string) => ({ purpose: 'roll-back', regions: [region] }) as const;
  const regions = ['de', 'nl'];

  /** Verified in two regions, and ordered to be undone in both. */
  async function anOrdered() {
    const release = await aReleaseThatMayAct(records, { plan: { regions: regions.map((name) => aRegion(name)) } });
    const rollback = await aRollbackOf(release, { records, regions });
    const another = { releaseId: aReleaseId(1, aCommit('f')), commit: aCommit('f') };
    const verify = async (changes: Partial<VerifiedRelease>) => {
      await aMomentLater(records);
      const verifiedAt = await records.clock.now();
      await records.inventory.record([aVerified({ ...release.lane, ...another, verifiedAt, ...changes })]);
    };
    return { rollback, verify };
  }

  it('is refused for good once there is nothing to undo any more', async () => {
    const { rollback, verify } = await anOrdered();
    await may(rollback, back('de'));
    await verify({ region: 'de' });
    await expect(may(rollback, back('de'))).rejects.toMatchObject(refusedWith('SLIP-REL-13', 'de runs'));
  });

  it('is refused for good when its order has expired before it began, and goes on when it had begun', async () => {
    const release = await aReleaseThatMayAct(records);
    const late = await aRollbackOf(release, { records, regions: ['de'], expiresAt: 2_999 });
    await expect(may(late, back('de'))).rejects.toMatchObject(refusedWith('SLIP-REL-13', 'has expired'));
    await late.act(() => touching({ records, now: () => 2_000 }, 'core in de'), undefined);
    await may(late, back('de'));
  });

  it('acts in the one region though the other is back already', async () => {
    const { rollback, verify } = await anOrdered();
    await verify({ region: 'de' });
    await may(rollback, back('nl'));
  });

  it('does not mind a component that the release never had', async () => {
    const { rollback, verify } = await anOrdered();
    await verify({ region: 'de', component: 'dropped-since' });
    await may(rollback, back('de'));
  });
});

describe.each([
  ['ahead', 60_000],
  ['behind', -60_000],
])('a verified release whose gateway had a clock a minute %s, and that may still run in a region', (_, skewMs) => {
  const places = ['core in de', 'core in nl'];

  /** Nothing is on record as verified by it any more: its rollback was halted half way. */
  async function aLeft() {
    const { lane, authority, act } = await aReleaseThatMayAct(records, {
      plan: { regions: ['de', 'nl'].map((name) => aRegion(name)) },
    });
    const verified = async (digit: string, region: string) => {
      const verifiedAt = await records.clock.now();
      await records.inventory.record([
        aVerified({ ...lane, releaseId: aReleaseId(1, aCommit(digit)), region, verifiedAt }),
      ]);
      await aMomentLater(records);
    };
    await verified('e', 'de');
    await verified('e', 'nl');
    for (const place of places) await act(() => touching({ records, now: Date.now }, place), undefined);
    await aMomentLater(records);
    const { releaseId } = authority;
    await records.attempts.conclude(releaseId, { outcome: 'verified', summary: 'well', endedAt: Date.now() });
    const attempt = { ...(await records.attempts.find(releaseId))!, startedAt: Date.now() + skewMs };
    return {
      verified,
      refused: async () =>
        refuseUndoing((await lookAtUndoing(records, { lane, attempt, releaseId: attempt.releaseId }))!, undefined),
    };
  }

  it('can be undone: what is on record there was verified before it', async () => {
    const { refused } = await aLeft();
    expect(await refused()).toBeUndefined();
  });

  it('cannot where something was verified since', async () => {
    const { verified, refused } = await aLeft();
    await verified('f', 'de');
    expect(await refused()).toMatchObject({ why: expect.stringContaining('de runs') });
  });
});
