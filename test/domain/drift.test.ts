import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlannedMigration } from '../../domain/contract/release.ts';
import { judgeDrift } from '../../domain/drift.ts';
import type { DriftFacts } from '../../domain/drift.ts';
import { aCommit, aHash, anImage, aPlan, aPlannedComponent, aPlannedMigration, aVerified } from './builders.ts';

function judge(changes: Partial<DriftFacts> = {}) {
  const plan = aPlan();
  return judgeDrift({
    plan,
    policy: { hash: plan.policyHash, floor: {} },
    migrations: plan.migrations,
    inventory: [aVerified()],
    notAncestors: [],
    gaps: [],
    downgrade: false,
    ...changes,
  });
}

const approved = aPlan({ migrations: [aPlannedMigration({ pending: ['0002', '0003'] })] });
const unchanged = aPlan({
  components: [aPlannedComponent('core', { origin: 'unchanged', image: anImage('core', '0') })],
});

const gap = { database: 'main', releaseId: 'release/shop/production/other/1', migrations: ['0002_drop'] };
const knowing = aPlan({ olderThanSchema: [gap] });

describe('judgeDrift', () => {
  it.each<[string, Partial<DriftFacts>]>([
    ['nothing has moved', {}],
    ['the requester said that it may be a downgrade', { notAncestors: [aCommit('e')], downgrade: true }],
    ['all migrations are still due', { plan: approved, migrations: approved.migrations }],
    [
      'an earlier attempt has applied some of them',
      { plan: approved, migrations: [aPlannedMigration({ pending: ['0003'] })] },
    ],
    ['an unchanged component is still what runs', { plan: unchanged }],
    ['it was approved as older than the schema', { plan: knowing, gaps: [gap], downgrade: true }],
  ])('proceeds when %s', (_why, changes) => {
    expect(judge(changes)).toEqual({ kind: 'proceed' });
  });

  it('needs other images where anything does, whatever else has moved', () => {
    const inventory = [aVerified({ image: anImage('core', '7') })];
    expect(judge({ plan: unchanged, inventory, gaps: [gap] })).toMatchObject({ kind: 're-approve', rebuild: true });
  });

  it('is superseded when a region runs a commit that it does not descend from', () => {
    expect(judge({ notAncestors: [aCommit('e')] })).toEqual({
      kind: 'superseded',
      by: aVerified().releaseId,
      why: 'de runs eeeeeeeeeeee, which aaaaaaaaaaaa does not descend from',
    });
  });

  it.each<[string, Partial<DriftFacts>, string]>([
    ["the operator's policy changed", { policy: { hash: aHash('f'), floor: {} } }, "the operator's policy has changed"],
    [
      "the operator's policy changed in ways that are known",
      {
        policy: {
          hash: aHash('f'),
          floor: { 'approval.quorum': 2, 'clusters.blue': { kind: 'eks' }, tags: ['a', 'b'] },
        },
        plannedUnder: { 'approval.quorum': 1, branches: ['main'], tags: ['a', 'b'] },
      },
      'the operator\'s policy has changed: approval.quorum (1, now 2), branches (main, now not said), clusters.blue (not said, now {"kind":"eks"})',
    ],
    [
      'half of the policy changed',
      {
        policy: { hash: aHash('f'), floor: Object.fromEntries([...'abcdefg'].map((key) => [key, 1])) },
        plannedUnder: {},
      },
      "the operator's policy has changed: a (not said, now 1), b (not said, now 1), c (not said, now 1), d (not said, now 1), e (not said, now 1) and 2 more",
    ],
    [
      'a database would get more than was approved',
      { plan: approved, migrations: [aPlannedMigration({ pending: ['0003', '0004'] })] },
      'main would also get 0004',
    ],
    [
      'a database needs migrations that were not due before',
      { migrations: [aPlannedMigration({ database: 'audit', pending: ['0001'] })] },
      'audit would also get 0001',
    ],
    [
      'the schema was changed, and the code does not know of it',
      { gaps: [gap] },
      'the schema may no longer carry this code (main: 0002_drop by release/shop/production/other/1)',
    ],
    [
      'the schema was changed further than was approved',
      { plan: knowing, gaps: [gap, { ...gap, database: 'audit' }], downgrade: true },
      'the schema may no longer carry this code (audit: 0002_drop by release/shop/production/other/1)',
    ],
    [
      'who did it has ended, and nobody said that the code may be older',
      { plan: knowing, gaps: [gap] },
      'the schema may no longer carry this code (main: 0002_drop by release/shop/production/other/1)',
    ],
    [
      'an unchanged component was rolled back meanwhile',
      { plan: unchanged, inventory: [aVerified({ image: anImage('core', '7') })] },
      'core was to stay unchanged, but another image of it is verified now',
    ],
  ])('asks again when %s', (_why, changes, why) => {
    expect(judge(changes)).toMatchObject({ kind: 're-approve', why });
  });

  it('never proceeds with a migration that nobody approved', () => {
    const names = fc.subarray(['0001', '0002', '0003', '0004', '*']);
    const lists = fc
      .subarray(['main', 'audit'])
      .chain((databases) =>
        fc.tuple(...databases.map((database) => names.map((pending) => aPlannedMigration({ database, pending })))),
      );
    const covers = (all: PlannedMigration[], { database, pending }: PlannedMigration) =>
      pending.every((name) => all.some((m) => m.database === database && m.pending.includes(name)));
    fc.assert(
      fc.property(lists, lists, (before, now) => {
        const verdict = judge({ plan: aPlan({ migrations: before }), migrations: now });
        expect(verdict.kind === 'proceed').toBe(now.every((m) => covers(before, m)));
      }),
      { numRuns: 3_000 },
    );
  });
});
