import { describe, expect, it } from '@jest/globals';
import type { SchemaChange } from '../../domain/contract/release.ts';
import { carriedUntil, gapsInWords, schemaGaps, unapprovedGaps } from '../../domain/schema-age.ts';
import { aCommit, aPlan, aReleaseId, aVerified } from './builders.ts';
import { aSchemaChange } from '../support/rollback-history.ts';

const [old, maker] = [aCommit('e'), aCommit('f')];
const byMaker = (changes: Partial<SchemaChange> = {}) => aSchemaChange({ releaseId: aReleaseId(1, maker), ...changes });
const drop = byMaker({ contracting: ['0002_drop'] });
const gap = { database: 'main', releaseId: drop.releaseId, migrations: ['0002_drop'] };

describe('what was done to the schema that code does not know of', () => {
  it.each<[string, SchemaChange, string[]]>([
    ['took away what it may need', drop, ['0002_drop']],
    ['is not known', byMaker({ pending: ['*'] }), ['*']],
    [
      'took away, and more that is not known',
      byMaker({ pending: ['*'], contracting: ['0002_drop'] }),
      ['0002_drop', '*'],
    ],
  ])('is what %s', (_what, change, migrations) => {
    expect(schemaGaps([change], [old])).toEqual([{ ...gap, migrations }]);
  });

  it.each<[string, SchemaChange[], string[]]>([
    ['only added', [byMaker({ pending: ['0002_weight'] })], [old]],
    ['was done by code that it descends from', [drop], [old, maker]],
  ])('is nothing where that %s', (_what, changes, ancestors) => {
    expect(schemaGaps(changes, ancestors)).toEqual([]);
  });

  it('is told with the database, the migration and whose it was', () => {
    expect(gapsInWords([gap, { ...gap, migrations: ['*'] }])).toEqual([
      `main: 0002_drop by ${drop.releaseId}`,
      `main: what it did, nobody can tell, by ${drop.releaseId}`,
    ]);
  });
});

describe('the time until which code is known to live with the schema', () => {
  const inDe = aVerified({ commit: old, verifiedAt: 500 });
  const inNl = aVerified({ commit: old, verifiedAt: 300, region: 'nl' });
  const newer = aVerified({ commit: maker, verifiedAt: 900, component: 'worker' });

  it.each([
    ['code of its past was verified, in the region that is behind the others', [inDe, inNl], [old], 300],
    ['code of its past was verified, whatever else was since', [inDe, newer], [old], 500],
    ['never, where a region has only other code', [inDe, { ...newer, region: 'nl' }], [old], -Infinity],
    ['never, where nothing is verified', [], [old], -Infinity],
  ])('is when %s', (_when, inventory, ancestors, time) => {
    expect(carriedUntil(['de', 'nl'], inventory, ancestors)).toBe(time);
  });

  it('does not mind regions that are not in the plan, and waits for none that is new', () => {
    expect(carriedUntil(['de', 'fr'], [inDe, inNl], [old])).toBe(500);
  });
});

describe('gaps that nobody has approved', () => {
  const knows = aPlan({ olderThanSchema: [gap] });
  it.each([
    ['all, where nobody said that the code may be older', knows, false, [gap]],
    ['those that the plan does not speak of', aPlan(), true, [gap]],
    ['none, where the plan speaks of them', knows, true, []],
  ])('are %s', (_which, plan, downgrade, expected) => {
    expect(unapprovedGaps(plan, [gap], { downgrade })).toEqual(expected);
  });
});
