import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { SignedSession } from '../../domain/contract/sessions.ts';
import { usePostgres } from '../support/postgres.ts';
import { openSeparated } from '../support/postgres-roles.ts';
import type { SeparatedRecords } from '../support/postgres-roles.ts';

const postgres = usePostgres();
let records: SeparatedRecords;
beforeAll(async () => void (records = await openSeparated(postgres)));
afterAll(() => records?.close());

async function begun(): Promise<string> {
  const hash = randomUUID().replaceAll('-', '').repeat(2);
  const session = { hash, issuer: 'i', clientId: 'c', proof: { id: 'subject', belongs: [] }, at: 1 };
  const signed: SignedSession = { session, keyId: 'key', signature: 'signature' };
  await records.gateway.sessions.begin(signed);
  return hash;
}

/** By how long it has been there, and unused. */
const age = (hash: string, [begun, used]: [string, string]) =>
  records.database.ask(
    'owner',
    `update slipway.sessions set begun_at = begun_at - $2::interval, used_at = used_at - $3::interval where hash = $1`,
    [hash, begun, used],
  );
const isGood = async (hash: string, isUse = true) =>
  (await records.gateway.sessions.find(hash, { isUse })) !== undefined;

describe('a session, by the clock of the records', () => {
  it('is over after an hour in which nobody has used it, and not before', async () => {
    const hash = await begun();
    await age(hash, ['59 minutes', '59 minutes']);
    expect(await isGood(hash)).toBe(true);
    await age(hash, ['59 minutes', '59 minutes']);
    expect(await isGood(hash)).toBe(true);
    await age(hash, ['61 minutes', '61 minutes']);
    expect(await isGood(hash)).toBe(false);
  });

  it('is no younger for being looked at without a use', async () => {
    const hash = await begun();
    await age(hash, ['40 minutes', '40 minutes']);
    expect(await isGood(hash, false)).toBe(true);
    await age(hash, ['40 minutes', '40 minutes']);
    expect(await isGood(hash)).toBe(false);
  });

  it('is over twelve hours after it has begun, however much it is used', async () => {
    const hash = await begun();
    await age(hash, ['11 hours 59 minutes', '0']);
    expect(await isGood(hash)).toBe(true);
    await age(hash, ['2 minutes', '0']);
    expect(await isGood(hash)).toBe(false);
  });

  it('is taken away by whoever begins another, once it is over for long', async () => {
    const [old, ended] = [await begun(), await begun()];
    await records.gateway.sessions.end(ended);
    await age(old, ['14 hours', '14 hours']);
    await begun();
    const rows = await records.database.ask('owner', 'select hash from slipway.sessions where hash = any($1)', [
      [old, ended],
    ]);
    expect(rows).toEqual([{ hash: ended }]);
  });

  it.each(['engine', 'environment', 'build'] as const)('is nothing for the login of an %s worker', async (kind) => {
    await expect(records[kind].sessions.find(await begun(), { isUse: true })).rejects.toThrow('SLIP-REC-11');
  });
});
