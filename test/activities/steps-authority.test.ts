import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Records } from '../../activities/records/port.ts';
import { authorize } from '../../activities/steps/authorize.ts';
import type { EnvironmentFloor } from '../../domain/contract/policy.ts';
import type { ReleasePlan, VerifiedRelease } from '../../domain/contract/release.ts';
import type { Wish } from '../../domain/authority.ts';
import { aCommit, aPolicy, aRegion, aReleaseId, aVerified, approver } from '../domain/builders.ts';
import { aReleaseThatMayAct, aRollbackOf, authorizing } from '../support/acting-release.ts';
import type { ActingRun } from '../support/acting-release.ts';
import { usePostgres } from '../support/postgres.ts';
import { openSeparated } from '../support/postgres-roles.ts';
import type { SeparatedRecords } from '../support/postgres-roles.ts';

/** What a step asks of the records before it acts: the rules themselves are tables in the tests of the domain. */

const postgres = usePostgres();
let records: Records;
let separated: SeparatedRecords;
beforeAll(async () => {
  separated = await openSeparated(postgres);
  records = separated.owner;
});
afterAll(() => separated?.close());

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

describe('a step of a rollback', () => {
  const back = (region: string) => ({ purpose: 'roll-back', regions: [region] }) as const;
  const regions = ['de', 'nl'];

  /** Verified in two regions, and ordered to be undone in both. */
  async function anOrdered() {
    const release = await aReleaseThatMayAct(records, { plan: { regions: regions.map((name) => aRegion(name)) } });
    const rollback = await aRollbackOf(release, { records, regions });
    const another = { releaseId: aReleaseId(1, aCommit('f')), commit: aCommit('f') };
    const verify = (changes: Partial<VerifiedRelease>) =>
      records.inventory.record([aVerified({ ...release.lane, ...another, ...changes })]);
    return { rollback, verify };
  }

  it('is refused for good once there is nothing to undo any more', async () => {
    const { rollback, verify } = await anOrdered();
    await may(rollback, back('de'));
    await verify({ region: 'de', verifiedAt: 2_700 });
    await expect(may(rollback, back('de'))).rejects.toMatchObject(refusedWith('SLIP-REL-13', 'de runs'));
  });

  it('acts in the one region though the other is back already', async () => {
    const { rollback, verify } = await anOrdered();
    await verify({ region: 'de', verifiedAt: 2_700 });
    await may(rollback, back('nl'));
  });

  it('does not mind a component that the release never had', async () => {
    const { rollback, verify } = await anOrdered();
    await verify({ region: 'de', component: 'dropped-since', verifiedAt: 2_700 });
    await may(rollback, back('de'));
  });
});
