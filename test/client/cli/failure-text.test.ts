import { describe, expect, it } from '@jest/globals';
import { failureText } from '../../../client/cli/failure-text.ts';
import type { FailurePolicy } from '../../../domain/contract/release.ts';
import { whatever } from '../../../domain/migration-plan.ts';
import { barrierTo } from '../../../domain/rollback-target.ts';
import { aVerified } from '../../domain/builders.ts';

const plainly = { partial: 'roll-back-all', confirm: false, holdMs: 1 } as const;
const none = { database: 'orders', pending: [], contracting: [] };
const expanding = { database: 'orders', pending: ['0004'], contracting: [] };
const contracting = { database: 'orders', pending: ['0004', '0005'], contracting: ['0005'] };
const unplanned = { database: 'users', ...whatever };
const halts = 'the release halts, its lane is on hold, and a fix has to be released';
const waits =
  'the release waits for a person all the same, then halts, its lane is on hold, and a fix has to be released';

describe('what a plan says that follows a failure', () => {
  const text = (onFailure: Partial<FailurePolicy>, ...migrations: (typeof contracting)[]) =>
    failureText({ onFailure: { ...plainly, ...onFailure }, migrations: migrations as never });

  it.each([
    ['nothing pending', {}, [none], 'roll-back-all'],
    ['what the code of before can live with', {}, [expanding], 'roll-back-all'],
    [
      'what it cannot live with',
      {},
      [contracting],
      `roll-back-all. Once 0005 may have been applied, a rollback is refused: ${halts}`,
    ],
    [
      'what nobody has planned yet',
      {},
      [unplanned],
      `roll-back-all. What is pending in users is not known yet: once it may have been applied, a rollback may be refused: then ${halts}`,
    ],
    [
      'both',
      {},
      [contracting, unplanned],
      `roll-back-all. Once 0005 may have been applied, a rollback is refused: ${halts}. What is pending in users is not known yet: once it may have been applied, a rollback may be refused, too`,
    ],
    [
      'a hold',
      { partial: 'hold' },
      [contracting],
      `hold. Once 0005 may have been applied, a rollback is refused: ${waits}`,
    ],
    [
      'a person who confirms',
      { confirm: true },
      [unplanned],
      `roll-back-all, after a person confirmed it. What is pending in users is not known yet: once it may have been applied, a rollback may be refused: then ${waits}`,
    ],
  ] as const)('is told with %s', (_, onFailure, migrations, words) => {
    expect(text(onFailure, ...(migrations as unknown as (typeof contracting)[]))).toBe(words);
  });

  it.each([[none], [expanding], [contracting], [unplanned]])(
    'speaks of a rollback that is refused where the rule of rollbacks refuses one: %j',
    (migration) => {
      const row = aVerified({ verifiedAt: 1 });
      const change = { ...migration, service: 'shop', environment: 'production', releaseId: 'r', changedAt: 2 };
      const isRefused = barrierTo(row, [change]) !== undefined;
      expect(text({}, migration).includes('refused')).toBe(isRefused);
    },
  );
});
