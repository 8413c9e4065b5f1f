import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readMigrationPlan } from '../../domain/migration-plan.ts';
import type { MigrationList } from '../../domain/migration-plan.ts';

const django = `Planned operations:
catalog.0002_product_weight
    Add field weight to product
    Create index product_weight_idx on field(s) weight of model product
catalog.0003_drop_note
    Remove field note from product
orders.0007_auto
    Raw Python operation
    Rename field total on order to amount
`;

describe('readMigrationPlan', () => {
  it.each<[string, string, MigrationList]>([
    [
      "Django's plan",
      django,
      {
        pending: ['catalog.0002_product_weight', 'catalog.0003_drop_note', 'orders.0007_auto'],
        contracting: ['catalog.0003_drop_note', 'orders.0007_auto'],
      },
    ],
    [
      "Django's plan with Windows' line ends",
      django.replaceAll('\n', '\r\n'),
      {
        pending: ['catalog.0002_product_weight', 'catalog.0003_drop_note', 'orders.0007_auto'],
        contracting: ['catalog.0003_drop_note', 'orders.0007_auto'],
      },
    ],
    [
      'nothing to do, in Django',
      'Planned operations:\n  No planned migration operations.\n',
      { pending: [], contracting: [] },
    ],
    [
      'a line of JSON',
      'starting\n{"pending":["0002"],"contracting":["0002"]}\n',
      { pending: ['0002'], contracting: ['0002'] },
    ],
    ['a line of JSON without the second list', '{"pending":[]}', { pending: [], contracting: [] }],
    [
      'warnings around it',
      'warning: x\nPlanned operations:\na.0001_initial\n    Create model A\n',
      { pending: ['a.0001_initial'], contracting: [] },
    ],
  ])('reads %s', (_what, output, list) => {
    expect(readMigrationPlan(output)).toEqual(list);
  });

  it.each([
    '',
    'Traceback (most recent call last):',
    '{"pending":"all"}',
    '{"pending":[1]}',
    '{',
    '[]',
    '{"contracting":["a"]}',
  ])('does not take %j for "nothing to do"', (output) => {
    expect(readMigrationPlan(output)).toBeUndefined();
  });

  it('never throws, and never finds fewer migrations than the line of JSON names', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.array(fc.string()), (noise, pending) => {
        const quiet = noise.replaceAll(/[{\r\n]/g, ' ');
        expect(readMigrationPlan(`${quiet}\n${JSON.stringify({ pending })}`)?.pending).toEqual(pending);
        readMigrationPlan(noise);
      }),
      { numRuns: 2_000 },
    );
  });
});
