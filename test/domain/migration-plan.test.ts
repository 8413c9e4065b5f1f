import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { inShort, ownWork, readMigrationPlan, whatever } from '../../domain/migration-plan.ts';
import type { KnownWork, MigrationList, SchemaWork } from '../../domain/migration-plan.ts';

const django = `Planned operations:
catalog.0002_category
    Create model Category
    Create index category_name_idx on field(s) name of model category
catalog.0003_drop_note
    Remove field note from product
    Raw Python operation
orders.0007_auto
    Raw Python operation -> Fills in the totals of orders th…
`;
const inDjango: MigrationList = {
  pending: ['catalog.0002_category', 'catalog.0003_drop_note', 'orders.0007_auto'],
  contracting: ['catalog.0003_drop_note', 'orders.0007_auto'],
  unknown: ['orders.0007_auto'],
};
const nothing: MigrationList = { pending: [], contracting: [], unknown: [] };
const inOneMigration = (operation: string) => `Planned operations:\nshop.0002_auto\n    ${operation}\n`;

describe('readMigrationPlan', () => {
  it.each<[string, string, MigrationList]>([
    ["Django's plan", django, inDjango],
    ["Django's plan with Windows' line ends", django.replaceAll('\n', '\r\n'), inDjango],
    ['nothing to do, in Django', 'Planned operations:\n  No planned migration operations.\n', nothing],
    [
      "Django's plan of two databases, one of them up to date",
      `Planned operations:\n  No planned migration operations.\n${django}`,
      inDjango,
    ],
    [
      "Django's plans of two databases that both lack the same migration",
      `${django}Planned operations:\naudit.0001_initial\n    Create model Entry\ncatalog.0002_category\n    Create model Category\n`,
      { ...inDjango, pending: [...inDjango.pending, 'audit.0001_initial'] },
    ],
    [
      'a migration without operations, such as a merge',
      'Planned operations:\nshop.0004_merge_20260101\nshop.0005_x\n    Raw SQL operation -> DROP TABLE x\n',
      { pending: ['shop.0004_merge_20260101', 'shop.0005_x'], contracting: ['shop.0005_x'], unknown: ['shop.0005_x'] },
    ],
    [
      'names with dashes and letters of any script',
      'Planned operations:\nlager.0001-größe\n    Create model Größe\n',
      { pending: ['lager.0001-größe'], contracting: [], unknown: [] },
    ],
    [
      'logs around and between the lines',
      `{"level":"info","message":"starting"}\nwarning: x\nPlanned operations:\n{"level":"warn","message":"slow.query"}\na.0001_initial\nWARNING a plugin is old\n    Create model A\n{"done":true}\n`,
      { pending: ['a.0001_initial'], contracting: [], unknown: [] },
    ],
    [
      'a line of JSON',
      'starting\n{"pending":["0002"],"contracting":["0002"]}\n',
      { pending: ['0002'], contracting: ['0002'], unknown: [] },
    ],
    [
      'a line of JSON in a log of JSON',
      '{"level":"info"}\n{"pending":["0002","0003"],"contracting":[],"unknown":["0003"]}\n{"level":"info","text":"done"}\n{ not json\n',
      { pending: ['0002', '0003'], contracting: ['0003'], unknown: ['0003'] },
    ],
    [
      'a line of JSON for each database',
      '{"database":"default","pending":["a.1","b.1"],"contracting":[]}\nnext one\n{"database":"audit","pending":["b.1","c.1"],"contracting":["c.1"]}\n',
      { pending: ['a.1', 'b.1', 'c.1'], contracting: ['c.1'], unknown: [] },
    ],
    ['a line of JSON that names nothing', '{"pending":[]}', nothing],
    [
      'a line of JSON that does not say what is harmless as unknown',
      '{"pending":["0002"]}',
      { pending: ['0002'], contracting: ['0002'], unknown: ['0002'] },
    ],
  ])('reads %s', (_what, output, list) => {
    expect(readMigrationPlan(output)).toEqual(list);
  });

  it.each([
    'Create model Product',
    'Create proxy model CheapProduct',
    'Create index product_name_idx on field(s) name, slug of model product',
    'Create index product_lower_idx on Lower(F(name)) on model product',
    'Concurrently create index product_name_idx on field(s) name of model product',
    'Rename index old_idx on product to new_idx',
    "Rename unnamed index for ('name', 'slug') on product to new_idx",
    'Creates extension pg_trgm',
    'Create collation german',
    'Change Meta options on product',
    'Change managers on product',
    'Alter product table comment',
  ])('takes `%s` for harmless', (operation) => {
    expect(readMigrationPlan(inOneMigration(operation))).toEqual({ ...nothing, pending: ['shop.0002_auto'] });
  });

  it.each([
    'Remove field note from product',
    'Delete model Note',
    'Rename model Note to Remark',
    'Rename field total on order to amount',
    'Rename table for order to orders',
  ])('takes `%s` for contracting', (operation) => {
    expect(readMigrationPlan(inOneMigration(operation))).toEqual({
      pending: ['shop.0002_auto'],
      contracting: ['shop.0002_auto'],
      unknown: [],
    });
  });

  it.each([
    'Raw Python operation',
    'Raw Python operation -> Moves the notes of orders to the ev…',
    'Raw SQL operation',
    'Raw SQL operation -> CREATE INDEX CONCURRENTLY IF NOT EXIS…',
    'Custom state/database change combination',
    // NOT NULL or not: the words are the same
    'Add field weight to product',
    'Alter field weight on product',
    'Alter unique_together for product (1 constraint(s))',
    'Alter index_together for product (0 constraint(s))',
    'Set order_with_respect_to on product to shop',
    'Create constraint weight_positive on model product',
    'Create not valid constraint weight_positive on model product',
    'Validate constraint weight_positive on model product',
    'Alter constraint weight_positive on product',
    'Remove constraint weight_positive from model product',
    'Remove index product_name_idx from product',
    'Concurrently remove index product_name_idx from product',
    'Undo Create model Product',
    'IRREVERSIBLE',
    'AddTrigger: (1, 2)',
    'Something that nobody has heard of',
    '',
  ])('takes `%s` for unknown, which counts as contracting', (operation) => {
    expect(readMigrationPlan(inOneMigration(operation))).toEqual({
      pending: ['shop.0002_auto'],
      contracting: ['shop.0002_auto'],
      unknown: ['shop.0002_auto'],
    });
  });

  it.each([
    '',
    'Traceback (most recent call last):',
    '{"pending":"all"}',
    '{"pending":[1]}',
    '{"pending":["0002"],"contracting":"none"}',
    '{"pending":["0002"],"contracting":[],"unknown":null}',
    '{"pending":["0001"],"contracting":[]}\n{"database":"audit","pending":null}',
    '{',
    '[]',
    '{"contracting":["a"]}',
    '{"pending":["*"]}',
    '{"pending":["*"],"contracting":[]}',
    '{"pending":["*"],"contracting":["*"]}',
    '{"pending":["0002"],"contracting":["0002","*"]}',
    '{"pending":["0002"],"contracting":[],"unknown":["*"]}',
    '{"pending":["0001"],"contracting":[]}\n{"database":"audit","pending":["*"],"contracting":["*"]}',
    'Planned operations:\n',
    'Planned operations:\nTraceback (most recent call last):\n',
    `${django}Planned operations:\n`,
  ])('does not take %j for "nothing to do"', (output) => {
    expect(readMigrationPlan(output)).toBeUndefined();
  });

  it('never throws, and never finds fewer migrations than the lines of JSON name', () => {
    const names = fc.uniqueArray(fc.string().filter((name) => name !== '*'));
    const databases = fc.array(names, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), databases, (noise, all) => {
        const quiet = noise.replaceAll(/[{\r\n]/g, ' ');
        const output = all.map((pending) => `${quiet}\n${JSON.stringify({ pending })}`).join('\n');
        expect(readMigrationPlan(output)?.pending).toEqual([...new Set(all.flat())]);
        readMigrationPlan(noise);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([120, 2_000])("reads %i migrations of Django's", (count) => {
    const names = Array.from({ length: count }, (_, n) => `shop.${String(n).padStart(4, '0')}_auto`);
    const output = `Planned operations:\n${names.map((name) => `${name}\n    Create model M\n    Remove index a from m\n`).join('')}`;
    expect(readMigrationPlan(output)).toEqual({ pending: names, contracting: names, unknown: names });
  });
});

/**
 * What `manage.py migrate --plan` (Django 5.2) prints for Saleor at commit 723cd4eba87d (3.24.0-a.0, August 2026) and an empty database,
 * from its migrations' own names and operations; those of django.contrib and django-celery-beat 2.8 are among them. The texts that
 * Django prints after the arrow, of SQL and of Python, are left out.
 */
describe("Saleor's migrations from an empty database", () => {
  const text = readFileSync(join(import.meta.dirname, 'vectors', 'saleor-3.24-from-empty.txt'), 'utf8');
  const plan = readMigrationPlan(text);

  it('are all read, in their order', () => {
    const names = text.split('\n').filter((line) => /^\w/.test(line) && line !== 'Planned operations:');
    expect(names).toHaveLength(1_441);
    expect(plan?.pending).toEqual(names);
    expect([plan?.pending.at(0), plan?.pending.at(-1)]).toEqual([
      'sites.0001_initial',
      'webhook.0015_drop_export_completed_events',
    ]);
  });

  it('are contracting, unknown or harmless, in known numbers', () => {
    const known = plan?.contracting.filter((name) => !plan.unknown.includes(name));
    expect({ contracting: known?.length, unknown: plan?.unknown.length }).toEqual({ contracting: 134, unknown: 929 });
  });

  it.each([
    ['contracting', 'site.0008_auto_20171027_0856'],
    ['unknown', 'webhook.0015_drop_export_completed_events'],
  ])('has %s ones such as %s', (kind, name) => {
    expect(kind === 'unknown').toBe(plan?.unknown.includes(name));
    expect(plan?.contracting).toContain(name);
  });
});

describe('what is on record as the work of a migration', () => {
  const drops = { pending: ['2', '3'], contracting: ['3'] };
  const nothingLeft = { pending: [], contracting: [] };
  const adds = { pending: ['2'], contracting: [] };
  it.each<[string, KnownWork, SchemaWork]>([
    ['what was approved, where nobody has looked since', { approved: drops, seen: undefined, others: [] }, drops],
    ['what was approved, where it is pending still', { approved: drops, seen: drops, others: [] }, drops],
    ['nothing of what another release has done', { approved: drops, seen: nothingLeft, others: [drops] }, nothingLeft],
    [
      'all of it, where nobody has it on record: it was done by hand',
      { approved: drops, seen: nothingLeft, others: [] },
      drops,
    ],
    [
      'the rest, where another has done a part',
      { approved: drops, seen: nothingLeft, others: [adds] },
      { pending: ['3'], contracting: ['3'] },
    ],
    [
      'what is pending, though another has it on record: it has not done it',
      { approved: drops, seen: drops, others: [drops] },
      drops,
    ],
    ['nothing of what another may have done', { approved: drops, seen: nothingLeft, others: [whatever] }, nothingLeft],
    ['what was seen, where nothing could be planned before', { approved: whatever, seen: drops, others: [] }, drops],
    ['nothing, where then nothing was pending', { approved: whatever, seen: nothingLeft, others: [] }, nothingLeft],
    ['what was approved, where nothing could be seen since', { approved: drops, seen: whatever, others: [] }, drops],
    ['whatever is pending, where nobody could tell', { approved: whatever, seen: undefined, others: [] }, whatever],
    ['whatever is pending, where nothing is known', { approved: undefined, seen: undefined, others: [] }, whatever],
  ])('is %s', (_what, known, expected) => {
    expect(ownWork(known)).toEqual(expected);
  });
});

describe('inShort', () => {
  it.each<[string[], string]>([
    [[], ''],
    [['a', 'b'], 'a, b'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c, d, e'],
    [['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'a, b, c, d, e and 2 more'],
  ])('says %j as `%s`', (names, text) => {
    expect(inShort(names)).toBe(text);
  });
});
